//! Families that move to another village, of the sub-district or of another one.
//!
//! No sub-district sees the families of another, so neither can move one alone: the one that it leaves offers it, the
//! one that it goes to accepts it, and only the acceptance reaches over both, for that family and in one transaction.
//! Rows are made where it goes to and closed where it was; its claims and its locator follow, what was paid stays.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
