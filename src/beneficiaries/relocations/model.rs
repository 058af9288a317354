//! Relocations as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, Line, RelocationId, VillageCode, text_enum};
use crate::http::ById;
use crate::schema::relocations;

text_enum! {
    /// What became of a relocation.
    RelocationStatus {
        /// The sub-district that it goes to has not decided.
        Offered "offered",
        /// The family lives there now.
        Accepted "accepted",
        /// The sub-district that it should go to did not take it.
        Refused "refused",
        /// The sub-district that offered it took it back.
        Withdrawn "withdrawn",
    }
}

/// A move of a family to another village.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = relocations, treat_none_as_default_value = false)]
pub(super) struct Relocation {
    /// Sub-district that the family leaves; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the relocation
    pub(super) id: RelocationId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Sub-district that it goes to; not shown.
    #[serde(skip)]
    pub(super) to_area_id: i32,
    /// Village that it leaves
    pub(super) from_village_code: VillageCode,
    /// Village that it goes to
    pub(super) village_code: VillageCode,
    /// Address there
    pub(super) address: Option<Line>,
    /// Day of the move
    pub(super) moved_on: NaiveDate,
    /// Name of the head when it was recorded
    #[schema(max_length = 120)]
    pub(super) head_name: String,
    /// Members when it was recorded
    #[schema(minimum = 0, maximum = 50)]
    pub(super) member_count: i32,
    /// What became of it
    pub(super) status: RelocationStatus,
    /// Why the family moves
    pub(super) reason: Option<Line>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) offered_by: String,
    /// Client that decided it
    #[schema(max_length = 63)]
    pub(super) decided_by: Option<String>,
    /// When it was decided
    pub(super) decided_at: Option<DateTime<Utc>>,
    /// Why it was decided so
    pub(super) decision_reason: Option<Line>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// A family that moves to another village.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_code": "64.02.10.2003", "address": "RT 01 Hambau", "on": "2026-11-02",
    "change_reason": "Ikut orang tua"
}))]
pub(super) struct NewRelocation {
    /// Version of the family that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Village that it goes to, of any sub-district
    pub(super) village_code: VillageCode,
    /// Address there
    pub(super) address: Option<Line>,
    /// Day of the move
    pub(super) on: NaiveDate,
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// The acceptance of a family that another sub-district offers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewAcceptance {
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// Why an offer is refused or taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Keluarga tidak tinggal di desa itu" }))]
pub(super) struct Decline {
    /// Why; no names and numbers of persons
    pub(super) reason: Line,
}

/// Which relocations.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RelocationFilter {
    /// Relocations that stand so
    #[param(inline)]
    pub(super) status: Option<RelocationStatus>,
    /// Relocations of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Relocations into your sub-districts, or those out of them and within them
    pub(super) is_incoming: Option<bool>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
