//! What live members share who may be one person: keys stored with each, written with the member.
//!
//! Whatever writes members or families calls [`refresh`] for the families in the same transaction, or [`insert`] where
//! it has the rows at hand. Each row names the versions that it was made of, so that rows which somebody forgot, or
//! which an older normalisation of names made, are found and made anew while the service runs.

mod actions;
mod model;
mod queries;

pub use actions::{refresh, watch};
pub(in crate::beneficiaries) use model::{KeyRow, Written};
pub(in crate::beneficiaries) use queries::insert;
