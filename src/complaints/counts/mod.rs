//! Complaints counted by village and category: how many came, were answered in time, are late.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
