//! Expiries: what of an allocation nobody came for in time is free for other families again.
//!
//! Nobody asks for it: the service releases what is overdue by itself, round after round.

mod actions;
mod queries;

pub(crate) use actions::release_overdue;
