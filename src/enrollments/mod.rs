//! Which family is on which program, since when, by which decision.
//!
//! A family is on a program at most once at a time. A pause is ended by an explicit resumption only: enrolling anew
//! neither resumes a paused family nor brings back one that left, unless it is asked to.

mod actions;
mod decided;
mod model;
mod queries;
mod routes;
mod rules;

pub use decided::{Applied, Decided, Decision, DecisionFault, apply as apply_decisions};
pub use model::{Enrollment, EnrollmentStatus, ExitReason};
pub use routes::routes;
