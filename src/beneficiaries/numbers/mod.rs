//! Personal numbers: looking a family up by one, and reading them in full for a purpose.
//!
//! NIK and family card numbers travel in bodies only, never in an address.

mod model;
mod queries;
mod routes;

pub use model::{DisclosedMember, Disclosure, Found, NewDisclosure, Search};
pub(super) use routes::routes;
