//! Who receives aid for a family: a member as its collector, an alternate with power of attorney.
//!
//! Dated rows that are never removed. A collector who leaves the family is none from that day on, and a power of
//! attorney ends with the membership of who gave it.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::check_collector;
pub(crate) use actions::end_with;
pub use model::Handover;
pub(super) use routes::routes;
