//! What a meeting decided of each family, and the report of it.

mod model;
mod queries;
mod routes;

pub(super) use model::{DecisionKind, NewDecision};
pub(super) use queries::{NewRow, all, insert, known_families};
pub(super) use routes::routes;
