//! Entitlements: what is due to one family in one cycle, with what was delivered of it, held and withdrawn.
//!
//! They are made by the approval of a cycle, and by a replacement for what `passed`; never changed.

mod model;
pub(in crate::programs) mod passed;
mod queries;
mod routes;
mod rules;

pub use model::Entitlement;
pub(crate) use queries::SUMS;
pub(in crate::programs) use queries::components;
pub(super) use routes::routes;
