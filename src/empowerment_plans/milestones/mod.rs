//! Milestones of plans: reached by evidence in their order, waived by a second officer, and the list of what is due.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use actions::lay_out;
pub(super) use model::EmpowermentMilestone;
pub(super) use routes::routes;
