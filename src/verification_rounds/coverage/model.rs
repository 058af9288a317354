//! Coverage as questions and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::VillageCode;
use crate::http::{ByVillage, Whole};

/// What counts as fresh.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverageFilter {
    /// Days that a visit stays fresh
    #[param(inline, default = 180)]
    pub(super) within_days: Option<Whole<1, 3650>>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

impl CoverageFilter {
    /// Days that a visit stays fresh: half a year unless the question says otherwise.
    pub(super) fn days(&self) -> i64 {
        self.within_days.map_or(180, Whole::get)
    }
}

/// How many families of a village were visited, and when. A visit counts that found the family as recorded or
/// corrected it.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct VillageCoverage {
    /// Village
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    /// Live families
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) families: i64,
    /// Of them, visited within the days
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) visited: i64,
    /// Visited, but longer ago
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) stale: i64,
    /// Never visited
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) never_visited: i64,
    /// Last visit of the visited family that waits longest; null where none was visited
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) oldest_visit_at: Option<DateTime<Utc>>,
}
