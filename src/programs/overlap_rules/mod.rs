//! Overlap rules: which programs one family may not have together, between two days, each with its legal basis.
//!
//! A rule is never changed, only ended. Those of the state hold everywhere, those of a sub-district in it. What they
//! mean for a family is decided where a place of a program is given.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use actions::{append, close};
pub use model::{Bar, OverlapRule};
pub(super) use model::{NewOverlapRule, OverlapKind};
pub use queries::{find, keeping_off};
pub(super) use queries::{is_code_of_area, of_state};
pub(super) use routes::routes;
pub(super) use rules::{faults_of, most_of};
