//! The webhooks of the sandbox: disabled ones, whose addresses no name server knows, so that nothing is ever sent.

use tokio_postgres::Transaction;

use crate::domain::WebhookId;
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::sandbox::known;
use crate::webhooks::Secrets;

/// Id, client and title of each.
const WEBHOOKS: [(WebhookId, &str, &str); 5] = [
    (known::register::WEBHOOK, "sandbox-kecamatan", "Office application"),
    (known::register::WEBHOOK_TO_CHANGE, "sandbox-kecamatan", "Office application, trial"),
    (known::register::WEBHOOK_TO_ROTATE, "sandbox-kecamatan", "Office application, archive"),
    (known::register::WEBHOOK_TO_REMOVE, "sandbox-kecamatan", "Office application, old"),
    (known::register::WEBHOOK_OF_COMPANY, "sandbox-company", "Company portal"),
];

/// Its secret is thrown away: what it signs goes nowhere.
const INSERT: &str = "\
    insert into webhooks (id, client_id, url, title, event_types, is_enabled, disabled_reason, secret_sealed, \
        private_key_sealed, public_key, created_at, updated_at) \
    values ($1::text::uuid, $2, 'https://portal.example.invalid/sinergi', $3, '{}', false, 'by_client', $4, $5, $6, now(), now())";

/// A test that found nobody.
const DELIVERY: &str = "\
    insert into webhook_deliveries (webhook_id, id, is_test, event_position, event_at, event_id, event_type, \
        subject_id, status, attempt_count, last_attempt_at, last_failure, created_at) \
    values ($1::text::uuid, $2::text::uuid, true, 0, now(), $3::text::uuid, 'webhook.tested', $1::text::uuid, 'failed', 1, now(), 'name_unknown', now())";

/// Makes the webhooks.
///
/// # Errors
/// Where the database refuses them.
pub(super) async fn add(transaction: &Transaction<'_>, vault: &Vault) -> Result<()> {
    for (id, client_id, title) in WEBHOOKS {
        let secrets = Secrets::new(vault, id)?;
        let Secrets { secret_sealed, private_key_sealed, public_key, .. } = secrets;
        transaction
            .execute(INSERT, &[&id.to_string(), &client_id, &title, &secret_sealed, &private_key_sealed, &public_key])
            .await
            .map_err(Error::internal)?;
    }
    let (delivery, event) = (known::register::WEBHOOK_DELIVERY.to_string(), known::register::WEBHOOK_TEST.to_string());
    transaction
        .execute(DELIVERY, &[&known::register::WEBHOOK.to_string(), &delivery, &event])
        .await
        .map_err(Error::internal)?;
    Ok(())
}
