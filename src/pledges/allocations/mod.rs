//! Allocations: what of a line is reserved for the need of one family, handed over with proof, released again,
//! free again as nobody came in time, or given back by the family.
//!
//! Only officers see them. The one who reserved something does not record that it was handed over.

mod actions;
mod deliveries;
mod expiries;
mod model;
mod queries;
mod returns;
mod routes;

pub(crate) use expiries::release_overdue;
pub(super) use routes::routes;
