//! What other rules would do, before anybody decides on them: whom they reach, what they cost, who gains and who loses.
//!
//! Nothing is written. All numbers come from one transaction that sees one state of the records.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
