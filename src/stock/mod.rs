//! Stock: goods of aid programs, from the delivery note to the family.
//!
//! A lot is what came in together; a movement says why some of it went from one place to another, and the ledger has a
//! transfer of the same id. What is at a site is a balance there, which never goes below zero, whoever draws at once.
//! What is gone is booked when a second person agrees to it. Lots and movements are append-only.

mod balances;
mod losses;
mod lots;
mod movements;
mod sites;

use crate::http::Routes;
pub(crate) use losses::{Missing, StockLossReason, tell_of as tell_of_loss};
pub(crate) use movements::{Came, Drawn, draw, hold_lots, put_back};

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    sites::routes(config);
    lots::routes(config);
    balances::routes(config);
    movements::routes(config);
    losses::routes(config);
}
