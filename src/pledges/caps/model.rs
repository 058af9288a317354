//! A round of aid, and what a family had in it.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::domain::{ProgramId, Quantity, Text};

/// What counts in a round of aid, and how much of it a family may have.
#[derive(Debug, Clone)]
pub(in crate::pledges) struct Round {
    pub(in crate::pledges) cap: u32,
    pub(in crate::pledges) started_on: NaiveDate,
    /// Kinds with a portion of their own, beside `portions`; others have the usual one.
    pub(in crate::pledges) kinds: Vec<Text<40>>,
    pub(in crate::pledges) portions: Vec<Quantity>,
    /// Programs that count; all of them where there is no list.
    pub(in crate::pledges) program_ids: Option<Vec<ProgramId>>,
}

/// Portions that a family had, and those of what is to be reserved for it.
#[derive(Debug, QueryableByName)]
pub(super) struct Standing {
    #[diesel(sql_type = Integer)]
    pub(super) aided: i32,
    #[diesel(sql_type = Integer)]
    pub(super) asked: i32,
}
