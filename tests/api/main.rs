//! The API, called over HTTP as its clients call it: a file for each feature.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::items_after_statements,
    clippy::similar_names,
    clippy::single_match_else,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "a test that panics has failed; the support serves all files"
)]

mod allocations;
mod audit;
mod authorization;
mod beneficiaries;
mod beneficiaries_as_of;
mod beneficiaries_members;
mod beneficiaries_numbers;
mod canaries;
mod companies;
mod cycles;
mod deliveries;
mod enrollments;
mod examples;
mod guides;
mod housekeeping;
mod http;
mod imports;
mod ledger;
mod lists;
mod needs;
mod pledges;
mod programs;
mod regions;
mod sign_in;
mod support;
mod suspension_orders;
mod tokens;
mod webhooks;
mod webhooks_hostile;
