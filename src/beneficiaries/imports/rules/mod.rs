//! What a row of an import says, and what is wrong with it. Pure.

mod columns;
mod row;

pub(super) use columns::{Column, Header};
pub(super) use row::{FileRow, Surroundings};
