//! Suspension orders: a cited directive stops a program, or a part of it, in a sub-district, and what is due is held.
//!
//! An order reaches the cycles that have a day in its dates, or those of them that it names; of their lists all, or
//! some villages; of what is due all, or one component. While it is in force nothing of that is delivered, and what was
//! due and not yet delivered is held, entitlement by entitlement. A release lets it go, reduces it, or voids it; where it
//! pays no arrears, what was held for the months of the order lapses. What a hold released and what it withdrew always
//! add up to what it held. What comes back of a delivery meanwhile, and is due again, is held as well. Enrollments keep
//! their own state.

mod actions;
mod model;
mod previews;
mod queries;
mod routes;
mod rules;

use crate::http::Routes;
pub use model::{InForce, SuspensionOrder, Within};
pub use queries::{held, hold, in_force, pass_holds, withdrawn};

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    routes::routes(config);
    previews::routes(config);
}
