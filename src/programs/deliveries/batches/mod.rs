//! Batches: what a device recorded without signal and brings at once, signed by it. Append-only.
//!
//! They are taken in any order and as often as they come: a batch and a delivery are known by the ids that the device
//! gave them. Each delivery is accepted under the guards of a single one, or kept as a conflict, or refused because its
//! id stands for something else.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::BatchDelivery;
pub(super) use routes::routes;
