//! What was sent to a webhook, what waits for it, tests on demand and replays.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::{Failure, WebhookDeliveryStatus};
pub(super) use queries::resume;
pub(super) use routes::routes;
