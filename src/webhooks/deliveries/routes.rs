//! Routes of deliveries to webhooks.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};

use super::model::{NewTestDelivery, NewWebhookReplay, WebhookDelivery, WebhookDeliveryFilter, WebhookReplay};
use super::{actions, queries};
use crate::auth::{Allowed, ReadWebhooks, WriteWebhooks};
use crate::db::Db;
use crate::domain::WebhookId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes};
use crate::keys::Keys;
use crate::webhooks::queries as webhooks;

/// List deliveries to a webhook
///
/// What was sent and what waits, the newest first, with the last attempt at each and the next. Kept for 30 days.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook"), WebhookDeliveryFilter),
    security(("oauth2" = ["webhooks:read"])), responses((status = 200, body = Page<WebhookDelivery>)),
)]
#[get("/v1/webhooks/{id}/deliveries")]
async fn list_webhook_deliveries(
    caller: Allowed<ReadWebhooks>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<WebhookId>,
    list: List<WebhookDeliveryFilter, WebhookDelivery>,
) -> Result<Page<WebhookDelivery>> {
    let bound_to = (id.0, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_webhook_deliveries", &caller.client_id, &bound_to)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    webhooks::find(&conn, &caller.client_id, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Test a webhook
///
/// Sends one event of type `webhook.tested`, once, whether or not the webhook is enabled. How it went stands in the
/// list of deliveries.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    request_body = NewTestDelivery, security(("oauth2" = ["webhooks:write"])),
    responses((status = 202, body = WebhookDelivery)),
)]
#[post("/v1/webhooks/{id}/test-deliveries")]
async fn test_webhook(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    id: Id<WebhookId>,
    command: Once<NewTestDelivery>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            let delivery = actions::test(conn, &caller, id.0).await?;
            Answer::accepted(format!("/v1/webhooks/{}/deliveries", id.0), &delivery)
        })
        .await
}

/// Replay events to a webhook
///
/// Sends events of your feed again, at most 10,000 at a time, the oldest first; each keeps its id. A disabled webhook
/// gets them when it is enabled.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    request_body = NewWebhookReplay, security(("oauth2" = ["webhooks:write"])),
    responses((status = 202, body = WebhookReplay)),
)]
#[post("/v1/webhooks/{id}/replays")]
async fn replay_webhook(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    id: Id<WebhookId>,
    command: Once<NewWebhookReplay>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let replay = actions::replay(conn, &caller, id.0, new).await?;
            Answer::accepted(format!("/v1/webhooks/{}/deliveries", id.0), &replay)
        })
        .await
}

/// Registers the routes.
pub(in crate::webhooks) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_webhook_deliveries).service(test_webhook).service(replay_webhook);
}
