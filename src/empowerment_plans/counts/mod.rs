//! Plans and their milestones counted by program and village.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
