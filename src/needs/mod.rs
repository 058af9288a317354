//! What families need, and the anonymous list of it that companies read.
//!
//! A family has at most one open need of a kind. The list counts verified live families only, hides every village
//! and kind of fewer than five families, and counts families and quantities in steps too coarse to tell of one. How far a
//! pledge would go is worked out of that list alone.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use model::{AidField, Need, NeedCell, NeedKind, NeedStatus, NewNeed};
pub use queries::{SeenNeed, at_least_of, find_kind, kinds, meet, meet_seen, need_again, unmeet};
pub use routes::routes;
pub use rules::{FAMILIES_SHOWN_FROM, at_least};
pub(crate) use rules::{quantity_faults, usual_portion};
