//! Conflicts: what a device says was handed over and cannot be a delivery, kept until somebody settles it.
//!
//! It is dismissed with a reason, or applied once it has become possible, under the guards of a single delivery: never
//! beyond what is due.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::NewConflict;
pub(super) use queries::insert;
pub(super) use routes::routes;
