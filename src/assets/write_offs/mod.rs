//! Write-offs: that a piece of equipment is lost or retired, which one officer proposes and another one agrees to.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
