//! Disclosures: what a company says of a pledge for its own reports, which no movement tells.
//!
//! Append-only: what is said anew is a version of its own, and evidence packs tell the newest. Nothing of it is free text
//! beside the name of the site, so that no name of a person comes in.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::{DisclosedLine, PledgeDisclosure};
pub(super) use queries::newest;
pub(super) use routes::routes;
