//! Suspension orders: a cited directive stops a program in a sub-district, and what is due is held.
//!
//! An order reaches the cycles that have a day in its dates. While it is in force nothing of them is delivered, and
//! what was due and not yet delivered is held, entitlement by entitlement. A release lets it go, reduces it, or voids
//! it: what a hold released and what it withdrew always add up to what it held. What comes back of
//! a delivery meanwhile, and is due again, is held as well. Enrollments keep their own state.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{InForce, SuspensionOrder};
pub use queries::{hold, hold_more, in_force, withdrawn};
pub(super) use routes::routes;
