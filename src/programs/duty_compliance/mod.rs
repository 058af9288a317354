//! Duty compliance: whether families did their duties, by the records that count. Derived, never stored.
//!
//! A duty that nothing is recorded of is not a duty that was not met: it costs nothing.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
