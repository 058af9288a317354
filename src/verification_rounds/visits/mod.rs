//! Home visits: one fact each, as the visitor's device tells it, however late.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{Visit, VisitFinding};
pub(super) use routes::routes;
