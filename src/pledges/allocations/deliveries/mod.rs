//! Handovers of pledged aid, as officers and auditors read them: who took what, by which minutes and which proof.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
