//! Certificates: issued at once to all who attended well enough, told why to the others, revoked by a second officer.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
