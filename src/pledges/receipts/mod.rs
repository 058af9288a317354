//! Receipts: what a company gave of what it promised, with the number of the handover minutes.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
