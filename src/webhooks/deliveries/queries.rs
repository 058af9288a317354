//! One statement a function.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{WebhookDelivery, WebhookDeliveryFilter, WebhookDeliveryStatus};
use crate::db::{Conn, walk};
use crate::domain::{EventId, WebhookDeliveryId, WebhookId};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::webhook_deliveries as deliveries;

/// Deliveries to a webhook that a filter leaves.
fn filtered(webhook_id: WebhookId, filter: &WebhookDeliveryFilter) -> deliveries::BoxedQuery<'static, Pg> {
    let query = deliveries::table.filter(deliveries::webhook_id.eq(webhook_id)).into_boxed();
    match filter.status {
        Some(status) => query.filter(deliveries::status.eq(status)),
        None => query,
    }
}

/// Counts deliveries to a webhook.
pub(super) async fn count(mut conn: &Conn, webhook_id: WebhookId, filter: &WebhookDeliveryFilter) -> Result<i64> {
    Ok(filtered(webhook_id, filter).count().get_result(&mut conn).await?)
}

/// Lists deliveries to a webhook by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    webhook_id: WebhookId,
    filter: &WebhookDeliveryFilter,
    (limit, after): (Limit, Option<WebhookDeliveryId>),
) -> Result<Vec<WebhookDelivery>> {
    let query = filtered(webhook_id, filter).select(WebhookDelivery::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, deliveries::{id}).load(&mut conn).await?)
}

/// Puts a test on its way.
pub(super) async fn insert_test(mut conn: &Conn, webhook_id: WebhookId, now: DateTime<Utc>) -> Result<WebhookDelivery> {
    let row = (
        deliveries::webhook_id.eq(webhook_id),
        deliveries::id.eq(WebhookDeliveryId::new()),
        deliveries::is_test.eq(true),
        deliveries::event_position.eq(0_i64),
        deliveries::event_at.eq(now),
        deliveries::event_id.eq(EventId::new()),
        deliveries::event_type.eq("webhook.tested"),
        deliveries::subject_id.eq(webhook_id.0),
        deliveries::status.eq(WebhookDeliveryStatus::Pending),
        deliveries::next_attempt_at.eq(Some(now)),
        deliveries::created_at.eq(now),
    );
    let insert = diesel::insert_into(deliveries::table).values(row);
    Ok(insert.returning(WebhookDelivery::as_returning()).get_result(&mut conn).await?)
}

/// Which part of the feed is sent again.
pub(super) struct Window {
    /// Position after which.
    pub(super) after: i64,
    /// Instant since when.
    pub(super) since: DateTime<Utc>,
    /// Events at most.
    pub(super) most: i64,
}

/// What was put on its way.
#[derive(Debug, QueryableByName)]
pub(super) struct Replayed {
    /// Events.
    #[diesel(sql_type = BigInt)]
    pub(super) event_count: i64,
    /// Position of the last.
    #[diesel(sql_type = BigInt)]
    pub(super) last_position: i64,
}

/// Puts events of the feed on their way again, the oldest first: those that the webhook's client may see and that
/// the webhook asks for, up to where new events are handed out already.
pub(super) async fn replay(
    mut conn: &Conn,
    webhook_id: WebhookId,
    window: &Window,
    now: DateTime<Utc>,
) -> Result<Replayed> {
    // Ids grow with the position: the last four bytes of a fresh one give way to a count.
    let replayed = diesel::sql_query(
        "with chosen as (
             select e.position, e.at, e.id, e.kind, e.subject_id, w.id as webhook_id
             from webhooks w join clients c on c.id = w.client_id join events e on
                 case when c.company_id is null
                     then e.area_id = any (c.area_ids) or e.area_id = 0 and e.company_id is null
                     else e.company_id = c.company_id end
             where w.id = $1 and e.position > $2 and e.at >= $3
                 and e.position <= (select position from webhook_progress)
                 and (cardinality(w.event_types) = 0 or e.kind = any (w.event_types))
             order by e.position limit $4
         ), queued as (
             insert into webhook_deliveries (
                 webhook_id, id, is_test, event_position, event_at, event_id, event_type, subject_id, status,
                 next_attempt_at, created_at
             )
             select webhook_id,
                 encode(overlay(uuid_send($5) placing int4send(row_number() over (order by position)::int) from 13),
                     'hex')::uuid,
                 false, position, at, id, kind, subject_id, 'pending', $6, $6
             from chosen
         )
         select count(*) as event_count, coalesce(max(position), $2) as last_position from chosen",
    )
    .bind::<SqlUuid, _>(webhook_id)
    .bind::<BigInt, _>(window.after)
    .bind::<Timestamptz, _>(window.since)
    .bind::<BigInt, _>(window.most)
    .bind::<SqlUuid, _>(WebhookDeliveryId::new())
    .bind::<Timestamptz, _>(now);
    Ok(replayed.get_result(&mut conn).await?)
}

/// Makes all that waits for a webhook due now, as if for the first time.
pub(in crate::webhooks) async fn resume(mut conn: &Conn, webhook_id: WebhookId, now: DateTime<Utc>) -> Result<()> {
    let waiting = deliveries::table
        .filter(deliveries::webhook_id.eq(webhook_id))
        .filter(deliveries::status.eq(WebhookDeliveryStatus::Pending));
    diesel::update(waiting)
        .set((deliveries::next_attempt_at.eq(Some(now)), deliveries::attempt_count.eq(0_i16)))
        .execute(&mut conn)
        .await?;
    Ok(())
}
