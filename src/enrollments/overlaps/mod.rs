//! Who would be in the way: families that may have a program, or have it, and have another one that keeps them off it.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
