//! Families (beneficiaries) on their family cards, and their members.
//!
//! A NIK belongs to at most one live member and a card number to at most one live family in the nation: claim
//! tables decide, in the transaction of the write. Numbers are sealed before they reach the database. Each change
//! keeps the version before it in a history table.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{Beneficiary, NewBeneficiary, NewMember, Relationship, Sex};
pub use routes::routes;
