//! Custodies: which family has which piece of equipment, from when to when, and how it came back.
//!
//! A custody outlives the record of its family: a merger hands it over to the family that goes on, and whatever else ends
//! a family leaves it live, to be settled by a hand-back, a transfer or a write-off.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use actions::end;
pub(super) use model::{CustodyEnd, CustodyEndReason};
pub(super) use routes::routes;
