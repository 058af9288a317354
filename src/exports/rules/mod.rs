//! What can be taken out, and how a value of the database becomes a cell. Pure.

mod cells;
mod choice;
mod lists;
mod stand;

pub(super) use cells::{Cell, Shown, read};
pub(super) use choice::{Statement, choose};
pub(super) use lists::{Column, list};
pub(super) use stand::{KEPT, SILENCE, may_cancel, may_write};
