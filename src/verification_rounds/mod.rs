//! Verification rounds: which families are to be visited, by whom, until when; the visits, and what they found.
//!
//! A round's list is drawn up by a rule and freezes when the round opens: what changes of a family later moves
//! nobody on or off it. A visit is a fact of its own, of a round or not; it is never changed, and of a family at most
//! one is recorded by a client at a moment, so that a device may send again what it is not sure of.

mod actions;
mod coverage;
mod model;
mod queries;
mod routes;
mod rules;
mod samples;
mod tasks;
mod visits;

pub use model::{Round, RoundStatus};
pub use routes::routes;
pub use samples::Stratum;
pub use visits::{Visit, VisitFinding};
