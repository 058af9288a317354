//! The families on a round's frozen list, and how far the round is.

mod model;
mod queries;
mod routes;

pub(super) use queries::note_visit;
pub(super) use routes::routes;
