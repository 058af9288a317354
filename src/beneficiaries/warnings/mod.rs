//! Warnings: what looks odd on a live family or member and does not refuse it.
//!
//! They stand on the record they are about and go with it: correcting the record clears them, and loading an edition
//! of the regions clears those that only missed a district.

mod actions;
mod model;
mod queries;
mod routes;

pub use actions::{recheck, watch};
pub use model::{Warning, WarningCode, WarningCount};
pub(crate) use queries::of_areas;
pub(super) use routes::routes;
