//! What passes to the family that takes the place of another one: what is still due of months to come, in cycles that are
//! not closed.
//!
//! It becomes an entitlement of its own; what was due before, less what passed, and what is due by the new one are as much
//! as before, to the last rupiah and kilogram. What suspension orders hold of it they hold on.

mod actions;
mod model;
mod queries;
mod rules;

pub use actions::pass_on;
pub use model::{PassedEntitlement, Passing};
pub(in crate::programs) use queries::of_family;
