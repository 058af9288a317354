//! Finds records that are one person, and cards that are one household.
//!
//! Names are brought to one form ([`names`]), which is versioned. The [`engine`] brings together records that share a
//! key, compares them field by field in levels, learns from the records what each level says, and decides. [`registry`] is how the registry's own
//! persons are compared, a [`batch`] of them with each other. Nothing here knows database or HTTP.

pub mod batch;
pub mod engine;
mod likeness;
mod name_words;
pub mod names;
pub mod registry;
