//! Losses: what was lost on the way to the families, before it was handed over. Append-only.
//!
//! A loss moves nothing of what is due: the families get it all the same, from who answers for the loss.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
