//! Whether those on a family card look like members who are registered already: told, and never refused.
//!
//! Members that share a key with one of them are compared with it field by field. A key that very many share tells
//! nobody apart and is left out, which is told. Whoever compares whole registers has them read here as well.

mod actions;
mod model;
mod queries;
mod reader;
mod routes;
mod rules;

pub(in crate::beneficiaries) use actions::{check_if_possible, check_joining_if_possible};
pub use model::{Candidate, Check, FieldBits, Finding, KeptFinding};
pub(in crate::beneficiaries) use model::{Card, Registered};
pub(crate) use reader::read_members;
pub(in crate::beneficiaries) use routes::routes;
