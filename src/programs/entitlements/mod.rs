//! Entitlements: what is due to one family in one cycle, with what was delivered of it, held and withdrawn.
//!
//! They are made by the approval of a cycle alone, and never changed.

mod model;
mod queries;
mod routes;

pub use model::Entitlement;
pub(super) use routes::routes;
