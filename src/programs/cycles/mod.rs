//! Cycles: one period of a program in a sub-district.
//!
//! One person opens a cycle, another approves it. The approval freezes its list: an entitlement for each active
//! enrollment, with a snapshot of what it was decided on. What changes of a family later does not move it.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{Cycle, CycleStatus};
pub(super) use routes::routes;
