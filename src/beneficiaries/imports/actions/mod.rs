//! What an import does: keep and seal a file as it arrives, check and merge it in the background, begin again what was
//! lost, and move from stage to stage.

mod faults_file;
mod file;
mod merge;
mod reading;
mod sealer;
mod stages;
mod staging;
mod upload;
mod watch;
mod work;

pub(super) use faults_file::{FaultyRows, write_faulty_rows};
pub use reading::Parts;
pub(super) use stages::{apply, cancel, new_import, review};
pub(super) use staging::Staged;
pub(super) use upload::{Upload, forget};
pub use watch::{remove_old, watch};
pub(super) use work::{Work, work_in_background};
