//! Quotas: how many families of a village, or of the sub-district, a program takes.
//!
//! A quota is never changed: the newest whose dates cover a day counts, of each village and of the sub-district. Both
//! hold together.

mod actions;
mod model;
mod queries;
mod routes;

pub use model::Quota;
pub use queries::in_force;
pub(super) use routes::routes;
