//! Replacements: a family that leaves a program, and the one that takes its place, in one transaction.
//!
//! The place stays in its village and is never counted twice: one ends, then the other begins, under the right to give the
//! program's places. What is still due of months to come passes with it.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
