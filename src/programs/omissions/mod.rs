//! Omissions of cycles: families on a program that get nothing in a cycle, and why. Made by its approval alone.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
