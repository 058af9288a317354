//! Follow-ups: how a family does 3, 6, 12 and 24 months after it got tools or a training.
//!
//! Which are due follows from handovers and from what was recorded; it is never stored. Records are append-only: a
//! correction is a new version that names the one it takes the place of, and the newest counts. Companies are told what
//! came of their pledges, counted; of no family, and of no village.

mod actions;
mod model;
mod outcomes;
mod queries;
mod routes;
mod rules;

pub use routes::routes;
