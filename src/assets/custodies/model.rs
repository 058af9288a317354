//! Custodies as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text as SqlText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::assets::model::AssetCondition;
use crate::domain::{AssetId, BeneficiaryId, CustodyId, Line, Name, Note, Text, VillageCode, text_enum};
use crate::http::ById;
use crate::schema::custodies;

text_enum! {
    /// Why a family has a piece of equipment no longer.
    CustodyEndReason {
        /// The family gave it back of its own.
        OwnWish "own_wish",
        /// Nobody used it.
        NotUsed "not_used",
        /// The family did not keep to what it had agreed to.
        TermsBroken "terms_broken",
        /// It did not fit the work, or does not work any more.
        Unfit "unfit",
        /// The family moved away.
        FamilyMoved "family_moved",
        /// The family is no more.
        FamilyEnded "family_ended",
        /// Something else, told in the note.
        Other "other",
        /// It is lost.
        Lost "lost",
        /// It is used no more.
        Retired "retired",
    }
}

/// That a family has a piece of equipment, or had it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = custodies, treat_none_as_default_value = false)]
pub(in crate::assets) struct Custody {
    /// Id of the custody
    pub(super) id: CustodyId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Piece of equipment
    pub(super) asset_id: AssetId,
    /// Family that keeps it, for itself or for a group
    pub(super) beneficiary_id: BeneficiaryId,
    /// Group that the family keeps it for
    #[schema(example = "Kelompok Tani Sintetis")]
    pub(super) group_name: Option<Name>,
    /// Village of the family at the hand-over
    pub(super) village_code: VillageCode,
    /// Where it is kept, in words
    #[schema(example = "Lumbung RT 02")]
    pub(super) place: Line,
    /// Number of the handover minutes (BAST)
    #[schema(example = "BAST/ALAT/2026/004")]
    pub(super) handover_number: Text<80>,
    /// What the family agreed to
    pub(super) terms: Option<Note>,
    /// First day
    pub(super) started_on: NaiveDate,
    /// Client that handed it over
    #[schema(max_length = 63)]
    pub(super) handed_over_by: String,
    /// Custody that it was transferred from
    pub(super) follows_id: Option<CustodyId>,
    /// Last day; null while the family has it
    pub(super) ended_on: Option<NaiveDate>,
    /// Why it ended
    pub(super) end_reason: Option<CustodyEndReason>,
    /// How the piece was then; missing where it did not come back
    pub(super) return_condition: Option<AssetCondition>,
    /// What was said of that
    pub(super) return_note: Option<Note>,
    /// Client that took it back
    #[schema(max_length = 63)]
    pub(super) ended_by: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// A piece of equipment to hand over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "beneficiary_id": "019b7542-7400-7000-8000-00000000b171", "group_name": "Kelompok Tani Sintetis",
    "place": "Lumbung RT 02", "handover_number": "BAST/ALAT/2026/004",
    "terms": "Dipakai bergiliran oleh anggota kelompok; tidak disewakan ke luar desa"
}))]
pub(super) struct NewHandOver {
    /// Family that gets it, for itself or for a group
    pub(super) beneficiary_id: BeneficiaryId,
    /// Group that the family keeps it for; no name of a person
    pub(super) group_name: Option<Name>,
    /// Where it is kept, in words; no personal data
    pub(super) place: Line,
    /// Number of the handover minutes (BAST)
    pub(super) handover_number: Text<80>,
    /// What the family agrees to; no personal data
    pub(super) terms: Option<Note>,
    /// First day; today where left out
    pub(super) started_on: Option<NaiveDate>,
}

/// A piece of equipment that comes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "not_used", "condition": "good", "note": "Lahan sudah dialihkan ke kebun" }))]
pub(super) struct NewHandBack {
    /// Why; not `lost` or `retired`, which a write-off tells
    pub(super) reason: CustodyEndReason,
    /// How it is; not missing
    pub(super) condition: AssetCondition,
    /// What is said of it; no personal data
    pub(super) note: Option<Note>,
    /// Last day with the family; today where left out
    pub(super) ended_on: Option<NaiveDate>,
}

/// A piece of equipment that goes from one family to another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "hand_back": { "reason": "not_used", "condition": "good" },
    "hand_over": {
        "beneficiary_id": "019b7542-7400-7000-8000-00000000b174", "place": "Bengkel RT 05",
        "handover_number": "BAST/ALAT/2026/005"
    }
}))]
pub(super) struct NewTransfer {
    /// How it leaves the one
    pub(super) hand_back: NewHandBack,
    /// How the other gets it; not before it has left the one
    pub(super) hand_over: NewHandOver,
}

/// Which custodies.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CustodyFilter {
    /// Of this piece of equipment
    #[param(inline)]
    pub(super) asset_id: Option<AssetId>,
    /// Of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Of families that lived in this village at the hand-over
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// That last, or that have ended
    pub(super) is_live: Option<bool>,
    /// Whose family is live, or has ended or moved away: what lasts with such a family is to be settled
    pub(super) is_family_live: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// A family that is held until the transaction ends.
#[derive(Debug, QueryableByName)]
pub(super) struct Keeper {
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Bool)]
    pub(super) is_live: bool,
}

/// How a custody ends.
#[derive(Debug, Clone)]
pub(in crate::assets) struct CustodyEnd {
    pub(in crate::assets) on: NaiveDate,
    pub(in crate::assets) reason: CustodyEndReason,
    pub(in crate::assets) condition: AssetCondition,
    pub(in crate::assets) note: Option<Note>,
}
