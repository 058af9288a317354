//! Companies that pledge aid under their social responsibility (TJSL/CSR).
//!
//! A company belongs to the sub-districts it pledges in; their officers see it, and its own client sees only it.

mod actions;
mod model;
mod queries;
mod routes;

pub use model::{Company, NewCompany};
pub(crate) use queries::find;
pub use routes::routes;
