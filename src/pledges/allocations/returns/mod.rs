//! Returns: what a family gave back of what a company gave it, whole or in part. Append-only; the handover stays as it was
//! recorded.
//!
//! Never more than the family still has of the handover: the allocation's row is locked, then former returns are added
//! up. What came back goes to the stock of the line and is free for others; what is broken is lost there at once. The view
//! `pledged_aid_given` nets both, for whoever adds up what families got.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub(super) use routes::routes;
