//! Pledges: what a company promises, what became of it, and the families it reached.
//!
//! A pledge is drafted by a company, submitted, and accepted by two officers; from then on its quantities stand in
//! the ledger and move only by receipts, allocations, deliveries and releases. Per line, always: pledged is at
//! least what is allocated, and that at least what is delivered. A company sees its own pledges and no family.

mod actions;
mod allocations;
mod caps;
mod decisions;
mod disclosures;
mod evidence_packs;
mod installments;
mod matching_runs;
mod model;
mod progress;
mod queries;
mod realisations;
mod receipts;
mod routes;
mod rules;
mod runs;
mod trail;

pub(crate) use allocations::release_overdue;
pub(crate) use evidence_packs::{Issue, issue as issue_evidence_pack, issue_annual as issue_annual_evidence_pack};
pub use matching_runs::remove_old_previews;
pub use routes::routes;
pub use rules::{Side, TRANSITIONS, Transition};
