//! Lots: goods that came in together by one delivery note, for one program or for any that counts in their unit.
//!
//! A lot is never changed. What became of it stands in the ledger, in accounts of its own.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use model::StockLot;
pub(super) use queries::find;
pub(super) use routes::routes;
