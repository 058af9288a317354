//! Installments: the parts of a line that are due by a day, and which of them are late at a given time.
//!
//! What was received, called off or given up covers the earliest first. Nothing of it is stored, so it is never stale.
//! A past day is told by the plan that held then: what is changed of a line is kept as it was.

mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::LineSchedule;
pub(super) use queries::{as_promised, outstanding_on};
pub(super) use routes::routes;
pub(super) use rules::{faults, is_late, schedule, taken_off};
