//! Places on reserve lists as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Int4, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, EnrollmentId, Line, ProgramId, ReserveId, RuleSetId, VillageCode, text_enum};
use crate::http::ByPlace;
use crate::schema::reserves;

text_enum! {
    /// Where a place on a reserve list stands.
    ReserveStatus {
        /// The family waits.
        Waiting "waiting",
        /// It got a place of the program.
        Taken "taken",
        /// It was taken off the list.
        Removed "removed",
    }
}

text_enum! {
    /// Why a family waits.
    ReserveReason {
        /// The quota of its village was full.
        VillageQuota "village_quota",
        /// The quota of the sub-district was full.
        DistrictQuota "district_quota",
        /// A village meeting decided it.
        Meeting "meeting",
    }
}

/// A family that waits for a place of a program.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub(super) struct Reserve {
    /// Id of the place
    pub(super) id: ReserveId,
    /// Program
    pub(super) program_id: ProgramId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village whose quota it waits for
    pub(super) village_code: VillageCode,
    /// Its place on the list of the sub-district, the smallest first; those that are given up stay empty
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) place: i32,
    /// Where it stands
    pub(super) status: ReserveStatus,
    /// Why it waits
    pub(super) reason: ReserveReason,
    /// What the order followed
    #[schema(max_length = 120, example = "decile, lots of 140/07/KEP-CAMAT/2026")]
    pub(super) ordered_by: String,
    /// Welfare rank that it was ordered by, 1 poorest to 10
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i16>,
    /// Rule set that it was found eligible by
    pub(super) rule_set_id: RuleSetId,
    /// Decree or minutes that the list rests on
    #[schema(max_length = 80)]
    pub(super) decree_number: Option<String>,
    /// What it became, once a place was free
    pub(super) enrollment_id: Option<EnrollmentId>,
    /// Why it was taken off the list
    #[schema(max_length = 200)]
    pub(super) removal_reason: Option<String>,
    /// Client that put it there
    #[schema(max_length = 63)]
    pub(super) placed_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was put there
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Which places of a list.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReserveFilter {
    /// Families of this village's list
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Places that stand so
    #[param(inline)]
    pub(super) status: Option<ReserveStatus>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "place")]
    pub(super) sort: Option<ByPlace>,
}

/// A family that is taken off a reserve list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Moved to another regency" }))]
pub(super) struct NewRemoval {
    /// Why; no personal data
    pub(super) reason: Line,
}

/// The first who can take a place.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(in crate::enrollments) struct Next {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::enrollments) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Int4)]
    pub(in crate::enrollments) place: i32,
}
