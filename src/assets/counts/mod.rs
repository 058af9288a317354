//! Equipment counted by what gave it and by kind; to companies in steps too coarse to tell of one family.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
