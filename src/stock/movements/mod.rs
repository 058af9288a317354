//! Movements: why goods went from one place to another. Append-only; the ledger has a transfer of the same id.
//!
//! A site that something comes to, or leaves, is held open first; the ledger then locks the balances in its own order.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use actions::{Came, Drawn, draw, put_back};
pub(super) use actions::{book, open};
pub(super) use model::{Move, StockMovementKind};
pub(crate) use queries::hold_lots;
pub(super) use routes::routes;
pub(super) use rules::{be_for, faults_of};
