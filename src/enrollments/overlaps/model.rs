//! Overlaps as rows, requests and answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Int4, Nullable, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, EnrollmentId, OverlapRuleId, ProgramId, VillageCode};
use crate::enrollments::model::EnrollmentStatus;
use crate::http::ByVillage;

/// A family that another program keeps off.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct OverlapFound {
    /// Family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lives
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    /// Overlap rule, the first where several keep it off
    #[diesel(sql_type = SqlUuid)]
    pub(super) rule_id: OverlapRuleId,
    /// Its short name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 32, example = "BLT-NOT-PKH")]
    pub(super) rule_code: String,
    /// Program that it has, the one it has longest
    #[diesel(sql_type = SqlUuid)]
    pub(super) program_id: ProgramId,
    /// Its code
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 32, example = "PKH")]
    pub(super) program_code: String,
    /// Its enrollment there
    #[diesel(sql_type = SqlUuid)]
    pub(super) enrollment_id: EnrollmentId,
    /// Where it stands in the program that was asked for; null where it is not on it
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) status: Option<EnrollmentStatus>,
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Place of a family in the list.
pub(super) type ListPlace = (i32, VillageCode, BeneficiaryId);

/// Which overlaps.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OverlapFilter {
    /// Day whose rules decide; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OverlapDay {
    /// Day whose rules decide; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
}

/// How many families of a village a program keeps off by a rule.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct OverlapCount {
    /// Village
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    /// Overlap rule
    #[diesel(sql_type = SqlUuid)]
    pub(super) rule_id: OverlapRuleId,
    /// Its short name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 32, example = "BLT-NOT-PKH")]
    pub(super) rule_code: String,
    /// Program that they have
    #[diesel(sql_type = SqlUuid)]
    pub(super) program_id: ProgramId,
    /// Its code
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 32, example = "PKH")]
    pub(super) program_code: String,
    /// Families that are eligible and would be refused
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) eligible: i64,
    /// Families that are on both already
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) on_both: i64,
}

/// All counts: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OverlapCounts {
    /// By village, rule and program
    pub(super) items: Vec<OverlapCount>,
}
