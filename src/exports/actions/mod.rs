//! What becomes of an export: it is asked for, its file is written on its way out, it is given up.

mod record;
mod write;

pub(super) use record::{Granted, begin, cancel, start};
pub(super) use write::{Part, Writing};
