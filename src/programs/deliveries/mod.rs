//! Deliveries: what was handed over of an entitlement, to whom, with which proof. Append-only.
//!
//! Never more than is due: the entitlement's row is locked, then what was delivered is added up. Nothing while a
//! suspension order is in force.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{Delivery, NewDelivery};
pub(super) use routes::routes;
