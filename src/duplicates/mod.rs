//! Records of one person, or of one household, in the registry: found, looked at, and decided on.
//!
//! A run compares the members of a sub-district and leaves pairs. Who decides on them are people: until then a
//! suspected duplicate goes on getting what it gets. A later run clears pairs that are unlike by now and leaves what
//! people decided as it is. A merger makes the records of a pair one, and can be undone.

mod mergers;
mod pairs;
mod routes;
mod runs;

pub use routes::routes;
pub use runs::{follow_imports, watch};
