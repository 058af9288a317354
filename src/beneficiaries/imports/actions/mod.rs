//! What an import does: read and seal a file as it arrives, merge it in the background, look after lost ones.

mod merge;
mod reader;
mod sealer;
mod upload;
mod watch;

pub(super) use merge::{Job, merge_in_background, new_import};
pub(super) use upload::{Staged, Upload};
pub use watch::watch;
