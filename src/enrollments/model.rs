//! Enrollments as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, EnrollmentId, Line, ProgramId, RuleSetId, Text, VillageCode, text_enum};
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

impl EnrollmentStatus {
    /// What a family with a place becomes that begins on a day.
    pub(super) fn beginning(first_day: NaiveDate, today: NaiveDate) -> Self {
        if first_day > today { Self::Confirmed } else { Self::Active }
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
    /// Village whose quota it counts for: where the family lived when it got its place
    pub quota_village_code: VillageCode,
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

/// A pause of one enrollment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Away for the harvest, back in March" }))]
pub(super) struct NewSuspension {
    /// Why; no personal data
    pub(super) reason: Line,
}

/// The confirmation of a family that was proposed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decree_number": "140/07/KEP-CAMAT/2026" }))]
pub(super) struct NewConfirmation {
    /// Decree or minutes that confirm it
    pub(super) decree_number: Text<80>,
    /// First day, at most a year ahead; today in the sub-district's time where left out. Its rule set, overlap rules and
    /// quotas decide, and those of today as well
    pub(super) started_on: Option<NaiveDate>,
}

/// The beginning of what is due to a confirmed family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewActivation {}

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
    /// Last day, today or before; today in the sub-district's time where left out
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

/// What a confirmation writes.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = enrollments)]
pub(super) struct Confirmed<'a> {
    pub(super) status: EnrollmentStatus,
    pub(super) rule_set_id: RuleSetId,
    pub(super) decided_by: &'a str,
    pub(super) decree_number: &'a str,
    pub(super) started_on: NaiveDate,
    pub(super) quota_village_code: VillageCode,
}
