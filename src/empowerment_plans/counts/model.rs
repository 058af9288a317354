//! Counts as rows and filters.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{ProgramId, VillageCode};

/// How far the packages of one program are in one village.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct EmpowermentPlanCount {
    /// Program
    #[diesel(sql_type = SqlUuid)]
    program_id: ProgramId,
    /// Village where the families live now
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// Plans in progress
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    in_progress: i64,
    /// Plans that were completed
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    completed: i64,
    /// Plans that ended before
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    ended: i64,
    /// Milestones reached, of all plans
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    milestones_reached: i64,
    /// Milestones waived, of all plans
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    milestones_waived: i64,
    /// Milestones whose evidence does not hold any more, of all plans
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    milestones_lapsed: i64,
    /// Milestones to reach, of plans in progress; lapsed ones are among them
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    milestones_open: i64,
    /// Those of them that were due before the day
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    milestones_overdue: i64,
}

/// All counts: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EmpowermentPlanCounts {
    /// By program and village
    pub(super) items: Vec<EmpowermentPlanCount>,
}

/// Which counts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EmpowermentPlanCountFilter {
    /// Overdue before this day; today where it is left out
    pub(super) on: Option<NaiveDate>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of families that live in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
}
