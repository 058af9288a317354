//! Where the latest ranks of a family by two sources lie apart, and where a rank and the field do.
//!
//! What was found in the field is one more opinion beside those of the sources: today the attribute
//! `assessed_decile`, under the name `field: ` and its source.

mod model;
mod queries;
mod routes;

pub use model::{RankDisagreement, RankDisagreementCount};
pub(super) use routes::routes;
