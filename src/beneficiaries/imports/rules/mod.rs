//! What a row of an import says, and what is wrong with it; what an import can become next. Pure.

mod attributes;
mod cells;
mod columns;
mod layout;
mod row;
mod stages;
mod villages;

pub(super) use attributes::unknown_attributes;
pub(super) use columns::{ADDED, COLUMNS_MOST, Column, Header};
pub(super) use layout::Reading;
pub(super) use row::{CellFault, FileRow, Surroundings};
pub(super) use stages::{Step, allow};
pub(super) use villages::Villages;
