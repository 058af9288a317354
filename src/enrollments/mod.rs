//! Which family is on which program, since when, by which decision.
//!
//! A family is on a program at most once at a time, and only where overlap rules and quotas have a place for it. A pause is
//! ended by an explicit resumption only: enrolling anew neither resumes a paused family nor brings back one that left,
//! unless it is asked to.

mod actions;
mod decided;
mod model;
mod overlaps;
mod places;
mod queries;
mod replacements;
mod reserves;
mod routes;
mod rules;
mod runs;

pub use actions::leave_all;
pub use decided::{Applied, Decided, Decision, DecisionFault, apply as apply_decisions};
pub use model::{Enrollment, EnrollmentStatus, ExitReason};
pub use places::{Claim, Obstacle, Places, give as give_places, obstacles, refusal};
pub use routes::routes;
