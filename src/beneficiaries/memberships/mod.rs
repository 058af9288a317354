//! Who belongs to a family and who did: memberships that ended stay on record, and what each was before.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;
