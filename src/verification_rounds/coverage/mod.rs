//! How fresh what is known of the families of a village is.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
