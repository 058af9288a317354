//! Trainings: planned, opened for families, held in sessions, and certified to those who attended well enough.
//!
//! A seat is taken under the lock of the training, so that there are never more participants than seats. What somebody
//! attended follows from the marks of the sessions and is stored nowhere else. A company is told how many seats,
//! participants and certificates the trainings of its own pledge lines have, and of no person.

mod actions;
mod certificates;
mod model;
mod participants;
mod queries;
mod routes;
mod rules;
mod sessions;

pub use participants::in_unfinished;
pub use routes::routes;
