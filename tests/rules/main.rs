//! Rules: what they mean, held against other readings of the same text.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed; the tests have no settings"
)]

use sinergi::programs::eligibility;

mod against_cel;
mod against_sql;
mod benefits;
#[path = "../api/support/database.rs"]
#[allow(dead_code, reason = "the tests of the API use all of it")]
mod database;
mod guide;
mod meaning;
mod random;
mod refusals;
mod turning;
