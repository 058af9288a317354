//! Sites that keep goods. One that is closed is empty, and nothing comes in any more.
//!
//! Whoever moves goods shares the site's row; whoever closes it locks it, so that what it holds is counted once.

mod actions;
mod model;
mod queries;
mod routes;

pub(super) use queries::hold;
pub(super) use routes::routes;
