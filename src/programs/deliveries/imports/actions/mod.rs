//! What an import of results does: stage a file as it arrives, merge it in the background, look after lost ones.

mod merge;
mod upload;

pub use merge::watch;
pub(super) use merge::{Job, merge_in_background, new_import};
pub(super) use upload::{Staged, Upload, receive};
