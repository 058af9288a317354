//! Statements over the ledger of aid.

pub(super) mod doubles;
pub(super) mod list;
