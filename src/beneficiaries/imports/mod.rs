//! Files of families and members, taken row by row.
//!
//! A file is parsed and sealed while it arrives and copied into a temporary table, so that neither memory nor disk
//! holds it in the clear; beside that it is kept as it was sent, sealed part by part. One transaction then decides on
//! every row and writes what is good, or only tells what it would write: a family is taken whole or not at all, what is
//! in already is left alone, and a killed import leaves nothing behind and is begun again from what was kept.

mod actions;
mod mappings;
mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use actions::{CsvUpload, StagedFile, StagingTable};
pub use actions::{remove_old, watch};
pub use mappings::{DateForm, ImportMapping, Layout};
pub use model::{
    FileFormat, Import, ImportDuplicate, ImportFault, ImportLeaver, ImportStatus, LookSkipped, PossibleDuplicates,
};
pub(super) use routes::routes;
