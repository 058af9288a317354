//! Changes of families as such: each is called inside a transaction and leaves audit rows and events in it.

mod change_head;
mod endings;
mod household;
mod merge;
mod move_member;
mod passage;
mod split;

pub(super) use change_head::change_head;
pub(in crate::beneficiaries) use endings::{Ending, end as end_with_family};
pub(crate) use endings::{LeftNeeds, leave_needs};
pub(in crate::beneficiaries) use household::{Household, succeed};
pub(super) use merge::merge;
pub(super) use move_member::move_member;
pub(in crate::beneficiaries) use passage::leave_trace;
pub(super) use split::split;
