//! Files of welfare ranks, taken row by row.
//!
//! A file is parsed while it arrives and copied into a temporary table; one transaction then decides on all rows. A
//! rank that is there already changes nothing, one that differs is a fault, and a killed import leaves nothing behind.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::watch;
pub use model::{RankImport, RankImportFault, RankImportStatus};
pub(super) use routes::routes;
