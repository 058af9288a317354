//! Participants: members of verified families who have a seat, what they attended, and what an assessor found.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::AssessmentResult;
pub use queries::in_unfinished;
pub(super) use queries::{Standing, standings};
pub(super) use routes::routes;
