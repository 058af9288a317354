//! Losses of goods in stock: proposed by one person, booked once another one agrees, or refused.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(crate) use actions::tell_of;
pub(crate) use model::{Missing, StockLossReason};
pub(super) use routes::routes;
