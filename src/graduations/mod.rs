//! Families that stand on their own: by which criteria, who is ready, who left aid so, and who had to come back.
//!
//! Criteria are rules over the facts of eligibility, never changed once set: the newest whose dates cover a day counts. A
//! family that graduates leaves all its programs in one step, and is looked after for as long as the criteria say. One
//! that comes back gets its places as anybody does: nothing is given back by itself.

mod actions;
mod candidates;
mod criteria;
mod model;
mod queries;
mod routes;

pub use routes::routes;
