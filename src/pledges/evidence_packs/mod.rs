//! Evidence packs: what a company can prove of a pledge, as JSON, as CSV and as a page to print.
//!
//! A pack has the eighteen field groups that companies must report. Every quantity is a balance of the ledger; what
//! the system does not know is said to be unknown, with the reason. No family is in it: families are counted in
//! steps of five, and groups of fewer than five are not told. A pack is hashed and signed and never changes; the next
//! version is made only once something it tells of has changed.
//!
//! The pack of a company's year has the same groups: the sums of its pledges, and each pledge as its own pack tells it.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use actions::{Issue, issue, issue_annual};
pub(super) use routes::routes;
