//! Balances: what of each lot is at each site, now or at an instant, as the ledger has it.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
