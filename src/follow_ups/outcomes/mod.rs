//! What follow-ups found, counted: how many families were met, use what they got, earn and need no aid.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
