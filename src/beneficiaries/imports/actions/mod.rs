//! What an import does: keep and seal a file as it arrives, check and merge it in the background, begin again what was
//! lost, and move from stage to stage.

mod attributes;
mod csv_upload;
mod duplicates;
mod faults_file;
mod file;
mod merge;
mod reading;
mod sealer;
mod stages;
mod staging;
mod upload;
mod warnings;
mod watch;
mod work;

pub(crate) use csv_upload::{CsvUpload, StagedFile, StagingTable};
pub(super) use faults_file::{FaultyRows, write_faulty_rows};
pub(super) use stages::{apply, cancel, new_import, review};
pub(super) use staging::Staged;
pub(super) use upload::{Upload, forget};
pub use watch::{remove_old, watch};
pub(super) use work::{Work, work_in_background};
