//! Files of families and members, taken row by row.
//!
//! A file is parsed and sealed while it arrives and copied into a temporary table, so that neither memory nor disk
//! holds it in the clear. One transaction then decides on every row and writes what is good: a family is taken whole
//! or not at all, what is in already is left alone, and a killed import leaves nothing behind.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::watch;
pub use model::{Import, ImportFault, ImportStatus};
pub(super) use routes::routes;
