//! Routes of webhooks.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use super::model::{NewSecret, NewWebhook, Webhook, WebhookChanges, WebhookFilter, WebhookWithSecret};
use super::sending::Reach;
use super::{actions, deliveries, queries};
use crate::auth::{Allowed, ReadWebhooks, WriteWebhooks};
use crate::db::Db;
use crate::domain::WebhookId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, IfMatch, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List webhooks
///
/// Your own; those of other clients are not shown.
#[utoipa::path(
    tag = "webhooks", params(WebhookFilter), security(("oauth2" = ["webhooks:read"])),
    responses((status = 200, body = Page<Webhook>)),
)]
#[get("/v1/webhooks")]
async fn list_webhooks(
    caller: Allowed<ReadWebhooks>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<WebhookFilter, Webhook>,
) -> Result<Page<Webhook>> {
    let cursors = CursorKey::new(&keys.cursors, "list_webhooks", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.client_id, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.client_id)).await?;
    list.page((rows, total), &cursors, |webhook| webhook.id)
}

/// Add a webhook
///
/// Each event that your feed shows is sent to its address as a POST: the same `CloudEvents` object, signed by Standard
/// Webhooks 1.0. The secret is in this answer and in no other. An answer of 2xx takes the event; anything else, and
/// silence for 20 seconds, makes it come again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. 410, or a
/// failure of the last attempt, disables the webhook.
#[utoipa::path(
    tag = "webhooks", request_body = NewWebhook, security(("oauth2" = ["webhooks:write"])),
    responses((status = 201, body = WebhookWithSecret)),
)]
#[post("/v1/webhooks")]
async fn create_webhook(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    keys: Data<Keys>,
    reach: Data<Reach>,
    command: Once<NewWebhook>,
) -> Result<HttpResponse> {
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, new| {
            let made = actions::add(conn, &caller, (&keys.vault, &reach), new).await?;
            let version = made.webhook.version;
            Ok(Answer::created(format!("/v1/webhooks/{}", made.webhook.id), &made)?.with_version(version))
        })
        .await
}

/// Rotate the secret of a webhook
///
/// The new secret is in this answer and in no other. The one before signs as well for 24 hours, so that nothing is
/// missed while you take the new one over.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    request_body = NewSecret, security(("oauth2" = ["webhooks:write"])),
    responses((status = 201, body = WebhookWithSecret)),
)]
#[post("/v1/webhooks/{id}/secrets")]
async fn rotate_webhook_secret(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<WebhookId>,
    command: Once<NewSecret>,
) -> Result<HttpResponse> {
    command
        .run_sealed(&db, &caller, &keys.vault, async |conn, _| {
            let made = actions::rotate(conn, &caller, &keys.vault, id.0).await?;
            let version = made.webhook.version;
            Ok(Answer::created(format!("/v1/webhooks/{}", made.webhook.id), &made)?.with_version(version))
        })
        .await
}

/// Get a webhook
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    security(("oauth2" = ["webhooks:read"])),
    responses((status = 200, body = Webhook, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/webhooks/{id}")]
async fn get_webhook(
    caller: Allowed<ReadWebhooks>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<WebhookId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let webhook = queries::find(&conn, &caller.client_id, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, webhook.version, &webhook))
}

/// Change a webhook
///
/// Its address, what it is for, which events are sent, and whether any are.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    request_body = WebhookChanges, security(("oauth2" = ["webhooks:write"])),
    responses((status = 200, body = Webhook)),
)]
#[patch("/v1/webhooks/{id}")]
async fn update_webhook(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    reach: Data<Reach>,
    id: Id<WebhookId>,
    change: Change<WebhookChanges>,
) -> Result<HttpResponse> {
    let Change { changes, version } = change;
    let act = async |conn: &mut _| actions::update(conn, &caller, &reach, (id.0, version), &changes).await;
    let webhook = db.transaction(&caller.scope, act).await?;
    Ok(Answer::ok(&webhook)?.with_version(webhook.version).respond())
}

/// Remove a webhook
///
/// With what waits for it and the record of its deliveries.
#[utoipa::path(
    tag = "webhooks", params(("id" = WebhookId, Path, description = "Id of the webhook")),
    security(("oauth2" = ["webhooks:write"])), responses((status = 204)),
)]
#[delete("/v1/webhooks/{id}")]
async fn remove_webhook(
    caller: Allowed<WriteWebhooks>,
    db: Data<Db>,
    id: Id<WebhookId>,
    version: IfMatch,
) -> Result<HttpResponse> {
    db.transaction(&caller.scope, async |conn| actions::remove(conn, &caller, id.0, version.0).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Registers the routes; what ends a webhook comes last in the document.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_webhooks).service(create_webhook).service(rotate_webhook_secret);
    deliveries::routes(config);
    config.service(get_webhook).service(update_webhook).service(remove_webhook);
}
