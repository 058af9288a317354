//! Past versions of families and persons: who replaced each, when and why, and what it changed.

mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use model::Why;
pub(super) use routes::routes;
