//! Persons of a family, who joins it and who leaves it.
//!
//! A membership ties a person to at most one live family. Every change of a person or of its membership gives the
//! person a next version, so one history answers what both were at an instant.

pub(super) mod actions;
mod model;
pub(super) mod queries;
mod routes;

pub use model::{EndReason, Member, MemberChanges, NewDeparture, NikStatus};
pub(super) use model::{MemberRow, MembershipRow};
pub use queries::be_member;
pub(super) use routes::routes;
