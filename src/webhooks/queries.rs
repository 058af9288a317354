//! One statement a function; a client sees its own webhooks and no others.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::model::{Webhook, WebhookFilter};
use super::secrets::Secrets;
use crate::db::{Conn, walk};
use crate::domain::WebhookId;
use crate::error::{Code, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::webhooks;

/// Counts the webhooks of a client; another count of the same client waits for this transaction to end.
pub(super) async fn count_alone(mut conn: &Conn, client_id: &str) -> Result<i64> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1, 0))")
        .bind::<Text, _>(client_id)
        .execute(&mut conn)
        .await?;
    count(conn, client_id).await
}

/// Adds a webhook.
pub(super) async fn insert(mut conn: &Conn, webhook: &Webhook, secrets: &Secrets) -> Result<()> {
    diesel::insert_into(webhooks::table)
        .values((
            webhooks::id.eq(webhook.id),
            webhooks::client_id.eq(&webhook.client_id),
            webhooks::url.eq(&webhook.url),
            webhooks::title.eq(&webhook.title),
            webhooks::event_types.eq(&webhook.event_types),
            webhooks::is_enabled.eq(webhook.is_enabled),
            webhooks::secret_sealed.eq(&secrets.secret_sealed),
            webhooks::private_key_sealed.eq(&secrets.private_key_sealed),
            webhooks::public_key.eq(&webhook.public_key),
            webhooks::created_at.eq(webhook.created_at),
            webhooks::updated_at.eq(webhook.updated_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Finds a webhook of a client.
pub(super) async fn find(mut conn: &Conn, client_id: &str, id: WebhookId) -> Result<Option<Webhook>> {
    let query = Webhook::query().filter(webhooks::client_id.eq(client_id)).filter(webhooks::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a webhook of a client and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, client_id: &str, id: WebhookId) -> Result<Option<Webhook>> {
    let query = Webhook::query().filter(webhooks::client_id.eq(client_id)).filter(webhooks::id.eq(id));
    Ok(query.for_no_key_update().first(&mut conn).await.optional()?)
}

/// Counts the webhooks of a client.
pub(super) async fn count(mut conn: &Conn, client_id: &str) -> Result<i64> {
    let own = webhooks::table.filter(webhooks::client_id.eq(client_id));
    Ok(own.count().get_result(&mut conn).await?)
}

/// Lists webhooks of a client by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    client_id: &str,
    filter: &WebhookFilter,
    (limit, after): (Limit, Option<WebhookId>),
) -> Result<Vec<Webhook>> {
    let own = webhooks::table.filter(webhooks::client_id.eq(client_id)).into_boxed();
    let query = own.select(Webhook::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, webhooks::{id}).load(&mut conn).await?)
}

/// Writes a webhook over the version that was read.
pub(super) async fn update(mut conn: &Conn, before: &Webhook, after: &Webhook) -> Result<Webhook> {
    let row = webhooks::table.filter(webhooks::id.eq(before.id)).filter(webhooks::version.eq(before.version));
    let changed = diesel::update(row)
        .set((
            webhooks::url.eq(&after.url),
            webhooks::title.eq(&after.title),
            webhooks::event_types.eq(&after.event_types),
            webhooks::is_enabled.eq(after.is_enabled),
            webhooks::disabled_reason.eq(after.disabled_reason),
            webhooks::failing_since.eq(after.failing_since),
            webhooks::version.eq(before.version + 1),
            webhooks::updated_at.eq(after.updated_at),
        ))
        .returning(Webhook::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    changed.ok_or_else(|| Code::VersionStale.into())
}

/// Puts a new secret before the present one, which goes on signing until then.
pub(super) async fn rotate(
    mut conn: &Conn,
    before: &Webhook,
    sealed: &[u8],
    (until, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Webhook> {
    let row = webhooks::table.filter(webhooks::id.eq(before.id));
    let changes = (
        webhooks::earlier_secret_sealed.eq(webhooks::secret_sealed.nullable()),
        webhooks::earlier_secret_until.eq(Some(until)),
        webhooks::secret_sealed.eq(sealed),
        webhooks::version.eq(before.version + 1),
        webhooks::updated_at.eq(now),
    );
    Ok(diesel::update(row).set(changes).returning(Webhook::as_returning()).get_result(&mut conn).await?)
}

/// Removes a webhook with its deliveries.
pub(super) async fn remove(mut conn: &Conn, webhook: &Webhook) -> Result<()> {
    diesel::delete(webhooks::table.filter(webhooks::id.eq(webhook.id))).execute(&mut conn).await?;
    Ok(())
}

/// Locks a webhook of whichever client, for the service's own work.
pub(super) async fn lock_any(mut conn: &Conn, id: WebhookId) -> Result<Option<Webhook>> {
    let query = Webhook::query().filter(webhooks::id.eq(id)).for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}
