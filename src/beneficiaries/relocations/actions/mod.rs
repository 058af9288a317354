//! Offering, deciding and carrying out relocations, each inside a transaction.

mod carry_over;
mod decide;
mod offer;

pub(super) use decide::{accept, refuse, withdraw};
pub(super) use offer::relocate;
