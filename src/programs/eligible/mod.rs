//! Who may have a program on a day: how many in each village, which families, and why one may or may not.
//!
//! The rule set in force on that day decides. Ages are those of the day; all other facts are those of now.

mod model;
mod queries;
mod routes;

pub use queries::{bind, facts as facts_of};
pub(super) use routes::routes;
