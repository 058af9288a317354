//! Reserve lists: who waits for a place of a program, in which place, and why in that one.
//!
//! A list is of a program in a sub-district. Places grow and are never given twice; a run puts families behind those that
//! wait already, and a run, a meeting or a replacement takes them off from the front.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use queries::{Hand, next, put, take, take_all};
pub(super) use routes::routes;
