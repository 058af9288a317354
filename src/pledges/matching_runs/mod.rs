//! Matching runs: all that is free of an area's pledges meets all open needs there, by one published order.
//!
//! A preview tells what a run would do and keeps it; committing it reserves just that, as one set, and is refused
//! once anything that the preview looked at has changed. The optimum itself is found by `allotment`. Officers see
//! why each family got what it got, with a proof; a company sees quantities of its own lines.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::remove_old_previews;
pub(super) use model::MatchingPolicy;
pub(super) use queries::{round_in_force, share_turn, take_turn};
pub(super) use routes::routes;
