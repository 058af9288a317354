//! What was done about complaints: who, when and why; never changed.

mod model;
mod queries;
mod routes;

pub(super) use model::{ComplaintStep, Told};
pub(super) use queries::{insert, outcome};
pub(super) use routes::routes;
