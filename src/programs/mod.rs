//! Aid programs: what they give, to whom, by which rules; their cycles, what is due and what was handed over.
//!
//! Rules are data: a rule set has its dates and its legal basis and is never changed. A cycle's list freezes when a
//! second officer approves it. Nothing is delivered beyond an entitlement, and nothing that a suspension order in force
//! reaches: what is due of it is held, and later released, reduced or voided, to the last kilogram.

mod actions;
pub mod benefits;
pub mod cycles;
pub mod deliveries;
mod duty_compliance;
mod duty_records;
pub mod eligibility;
mod eligible;
pub mod entitlements;
mod model;
mod of_state;
mod omissions;
mod overlap_rules;
mod queries;
mod quotas;
mod routes;
mod rule_sets;
mod rules;
mod simulations;
pub mod suspension_orders;

use crate::http::Routes;
pub use benefits::BenefitPeriod;
pub use eligible::{bind, facts_of};
pub use entitlements::passed::{PassedEntitlement, Passing, pass_on};
pub use model::{Program, ProgramKind};
pub use of_state::{LoadedState, Misfit, Misfits, STATE_PROGRAMS, StateFile, load_state};
pub use overlap_rules::{Bar, OverlapRule, find as find_overlap_rule, keeping_off};
use queries::codes;
pub use queries::{acting_area, are_there_any, find, lock, share};
pub use quotas::{Quota, in_force as quotas_in_force};
pub use rule_sets::{LegalBasis, ReplacementSource, RuleSet, in_force, in_force_since, read_rule};

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    routes::routes(config);
    rule_sets::routes(config);
    overlap_rules::routes(config);
    quotas::routes(config);
    eligible::routes(config);
    simulations::routes(config);
    cycles::routes(config);
    omissions::routes(config);
    entitlements::routes(config);
    duty_records::routes(config);
    duty_compliance::routes(config);
    deliveries::routes(config);
    suspension_orders::routes(config);
}
