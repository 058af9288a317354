//! The trail of a pledge: from the promise to the families it reached, in numbers, without one of them in it.

mod model;
mod queries;
mod routes;

pub(super) use model::TrailLine;
pub(super) use routes::routes;
