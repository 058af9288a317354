//! Tests and replays: each is called inside a transaction and leaves an audit row in it.

use chrono::{DateTime, Utc};

use super::model::{NewWebhookReplay, WebhookDelivery, WebhookReplay};
use super::queries::{self, Window};
use crate::audit::{self, NO_AREA};
use crate::db::{self, Conn};
use crate::domain::{Caller, WebhookId};
use crate::error::{Code, Error, Result};
use crate::http::Whole;
use crate::webhooks::queries as webhooks;

/// Most events that one replay sends.
const MOST_EVENTS: i64 = 10_000;

/// Puts a test on its way, to a disabled webhook as well.
///
/// # Errors
/// `not_found`.
pub(super) async fn test(conn: &Conn, caller: &Caller, id: WebhookId) -> Result<WebhookDelivery> {
    webhooks::lock(conn, &caller.client_id, id).await?.ok_or(Code::NotFound)?;
    let delivery = queries::insert_test(conn, id, db::now()).await?;
    record(conn, caller, "test_webhook", id, &delivery).await?;
    Ok(delivery)
}

/// Puts events of the feed on their way again.
///
/// # Errors
/// `not_found`, `invalid_fields`.
pub(super) async fn replay(
    conn: &Conn,
    caller: &Caller,
    id: WebhookId,
    new: &NewWebhookReplay,
) -> Result<WebhookReplay> {
    webhooks::lock(conn, &caller.client_id, id).await?.ok_or(Code::NotFound)?;
    if new.after.is_none() && new.since.is_none() {
        return Err(Error::invalid_field("/after", Code::Required));
    }
    let window = Window {
        after: new.after.map_or(0, Whole::get),
        since: new.since.unwrap_or(DateTime::<Utc>::UNIX_EPOCH),
        most: MOST_EVENTS,
    };
    let replayed = queries::replay(conn, id, &window, db::now()).await?;
    let replay = WebhookReplay {
        event_count: replayed.event_count,
        last_position: replayed.last_position,
        has_more: replayed.event_count == MOST_EVENTS,
    };
    record(conn, caller, "replay_webhook", id, &replay).await?;
    Ok(replay)
}

async fn record<T: serde::Serialize>(
    conn: &Conn,
    caller: &Caller,
    operation: &str,
    id: WebhookId,
    made: &T,
) -> Result<()> {
    let area_id = caller.scope.area_ids.first().copied().unwrap_or(NO_AREA);
    let write = audit::Write::of(operation, "webhooks", id.0, area_id);
    let write = audit::Write { company_id: caller.scope.company_id, ..write };
    audit::record(conn, caller, write, None, Some(made)).await
}
