//! Quotas as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, ProgramId, QuotaId, Text, VillageCode};
use crate::http::ByCreation;
use crate::schema::quotas;

/// How many families a program takes.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, QueryableByName)]
#[diesel(table_name = quotas)]
pub struct Quota {
    /// Id of the quota
    pub id: QuotaId,
    /// Program
    pub program_id: ProgramId,
    /// Village; null where it is for the sub-district as a whole
    pub village_code: Option<VillageCode>,
    /// At most so many families
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub places: i32,
    /// Decree or letter that gives the places
    #[schema(max_length = 80)]
    pub decree_number: String,
    /// First day
    pub effective_from: NaiveDate,
    /// Last day, inclusive; null while open
    pub effective_to: Option<NaiveDate>,
    /// Client that set it
    #[schema(max_length = 63)]
    pub set_by: String,
    /// When it was set
    pub created_at: DateTime<Utc>,
}

/// A quota to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_code": "64.02.10.2011", "places": 40, "decree_number": "140/09/KEP-CAMAT/2026",
    "effective_from": "2026-01-01", "effective_to": "2026-12-31"
}))]
pub(super) struct NewQuota {
    /// Village; left out for the sub-district as a whole
    pub(super) village_code: Option<VillageCode>,
    /// At most so many families
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub(super) places: i32,
    /// Decree or letter that gives the places
    pub(super) decree_number: Text<80>,
    /// First day
    pub(super) effective_from: NaiveDate,
    /// Last day, inclusive; left out while open
    pub(super) effective_to: Option<NaiveDate>,
    /// Sub-district that it is of; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// Which quotas.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QuotaFilter {
    /// Quotas of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Quotas whose dates cover this day
    pub(super) on: Option<NaiveDate>,
    /// In which order; the newest first is the one that counts first
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
