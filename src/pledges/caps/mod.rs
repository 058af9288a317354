//! The cap of a round of aid: how much of any kind a family may have in it, of companies and programs together.
//!
//! A matching run that is committed sets it. Until another one is, or a year after the round began, it holds for all
//! that is reserved for families of the area, by whatever way.

mod actions;
mod model;
mod queries;

pub(super) use actions::check;
pub(super) use model::Round;
pub(super) use queries::{LAST_AID, MONTHS_SINCE_AID, WENT_ON, aided};
