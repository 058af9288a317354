//! Duty records: what a member did of a duty in a month, as a facilitator counted it.
//!
//! Append-only: a correction is a new version that names the one it takes the place of, and the newest counts. Whether
//! a duty was met is no record; it follows from these, see `duty_compliance`.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
