//! What pledges must be after each command, worked out in memory without the service: states, balances and refusals.
//!
//! A book belongs to one client, who alone commands its pledges, so that every answer is known beforehand. One pledge is
//! common to all clients; of it each book knows its own part, and the parts add up.

mod ask;
mod book;
mod choose;
mod expect;
mod pledge;
mod take;

pub(crate) use ask::{Ask, Who};
pub(crate) use book::{Book, Family};
pub(crate) use pledge::{PLACES, Pledge};
