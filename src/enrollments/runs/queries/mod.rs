//! One statement a function, each over all families of a run.

mod gather;
mod write;

pub(super) use gather::{Selection, allot, gather, hold, hold_proposed, judge, keep_off, refused_by, verdicts};
pub(super) use write::{Hand, activate, confirm_proposed, enrol, propose, put_on_reserve, take_from_reserve};
