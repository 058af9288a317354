//! Checks: how a piece of equipment is, said by whoever comes by, and which pieces nobody looked at in time.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
