//! Visits as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::{BeneficiaryChanges, MemberChanges};
use crate::change_requests::Patch;
use crate::domain::{BeneficiaryId, Document, Evidence, MemberId, Note, VerificationRoundId, VisitId, text_enum};
use crate::http::ById;
use crate::schema::visits;

text_enum! {
    /// What a visit found.
    VisitFinding {
        /// The family is as recorded.
        Confirmed "confirmed",
        /// It is otherwise than recorded: the corrections say how.
        Corrected "corrected",
        /// It has moved away.
        Moved "moved",
        /// Nobody of it lives any more.
        Deceased "deceased",
        /// Nobody was met.
        NotFound "not_found",
        /// It did not want the visit.
        Refused "refused",
    }
}

/// A home visit.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = visits)]
pub struct Visit {
    /// Id of the visit
    pub id: VisitId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// Family
    pub beneficiary_id: BeneficiaryId,
    /// Round it belongs to
    pub round_id: Option<VerificationRoundId>,
    /// When, as the visitor's device says
    pub visited_at: DateTime<Utc>,
    /// What it found
    pub finding: VisitFinding,
    /// Poor by the field criterion; null where that was not asked or not seen
    pub is_poor: Option<bool>,
    /// What the visitor noted
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// What proves it and stays with the visitor
    #[schema(value_type = Vec<Evidence>, max_items = 20)]
    pub evidence: Document<Vec<Evidence>>,
    /// It confirmed the family's record
    pub has_confirmed: bool,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub recorded_by: String,
    /// When it was recorded
    pub created_at: DateTime<Utc>,
}

/// A visit to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "beneficiary_id": "019b7542-7400-7000-8000-00000000b129",
    "round_id": "019b7542-7400-7000-8000-000000600601", "visited_at": "2026-11-20T03:15:00Z", "finding": "confirmed",
    "version": 1, "note": "Ditemui di rumah",
    "evidence": [{
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "media_type": "image/jpeg",
        "place": "RT 03, tepi Sungai Belayan", "latitude": -0.2345, "longitude": 116.0123
    }]
}))]
pub(super) struct NewVisit {
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Round it belongs to; the family is on its list and it is open
    pub(super) round_id: Option<VerificationRoundId>,
    /// When, by the visitor's clock, to the microsecond; you record at most one visit of a family at a moment
    pub(super) visited_at: DateTime<Utc>,
    /// What it found
    pub(super) finding: VisitFinding,
    /// For `confirmed`: version of the family that was compared. Where it is still the newest and you may confirm
    /// families, the visit confirms the record
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Whether the family is poor by the field criterion; needed where a family of a sample was met
    pub(super) is_poor: Option<bool>,
    /// What the visitor noted
    pub(super) note: Option<Note>,
    /// What proves it and stays with the visitor
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) evidence: Vec<Evidence>,
    /// For `corrected`: what is to change of the family; a change request for a second person
    pub(super) family_correction: Option<FamilyCorrection>,
    /// For `corrected`: what is to change of its members; a change request each
    #[serde(default)]
    #[schema(max_items = 30)]
    pub(super) member_corrections: Vec<MemberCorrection>,
}

/// What a visit found otherwise of the family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyCorrection {
    /// Version of the family that was compared; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// What to change; what is left out stays, `null` clears
    #[schema(value_type = BeneficiaryChanges)]
    pub(super) changes: Patch,
}

/// What a visit found otherwise of a member.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberCorrection {
    /// Member of the family
    pub(super) member_id: MemberId,
    /// Version of the member that was compared; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// What to change; what is left out stays, `null` clears
    #[schema(value_type = MemberChanges)]
    pub(super) changes: Patch,
}

/// Which visits.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VisitFilter {
    /// Visits of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Visits of this round
    #[param(inline)]
    pub(super) round_id: Option<VerificationRoundId>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
