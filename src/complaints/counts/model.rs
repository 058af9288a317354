//! Counts as rows and filters.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Int4, Nullable, Text as SqlText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::complaints::model::ComplaintCategory;
use crate::domain::{PledgeId, ProgramId, VillageCode};

/// How many complaints of one category a village has, and how they went.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct ComplaintCount {
    /// Village
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// What is complained of
    #[diesel(sql_type = SqlText)]
    category: ComplaintCategory,
    /// Those that came
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    received: i64,
    /// Those that were answered, and not opened again since
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    answered: i64,
    /// Those of them that were answered by the day they were due
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    answered_in_time: i64,
    /// Those that should have been answered by yesterday and are not
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    overdue: i64,
    /// Days to the answer, of which half took no more; `null` where none is answered
    #[diesel(sql_type = Nullable<Int4>)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    median_days: Option<i32>,
}

/// All counts: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ComplaintCounts {
    /// By village and category
    pub(super) items: Vec<ComplaintCount>,
}

/// Which counts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ComplaintCountFilter {
    /// Of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of this category
    #[param(inline)]
    pub(super) category: Option<ComplaintCategory>,
    /// About this program, its cycles and deliveries
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// About this pledge and its handovers
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// That came on this day or later
    pub(super) from: Option<NaiveDate>,
    /// That came on this day or before
    pub(super) to: Option<NaiveDate>,
}
