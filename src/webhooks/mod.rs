//! Webhooks: the part of the feed that a client would read, sent to an address of its choice and signed.
//!
//! A webhook gets exactly the events that its client's feed shows. Events are handed to webhooks in one statement
//! once they have their place in the feed; deliveries then wait in a table that any process takes due ones from. An
//! event is sent at least once, events of one record in their order, and a receiver that fails holds back no other.
//! Secrets are sealed at rest and told once. No private address is ever connected to unless the operator says so.

mod actions;
mod address;
mod deliveries;
mod model;
mod queries;
mod routes;
mod rules;
mod secrets;
mod sending;

pub use routes::routes;
pub use secrets::Secrets;
pub use sending::{Lookup, Reach, Sender, remove_old, send};
