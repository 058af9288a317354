//! What happens to families as such: some get a card of their own, two join on one, a person moves, the head changes.
//!
//! Persons keep their ids and their NIK; one membership ends as the next begins, in one transaction, under a lock on
//! each family concerned. What rests on a family that ends, ends with it and is told.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use actions::{Ending, Household, end_with_family, leave_trace, succeed};
pub(crate) use actions::{LeftNeeds, leave_needs};
pub(super) use model::EndedNeed;
pub(crate) use queries::hold_reserved;
pub(super) use routes::routes;
