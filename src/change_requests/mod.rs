//! Changes of families and members that somebody proposes and a second person applies or rejects.
//!
//! A request keeps what the fields were when it was made. Where the record says something else by then, it is stale
//! and cannot be applied; where two that are pending change the same field, each tells the other. Applying goes the
//! way of PATCH, so that version, history, audit and event are the same.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::propose;
pub use model::{ChangeRequest, ChangeStatus, Patch, Proposal, Target};
pub(crate) use queries::seen;
pub use routes::routes;
