//! Sessions, and who came to them: one mark for each participant, corrected by a newer one.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
