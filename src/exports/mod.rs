//! Lists taken out as files: CSV, XLSX or NDJSON, of what a filter leaves, as of an instant where the list knows it.
//!
//! An export is the record of what was asked for, and by whom. Its file is never kept: each time it is fetched it is
//! written on its way out, from one moment of the database, by the process that was asked. So no copy of personal
//! data lies anywhere, and nobody but the client that asked gets one. A new list is a row in `rules::lists`.

mod actions;
mod files;
mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use files::starts_formula;
pub use model::{Export, ExportFilter, ExportFormat, ExportStatus, ExportedList, NewExport, Numbers};
pub use queries::remove_old;
pub use routes::routes;
