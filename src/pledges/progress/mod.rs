//! How far pledges are: what follows from their figures and is never stored, so that it cannot be stale.

mod model;
mod queries;
mod rules;

pub(super) use model::PledgeProgress;
pub(super) use queries::{has_whole_evidence, of};
