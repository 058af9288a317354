//! Graduations as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Int4, Text as SqlText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, EnrollmentId, GraduationCriteriaId, GraduationId, Note, VillageCode, text_enum};
use crate::http::ById;
use crate::schema::graduations;

text_enum! {
    /// Why a family that stood on its own needs aid again.
    GraduateReturnReason {
        /// Its work or business brings in too little.
        IncomeLost "income_lost",
        /// Who earned for it died or left.
        EarnerLost "earner_lost",
        /// Somebody of it is ill.
        Illness "illness",
        /// Flood, fire or a like misfortune.
        Disaster "disaster",
        /// It was not ready.
        DecidedWrongly "decided_wrongly",
        /// Something else, told in the note.
        Other "other",
    }
}

text_enum! {
    /// How it goes with families that graduated.
    GraduationState {
        /// They are looked after.
        AfterCare "after_care",
        /// They stand on their own, and the care is over.
        Independent "independent",
        /// They needed aid again.
        Returned "returned",
    }
}

/// A family that left aid because it stands on its own.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub(super) struct Graduation {
    /// Id of the graduation
    pub(super) id: GraduationId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Where it lived then
    pub(super) village_code: VillageCode,
    /// Criteria by which it was ready
    pub(super) criteria_id: GraduationCriteriaId,
    /// First day on its own
    pub(super) graduated_on: NaiveDate,
    /// Last day on which the sub-district looks after it
    pub(super) after_care_until: NaiveDate,
    /// Enrollments that ended with it
    #[schema(min_items = 1, max_items = 200)]
    pub(super) enrollment_ids: Vec<EnrollmentId>,
    /// What was said of it
    #[schema(max_length = 2000)]
    pub(super) note: Option<String>,
    /// Client that decided
    #[schema(max_length = 63)]
    pub(super) decided_by: String,
    /// Day on which it needed aid again; null while it stands on its own
    pub(super) returned_on: Option<NaiveDate>,
    /// Why it needed aid again
    pub(super) return_reason: Option<GraduateReturnReason>,
    /// What was said of that
    #[schema(max_length = 2000)]
    pub(super) return_note: Option<String>,
    /// Client that recorded that
    #[schema(max_length = 63)]
    pub(super) returned_by: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was written down
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A family that graduates.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "beneficiary_id": "019b7542-7400-7000-8000-00000000b164", "note": "Lives on its own palm plot and the sewing of the mother"
}))]
pub(super) struct NewGraduation {
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// First day on its own, whose criteria decide; today in the sub-district's time where left out
    pub(super) graduated_on: Option<NaiveDate>,
    /// What is said of it; no personal data
    pub(super) note: Option<Note>,
}

/// A family that needs aid again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "income_lost", "note": "The press of the mill stands still since October" }))]
pub(super) struct NewGraduateReturn {
    /// Why
    pub(super) reason: GraduateReturnReason,
    /// Day on which it needed aid again; today in the sub-district's time where left out
    pub(super) returned_on: Option<NaiveDate>,
    /// What is said of it; no personal data
    pub(super) note: Option<Note>,
}

/// Which graduations.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct GraduationFilter {
    /// Graduations of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Graduations of families that lived in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Graduations of families with whom it goes so today
    #[param(inline)]
    pub(super) state: Option<GraduationState>,
    /// Graduations whose care ends by this day
    pub(super) after_care_until: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// A family that is held until the transaction ends.
#[derive(Debug, QueryableByName)]
pub(super) struct HeldFamily {
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Bool)]
    pub(super) is_live: bool,
}
