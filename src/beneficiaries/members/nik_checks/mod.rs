//! What the civil registry says of a member's NIK: that it is this person's, or somebody else's.
//!
//! It is said of one number: once the member has another, nothing has been said yet.

mod actions;
mod model;
mod routes;

pub use model::{NewNikCheck, NikCheckOutcome};
pub(super) use routes::routes;
