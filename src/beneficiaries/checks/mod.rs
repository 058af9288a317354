//! Whether those on a family card look like members who are registered already: told, and never refused.
//!
//! Members that share a key with one of them are compared with it field by field. A key that very many share tells
//! nobody apart and is left out, which is told.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(in crate::beneficiaries) use actions::{check_if_possible, check_joining_if_possible};
pub use model::{Candidate, Check, FieldBits, Finding};
pub(in crate::beneficiaries) use model::{Card, Registered};
pub(in crate::beneficiaries) use routes::routes;
