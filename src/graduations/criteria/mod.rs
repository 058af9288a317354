//! When a family needs no aid any more.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::Criteria;
pub(super) use queries::in_force;
pub(super) use routes::routes;
