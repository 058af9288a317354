//! Allocation runs: what is free of a line goes to the open needs of its earmark, in the order of a published policy.
//!
//! First the poorest decile, families without one last; among them who waited longest since the last aid, twelve
//! months and more counting the same; then a hash of the need with the id of the line as seed. The seed is known
//! before anybody can choose it, so a run cannot be repeated until it pleases, and a preview tells what comes.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use model::POLICY;
pub(super) use routes::routes;
