//! Rounds that are random samples, and what they say of a program's targeting.
//!
//! A sample is stratified by village: each village gets its part of the families to draw, at least two, and within it
//! those are drawn whose digest of seed and id is smallest. Who knows the seed draws the same families again.

mod model;
mod queries;
mod routes;
mod rules;

pub use model::Stratum;
pub(super) use model::{Drawn, NewSample};
pub(super) use queries::{RULE_FROM, populations};
pub(super) use routes::routes;
pub(super) use rules::{allocate, faults_of, size_of};
