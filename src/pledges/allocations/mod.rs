//! Allocations: what of a line is reserved for the need of one family, handed over with proof, released again, or
//! given back by the family.
//!
//! Only officers see them. The one who reserved something does not record that it was handed over.

mod actions;
mod deliveries;
mod model;
mod queries;
mod returns;
mod routes;

pub(super) use routes::routes;
