//! Mergers: two records of one person are made one, alone or with the whole household, and made two again.
//!
//! A merger needs pairs that somebody decided are the same. It keeps every row that it is about as it was before and
//! as it left it: an undo restores the first, and is refused where the second is no longer so. What was paid stays where
//! it was paid.

mod actions;
mod model;
mod need_events;
mod plan_events;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
