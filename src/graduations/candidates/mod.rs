//! Which families on aid are ready to stand on their own, and what one of them still lacks.

mod model;
mod queries;
mod routes;

pub(super) use queries::is_ready;
pub(super) use routes::routes;
