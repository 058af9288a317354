//! Enrollments as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, DistrictCode, EnrollmentId, Line, ProgramId, RuleSetId, Text, VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::enrollments;

text_enum! {
    /// Where an enrollment stands.
    EnrollmentStatus {
        /// Somebody proposed the family.
        Proposed "proposed",
        /// A meeting or decree confirmed it.
        Confirmed "confirmed",
        /// It gets what is due.
        Active "active",
        /// It rests until somebody resumes it.
        Suspended "suspended",
        /// It has left the program.
        Exited "exited",
    }
}

text_enum! {
    /// Why a family left a program.
    ExitReason {
        /// It earns for itself.
        Graduated "graduated",
        /// Nobody of it lives any more.
        Deceased "deceased",
        /// It moved away.
        Moved "moved",
        /// The rules no longer reach it.
        Ineligible "ineligible",
        /// Another family took its place.
        Replaced "replaced",
        /// It was on the list twice.
        Duplicate "duplicate",
        /// It asked for it.
        OwnWish "own_wish",
    }
}

/// A family on a program.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub struct Enrollment {
    /// Id of the enrollment
    pub id: EnrollmentId,
    /// Program
    pub program_id: ProgramId,
    /// Family
    pub beneficiary_id: BeneficiaryId,
    /// Rule set that it was found eligible by
    pub rule_set_id: RuleSetId,
    /// Where it stands
    pub status: EnrollmentStatus,
    /// Client that enrolled it
    #[schema(max_length = 63)]
    pub decided_by: String,
    /// Decree or minutes that confirmed it
    #[schema(max_length = 80)]
    pub decree_number: Option<String>,
    /// Why it rests
    #[schema(max_length = 200)]
    pub suspension_reason: Option<String>,
    /// Why it left
    pub exit_reason: Option<ExitReason>,
    /// First day
    pub started_on: NaiveDate,
    /// Last day
    pub ended_on: Option<NaiveDate>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was written down
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Which enrollments.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EnrollmentFilter {
    /// Enrollments in this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Enrollments of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Enrollments of families that live in this village now
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Enrollments that stand so
    #[param(inline)]
    pub(super) status: Option<EnrollmentStatus>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// Families to enrol in one go: all that are eligible, or of those the ones named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decree_number": "140/07/KEP-CAMAT/2026", "village_codes": ["64.02.10.2004"] }))]
pub(super) struct NewEnrollmentRun {
    /// Decree or minutes that confirm the list
    pub(super) decree_number: Text<80>,
    /// First day, whose rule set decides; today in the sub-district's time where left out
    pub(super) started_on: Option<NaiveDate>,
    /// Only families of these villages
    #[schema(max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Only these families
    #[schema(max_items = 1000)]
    pub(super) beneficiary_ids: Option<Vec<BeneficiaryId>>,
    /// Also families that left the program before
    #[serde(default)]
    pub(super) include_exited: bool,
    /// Sub-district to enrol in; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// What became of the families of a run. The parts add up to all that were considered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct EnrollmentRun {
    /// Program
    pub(super) program_id: ProgramId,
    /// Rule set that decided
    pub(super) rule_set_id: RuleSetId,
    /// Its number
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) rule_set_number: i32,
    /// First day
    pub(super) started_on: NaiveDate,
    /// Decree or minutes that confirm the list
    #[schema(max_length = 80)]
    pub(super) decree_number: String,
    /// Counts
    #[serde(flatten)]
    pub(super) counts: RunCounts,
}

/// How many families a run did what with.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct RunCounts {
    /// Live families that were looked at
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) considered: i64,
    /// Enrolled now
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) enrolled: i64,
    /// On the program already; those that rest go on resting
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) already_enrolled: i64,
    /// Eligible, but left the program before
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) exited_before: i64,
    /// The rule does not say yes
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) not_eligible: i64,
}

/// A pause of one enrollment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Away for the harvest, back in March" }))]
pub(super) struct NewSuspension {
    /// Why; no personal data
    pub(super) reason: Line,
}

/// The end of a pause.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewResumption {}

/// A family that leaves a program.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "graduated" }))]
pub(super) struct NewExit {
    /// Why
    pub(super) reason: ExitReason,
    /// Last day; today in the sub-district's time where left out
    pub(super) ended_on: Option<NaiveDate>,
}

/// What changes of an enrollment.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = enrollments, treat_none_as_null = true)]
pub(super) struct NewState {
    pub(super) status: EnrollmentStatus,
    pub(super) suspension_reason: Option<String>,
    pub(super) exit_reason: Option<ExitReason>,
    pub(super) ended_on: Option<NaiveDate>,
}
