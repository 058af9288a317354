//! Runs: the members of a sub-district, or of some villages of it, compared with each other.
//!
//! The members are copied into memory, where alone their numbers are opened, and compared on threads of their own.
//! Everything that a run writes is one transaction at its end: one that is killed leaves nothing but its row, which
//! the watch marks as failed.

mod actions;
mod compute;
mod model;
mod queries;
mod routes;
mod watch;

pub(super) use routes::routes;
pub use watch::{follow_imports, watch};
