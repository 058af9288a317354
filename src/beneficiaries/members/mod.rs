//! Persons of a family, who joins it and who leaves it.
//!
//! A membership ties a person to at most one live family. Every change of a person or of its membership gives the
//! person a next version, so one history answers what both were at an instant.

pub(super) mod actions;
mod model;
mod nik_checks;
pub(super) mod queries;
mod routes;

pub use actions::{current as current_member, update as update_member};
pub use model::{EndReason, Member, MemberChanges, NewDeparture, NikStatus};
pub(super) use model::{MemberRow, MembershipRow};
pub use nik_checks::{NewNikCheck, NikCheckOutcome};
pub use queries::show as show_member;
pub(crate) use queries::{of_family_as_of, versions_as_of};
pub(super) use routes::routes;
