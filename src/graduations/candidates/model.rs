//! Questions about readiness and their answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, DistrictCode, GraduationCriteriaId, VillageCode};
use crate::http::{AsOf, ByVillage};
use crate::programs::eligibility::{Answer, Explained, FactChange};

/// Which of the families that are ready.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CandidateFilter {
    /// Day whose criteria and ages count; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Sub-district; only where you act in several
    #[param(inline)]
    pub(super) district_code: Option<DistrictCode>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

/// A family on aid that is ready to stand on its own.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct GraduationCandidate {
    /// Id of the family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lives
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    /// Name of the head of the family
    #[diesel(sql_type = Text)]
    #[schema(max_length = 120)]
    pub(super) head_name: String,
    /// Live members
    #[diesel(sql_type = Int4)]
    #[schema(minimum = 0, maximum = 50)]
    pub(super) member_count: i32,
    /// Latest welfare rank, 1 poorest to 10
    #[diesel(sql_type = Nullable<SmallInt>)]
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i16>,
    /// Codes of the programs that it has a place in, in their order
    #[diesel(sql_type = Array<Text>)]
    #[schema(max_items = 200)]
    pub(super) programs: Vec<String>,
    /// First day of the oldest of these places
    #[diesel(sql_type = Date)]
    pub(super) on_aid_since: NaiveDate,
}

/// Place of a family in the list.
pub(super) type ListPlace = (VillageCode, BeneficiaryId);

/// On which day, and as of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadinessFilter {
    /// Day whose criteria and ages count; where left out the day of `as_of`, or today, in the sub-district's time
    pub(super) on: Option<NaiveDate>,
    /// The facts as they were recorded then (RFC 3339), not as they are now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
}

/// Why a family is ready to stand on its own, or what it lacks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GraduationReadiness {
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Day it was asked for
    pub(super) on: NaiveDate,
    /// It is ready: the answer is yes
    pub(super) is_ready: bool,
    /// What the criteria say
    pub(super) answer: Answer,
    /// Criteria that decided
    pub(super) criteria_id: GraduationCriteriaId,
    /// Decree that set them
    #[schema(max_length = 80)]
    pub(super) decree_number: String,
    /// Each part of the criteria with its answer and the facts it read
    pub(super) reasons: Explained,
    /// Facts that would have to be others for the answer to turn, as few as there need be: what to work on with the
    /// family, or what to watch. Absent where no change of facts does it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    pub(super) smallest_change: Option<Vec<FactChange>>,
}
