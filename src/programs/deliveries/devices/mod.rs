//! Devices that record deliveries where there is no signal, each with the Ed25519 key that signs what it brings.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::{Device, DeviceStatus};
pub(super) use queries::lock;
pub(super) use routes::routes;
