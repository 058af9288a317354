//! Changes of webhooks: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{DisabledReason, NewWebhook, Webhook, WebhookChanges, WebhookWithSecret};
use super::secrets::{self, Secrets};
use super::sending::Reach;
use super::{deliveries, queries, rules};
use crate::audit::{self, NO_AREA};
use crate::db::{self, Conn};
use crate::domain::{Caller, WebhookId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Vault;

/// Adds a webhook of the caller.
///
/// # Errors
/// `invalid_fields`, `webhooks_too_many`.
pub(super) async fn add(
    conn: &Conn,
    caller: &Caller,
    (vault, reach): (&Vault, &Reach),
    new: &NewWebhook,
) -> Result<WebhookWithSecret> {
    let faults = rules::faults_of(Some(&new.url), Some(&new.event_types), reach);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if queries::count_alone(conn, &caller.client_id).await? >= rules::MOST_WEBHOOKS {
        return Err(Code::WebhooksTooMany.into());
    }
    let (id, now) = (WebhookId::new(), db::now());
    let secrets = Secrets::new(vault, id)?;
    let webhook = Webhook {
        id,
        client_id: caller.client_id.clone(),
        url: new.url.to_string(),
        title: new.title.as_ref().map(ToString::to_string),
        event_types: new.event_types.iter().map(ToString::to_string).collect(),
        is_enabled: true,
        disabled_reason: None,
        failing_since: None,
        public_key: secrets.public_key.clone(),
        earlier_secret_until: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &webhook, &secrets).await?;
    tell(conn, caller, ("create_webhook", "webhook.added"), (None, Some(&webhook))).await?;
    Ok(WebhookWithSecret { webhook, secret: secrets.secret })
}

/// Changes a webhook of the caller; one that becomes enabled goes on with the deliveries that wait.
///
/// # Errors
/// `not_found`, `version_stale`, `invalid_fields`.
pub(super) async fn update(
    conn: &Conn,
    caller: &Caller,
    reach: &Reach,
    (id, version): (WebhookId, i32),
    changes: &WebhookChanges,
) -> Result<Webhook> {
    let before = queries::lock(conn, &caller.client_id, id).await?.ok_or(Code::NotFound)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    let faults = rules::faults_of(changes.url.as_ref(), changes.event_types.as_deref(), reach);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let now = db::now();
    let after = Webhook { updated_at: now, ..changed(&before, changes) };
    let after = queries::update(conn, &before, &after).await?;
    if after.is_enabled && !before.is_enabled {
        deliveries::resume(conn, id, now).await?;
    }
    tell(conn, caller, ("update_webhook", "webhook.changed"), (Some(&before), Some(&after))).await?;
    Ok(after)
}

/// The webhook with the changes in it.
fn changed(before: &Webhook, changes: &WebhookChanges) -> Webhook {
    let mut after = before.clone();
    if let Some(url) = &changes.url {
        after.url = url.to_string();
    }
    if let Some(title) = &changes.title {
        after.title = title.as_ref().map(ToString::to_string);
    }
    if let Some(event_types) = &changes.event_types {
        after.event_types = event_types.iter().map(ToString::to_string).collect();
    }
    match changes.is_enabled {
        Some(true) if !before.is_enabled => {
            (after.is_enabled, after.disabled_reason, after.failing_since) = (true, None, None);
        }
        Some(false) if before.is_enabled => {
            (after.is_enabled, after.disabled_reason) = (false, Some(DisabledReason::ByClient));
        }
        _ => {}
    }
    after
}

/// Gives a webhook of the caller a new secret; the one before signs as well for a day.
///
/// # Errors
/// `not_found`.
pub(super) async fn rotate(conn: &Conn, caller: &Caller, vault: &Vault, id: WebhookId) -> Result<WebhookWithSecret> {
    let before = queries::lock(conn, &caller.client_id, id).await?.ok_or(Code::NotFound)?;
    let (secret, sealed) = secrets::new_secret(vault, id)?;
    let now = db::now();
    let after = queries::rotate(conn, &before, &sealed, (now + rules::SECRETS_OVERLAP, now)).await?;
    let told = ("rotate_webhook_secret", "webhook.secret_rotated");
    tell(conn, caller, told, (Some(&before), Some(&after))).await?;
    Ok(WebhookWithSecret { webhook: after, secret })
}

/// Removes a webhook of the caller, with what waits for it.
///
/// # Errors
/// `not_found`, `version_stale`.
pub(super) async fn remove(conn: &Conn, caller: &Caller, id: WebhookId, version: i32) -> Result<()> {
    let before = queries::lock(conn, &caller.client_id, id).await?.ok_or(Code::NotFound)?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    queries::remove(conn, &before).await?;
    tell(conn, caller, ("remove_webhook", "webhook.removed"), (Some(&before), None)).await
}

/// Disables a webhook whose receiver took nothing, in the name of the service; the owner's feed tells it.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn disable(conn: &Conn, service: &Caller, id: WebhookId, reason: DisabledReason) -> Result<()> {
    let Some(before) = queries::lock_any(conn, id).await?.filter(|webhook| webhook.is_enabled) else { return Ok(()) };
    let after = Webhook { is_enabled: false, disabled_reason: Some(reason), updated_at: db::now(), ..before.clone() };
    let after = queries::update(conn, &before, &after).await?;
    log::info!(webhook:% = id, reason = reason.as_str(); "a webhook was disabled");
    tell(conn, service, ("disable_webhook", "webhook.disabled"), (Some(&before), Some(&after))).await
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    (before, after): (Option<&Webhook>, Option<&Webhook>),
) -> Result<()> {
    let Some(webhook) = after.or(before) else { return Ok(()) };
    let area_id = caller.scope.area_ids.first().copied().unwrap_or(NO_AREA);
    let company_id = caller.scope.company_id;
    let write = audit::Write { company_id, ..audit::Write::of(operation, "webhooks", webhook.id.0, area_id) };
    audit::record(conn, caller, write, before, after).await?;
    let event = NewEvent {
        kind,
        subject: "webhooks",
        subject_id: webhook.id.0,
        area_id,
        company_id,
        data: json!({ "is_enabled": webhook.is_enabled, "disabled_reason": webhook.disabled_reason }),
    };
    events::emit(conn, event).await
}
