//! Files of results of a bank, the post or Bulog: what was handed over of a cycle, and what was not, row by row.
//!
//! A file is parsed while it arrives and copied into a temporary table, numbers as digests only. One transaction then
//! decides on all rows under the guards of a single delivery. What is there already changes nothing, so the same file
//! twice is harmless, and a killed import leaves nothing behind.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::watch;
pub(super) use routes::routes;
