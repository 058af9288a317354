//! Equipment that families use: each piece with its number, who has it, how it is, and what became of it.
//!
//! A piece is in store, in the custody of one family, under repair, lost or retired. Its row is locked by whoever changes
//! any of it, and no two custodies of it are live. Officers of the sub-district hand it over and take it back; whoever
//! comes by may record how it is; that it is lost or retired two persons say. Companies are told of what they gave in
//! counts, of no family.

mod actions;
mod checks;
mod counts;
mod custodies;
mod model;
mod queries;
mod routes;
mod rules;
mod write_offs;

pub use routes::routes;
