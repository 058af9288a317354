//! Decisions on pledges that bind already: amended, called off, given up, given back, earmarked anew, lost,
//! corrected, closed and opened again.
//!
//! One proposes, another one agrees or refuses; what takes effect does so when it is agreed to, by what the ledger
//! holds at that moment. Calling off and closing need one person, and are agreed from the start. None is ever changed
//! after that: what was wrong is undone by another one.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::PledgeDecision;
pub(super) use queries::of_pledge;
pub(super) use routes::routes;
