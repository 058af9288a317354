//! Lists of families that are proposed, confirmed and activated in one go.
//!
//! A run gathers its families in a table of its own transaction, holds them, finds what keeps each off and gives the
//! places by one order; the rest wait on the reserve list. All of it is some statements over the whole list, so that the
//! service holds none of it.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
