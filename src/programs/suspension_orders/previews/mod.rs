//! Previews of orders: what one would hold, without laying it.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
