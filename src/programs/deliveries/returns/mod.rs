//! Returns: what came back of a delivery, whole or in part. Append-only; the delivery itself stays as it was recorded.
//!
//! Never more than the family still has of it: the entitlement's row is locked, then former returns are added up. What
//! came back is due again, or never: the view `aid_given` nets both, for whoever adds up what was given.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
