//! Another card number of a family: its card was issued again, or the number was mistyped.
//!
//! A family card (KK) gets another number after a move or a birth. The earlier numbers go on leading to the family, as long
//! as it is live: whoever has an old copy of the card finds it, and makes no second one. A number that was only mistyped
//! is free again.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
