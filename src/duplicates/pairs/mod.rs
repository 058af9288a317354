//! The queue: pairs of members who may be one person, and what people decide on them.
//!
//! A pair is open until somebody decides: same, different, or undecided again. Each decision is kept.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
