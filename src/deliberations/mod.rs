//! Village meetings (musdes) that decide the list of a program: minutes, decisions, decree, and the report upwards.
//!
//! The decisions are applied to the enrollments in one transaction, all of them or none. A meeting never resumes a
//! paused family: one that is kept stays paused.

mod actions;
mod decisions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{Deliberation, DeliberationStatus, ReportStatus};
pub use routes::routes;
