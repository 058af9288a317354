//! Deliveries as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{EventId, WebhookDeliveryId, text_enum};
use crate::http::{ById, Whole};
use crate::schema::webhook_deliveries;

text_enum! {
    /// State of a delivery.
    WebhookDeliveryStatus {
        /// It is to be sent, or sent again.
        Pending "pending",
        /// The receiver took it.
        Delivered "delivered",
        /// It is not sent again.
        Failed "failed",
    }
}

text_enum! {
    /// Why an attempt failed.
    Failure {
        /// The name stands for no address that is reached from here.
        AddressRefused "address_refused",
        /// The name stands for no address at all.
        NameUnknown "name_unknown",
        /// No connection was made.
        Unreachable "unreachable",
        /// The receiver did not prove who it is.
        TlsFailed "tls_failed",
        /// No answer came in time.
        TimedOut "timed_out",
        /// What came was no answer of HTTP, or too long a head of one.
        NotHttp "not_http",
        /// The receiver pointed elsewhere, which is not followed.
        Redirected "redirected",
        /// The receiver answered that it did not take it.
        Refused "refused",
        /// The event is no longer kept.
        EventGone "event_gone",
    }
}

/// An event on its way to a webhook, or one that arrived.
#[derive(Debug, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = webhook_deliveries)]
pub(super) struct WebhookDelivery {
    /// Id of the delivery
    pub(super) id: WebhookDeliveryId,
    /// Whether it is a test
    pub(super) is_test: bool,
    /// Id of the event: the header `webhook-id`
    pub(super) event_id: EventId,
    /// Type of the event
    #[schema(example = "pledge.committed", max_length = 80, pattern = "^[a-z_]+[.][a-z_]+$")]
    pub(super) event_type: String,
    /// Place of the event in the feed; 0 for a test
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) event_position: i64,
    /// State
    pub(super) status: WebhookDeliveryStatus,
    /// Attempts made or under way, of ten
    #[schema(minimum = 0, maximum = 100)]
    pub(super) attempt_count: i16,
    /// When the last attempt ended
    pub(super) last_attempt_at: Option<DateTime<Utc>>,
    /// HTTP status of the last answer; null where there was none
    #[schema(minimum = 100, maximum = 999)]
    pub(super) last_status: Option<i16>,
    /// Why the last attempt failed; null where it did not
    pub(super) last_failure: Option<Failure>,
    /// When it is sent next; null where it is not sent again
    pub(super) next_attempt_at: Option<DateTime<Utc>>,
    /// When it was put on its way
    pub(super) created_at: DateTime<Utc>,
}

/// A test to send.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewTestDelivery {}

/// Which events to send again: those after a position or since an instant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "after": 0 }))]
pub(super) struct NewWebhookReplay {
    /// Position after which events are sent again, as in the feed; 0 for all
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) after: Option<Whole<0, 9_007_199_254_740_991>>,
    /// Instant since when, instead or as well
    pub(super) since: Option<DateTime<Utc>>,
}

/// What a replay puts on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookReplay {
    /// Events that are sent again
    #[schema(minimum = 0, maximum = 10_000)]
    pub(super) event_count: i64,
    /// Position of the last of them, or the one asked from; send it as `after` to go on where there are more
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) last_position: i64,
    /// Whether there are more than one replay sends
    pub(super) has_more: bool,
}

/// Which deliveries.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WebhookDeliveryFilter {
    /// Deliveries in this state
    #[param(inline)]
    pub(super) status: Option<WebhookDeliveryStatus>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
