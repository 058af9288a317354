//! Mappings: how the columns, values and dates of another system's file are read, named and kept for the next file.
//!
//! An import keeps the layout that it was read with, so a mapping that changes moves no import.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::AttributeColumn;
pub use model::{DateForm, ImportMapping, Layout};
pub(super) use queries::find;
pub(super) use routes::routes;
