//! The ledger of pledged aid and of goods in stock: every quantity stands in one place and only ever moves to another.
//!
//! A transfer is one row and never changes; what was wrong is undone by an opposite one. The balances of the two
//! accounts move with it, in one transaction and in the order of the account ids, and a floored account never
//! goes below zero. Per unit, all balances sum to zero. A transfer id acts at most once.

mod actions;
mod model;
mod queries;
mod routes;

pub use actions::{correct, open, post};
pub(crate) use model::MovementPlace;
pub use model::{
    AccountKind, AccountRef, Balances, Discrepancy, Group, Movement, NewAccount, Posting, Transfer, TransferCode,
    Unreconciled,
};
pub use queries::{
    balance, balances, balances_at, discrepancies, find_movement, hold, hold_all, movements, unreconciled,
};
pub use routes::routes;
