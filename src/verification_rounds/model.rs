//! Rounds as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::samples::{NewSample, Stratum};
use crate::domain::{DistrictCode, Document, Line, ProgramId, Text, VerificationRoundId, VillageCode, text_enum};
use crate::http::ByCreation;
use crate::schema::verification_rounds;

text_enum! {
    /// Whether a round goes on.
    RoundStatus {
        /// It takes visits.
        Open "open",
        /// It takes no more.
        Closed "closed",
    }
}

/// A round of home visits.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = verification_rounds)]
pub struct Round {
    /// Id of the round
    pub id: VerificationRoundId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// What it is called
    #[schema(max_length = 200)]
    pub title: String,
    /// Which families: an expression over the facts of `/v1/facts`
    #[schema(example = "family.decile <= 4", max_length = 4000)]
    pub rule: String,
    /// Day that ages and days since a visit were counted at
    pub reference_on: NaiveDate,
    /// Villages it is held to; null for the whole sub-district
    #[schema(max_items = 300)]
    pub village_codes: Option<Vec<VillageCode>>,
    /// Day by which the families are to be visited
    pub due_on: NaiveDate,
    /// Whether it goes on
    pub status: RoundStatus,
    /// Families on its list
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub task_count: i32,
    /// Program whose targeting it measures by a random sample; null where it is no sample
    pub program_id: Option<ProgramId>,
    /// What the sample was drawn by: of each village the families whose `sha256(seed:id)` is smallest
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub seed: Option<i32>,
    /// Families and drawn families of each village when the list froze
    #[schema(value_type = Option<Vec<Stratum>>, max_items = 300)]
    pub strata: Option<Document<Vec<Stratum>>>,
    /// Client that opened it
    #[schema(max_length = 63)]
    pub opened_by: String,
    /// Client that closed it
    #[schema(max_length = 63)]
    pub closed_by: Option<String>,
    /// When it was closed
    pub closed_at: Option<DateTime<Utc>>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was opened
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// A round to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Verifikasi triwulan IV 2026",
    "rule": "family.decile <= 4 || !has(family.days_since_visit) || family.days_since_visit >= 180",
    "due_on": "2026-12-31", "village_codes": ["64.02.10.2004"],
    "assignments": [{ "client_id": "sandbox-pkh", "village_code": "64.02.10.2004" }]
}))]
pub(super) struct NewRound {
    /// What it is called
    pub(super) title: Line,
    /// Which families: an expression over the facts of `/v1/facts`, at most 4,000 characters
    #[schema(min_length = 1, max_length = 4000)]
    pub(super) rule: String,
    /// Day by which the families are to be visited
    pub(super) due_on: NaiveDate,
    /// Only families of these villages
    #[schema(min_items = 1, max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Who visits which villages; a village named by several is shared out evenly, one named by nobody is for all
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub(super) assignments: Vec<Assignment>,
    /// Draw a random sample of the families instead of taking all, to measure a program's targeting
    pub(super) sample: Option<NewSample>,
    /// Sub-district; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// A village of one visitor.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    /// Client that visits, such as that of a facilitator
    #[schema(example = "sandbox-pkh")]
    pub(super) client_id: Text<63>,
    /// A village of it
    pub(super) village_code: VillageCode,
}

/// The end of a round.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewRoundClosure {}

/// Which rounds.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RoundFilter {
    /// Rounds in this state
    #[param(inline)]
    pub(super) status: Option<RoundStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
