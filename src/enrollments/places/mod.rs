//! Who may take a place of a program: overlap rules and quotas.
//!
//! A place is held by an enrollment that is confirmed, active or suspended; nothing else counts it, so that whatever ends
//! an enrollment frees its place. Whoever gives places of a program in a sub-district first takes the right to, and one
//! at a time has it: the number of places taken is then what the enrollments say. Whoever looks at what else a family
//! has, holds the family.
//!
//! Locks, in this order: the program, shared; the right to give its places; families by id; enrollments by id. Where
//! places of several programs are given, their rights are taken in the order of the programs' ids, before any family.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::{give, obstacles, refusal};
pub use model::{Claim, Obstacle, Places};
pub(in crate::enrollments) use model::{HeldFamily, Room, TAKING};
pub(in crate::enrollments) use queries::{bind_bars, hold_families, kept_off};
pub(in crate::enrollments) use routes::routes;
