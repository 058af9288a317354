//! Rule sets: the rules of a program between two days, each with its legal basis.
//!
//! A rule set is never changed; other rules are another one. On a day the newest of those whose dates cover it is in
//! force.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::read_rule;
pub(super) use actions::{append, faults_of, read_terms};
pub use model::{LegalBasis, ReplacementSource, RuleSet};
pub(super) use model::{NewLegalBasis, NewRuleSet, Terms};
pub(super) use queries::{all_of, find, in_force_as_of};
pub use queries::{in_force, in_force_since};
pub(super) use routes::routes;
