//! Webhooks as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Name, Text, WebhookId, text_enum};
use crate::http::{ByCreation, given, present};
use crate::schema::webhooks;

text_enum! {
    /// Why nothing is sent to a webhook.
    DisabledReason {
        /// Its owner wanted so.
        ByClient "by_client",
        /// The receiver answered 410.
        Gone "gone",
        /// The last attempt at an event failed.
        Failing "failing",
    }
}

/// An address that events are sent to; its secrets are no part of it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = webhooks)]
pub(super) struct Webhook {
    /// Id of the webhook
    pub(super) id: WebhookId,
    /// Client it belongs to; not shown.
    #[serde(skip)]
    pub(super) client_id: String,
    /// Address that events are sent to
    #[schema(format = "uri", max_length = 500, example = "https://portal.example.invalid/sinergi")]
    pub(super) url: String,
    /// What it is for
    #[schema(max_length = 120)]
    pub(super) title: Option<String>,
    /// Types of the events that are sent; empty for all that your feed shows
    #[schema(max_items = 50, example = json!(["pledge.committed", "pledge.delivered"]))]
    pub(super) event_types: Vec<String>,
    /// Whether events are sent
    pub(super) is_enabled: bool,
    /// Why they are not; null while they are
    pub(super) disabled_reason: Option<DisabledReason>,
    /// First failure since the last success; null where all is well
    pub(super) failing_since: Option<DateTime<Utc>>,
    /// Key that verifies the signatures `v1a` (Ed25519)
    #[schema(
        max_length = 49,
        pattern = "^whpk_[A-Za-z0-9+/]{43}=$",
        example = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
    )]
    pub(super) public_key: String,
    /// Until when the secret before the present one signs as well; null where there is none
    pub(super) earlier_secret_until: Option<DateTime<Utc>>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was added
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// A webhook with its new secret, which is told once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookWithSecret {
    /// The webhook
    #[serde(flatten)]
    pub(super) webhook: Webhook,
    /// Secret that verifies the signatures `v1` (HMAC-SHA-256); keep it, it is not shown again
    #[schema(
        max_length = 50,
        pattern = "^whsec_[A-Za-z0-9+/]{43}=$",
        example = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    )]
    pub(super) secret: String,
}

/// A webhook to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "url": "https://portal.example.invalid/sinergi", "title": "Portal",
    "event_types": ["pledge.committed", "pledge.delivered"]
}))]
pub(super) struct NewWebhook {
    /// Address that events are sent to: https, port 443 or 8443, on the public internet
    #[schema(value_type = String, max_length = 500, pattern = "^https?://[^\\\\#\\u0000-\\u0020]+$")]
    pub(super) url: Text<500>,
    /// What it is for
    pub(super) title: Option<Name>,
    /// Types of the events to send; left out or empty for all that your feed shows
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(super) event_types: Vec<Text<80>>,
}

/// Changes of a webhook.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Portal, pledges only", "is_enabled": false }))]
pub(super) struct WebhookChanges {
    /// Address that events are sent to
    #[serde(default, deserialize_with = "given")]
    #[schema(
        value_type = String, nullable = false, required = false, max_length = 500,
        pattern = "^https?://[^\\\\#\\u0000-\\u0020]+$"
    )]
    pub(super) url: Option<Text<500>>,
    /// What it is for; `null` clears it
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Name>)]
    #[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
    pub(super) title: Option<Option<Name>>,
    /// Types of the events to send, instead of those so far
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 50)]
    pub(super) event_types: Option<Vec<Text<80>>>,
    /// Whether events are sent. Deliveries that wait go on when it is enabled; what happened meanwhile is replayed
    /// on demand
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) is_enabled: Option<bool>,
}

/// A new secret to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewSecret {}

/// Which webhooks.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WebhookFilter {
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
