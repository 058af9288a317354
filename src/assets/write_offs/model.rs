//! Write-offs as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{AssetId, AssetWriteOffId, Note, Text, text_enum};
use crate::http::ById;
use crate::schema::asset_write_offs;

text_enum! {
    /// What becomes of a piece of equipment.
    AssetWriteOffKind {
        /// Nobody knows where it is; a check found it missing.
        Lost "lost",
        /// It is used no more; a check found it broken or worn.
        Retired "retired",
    }
}

text_enum! {
    /// What became of a proposed write-off.
    AssetWriteOffStatus {
        /// It waits for another officer.
        Proposed "proposed",
        /// Another officer agreed: the piece is off the list.
        Agreed "agreed",
        /// It was refused or taken back: the piece stays.
        Refused "refused",
    }
}

/// That a piece of equipment is lost or retired.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = asset_write_offs, treat_none_as_default_value = false)]
pub(super) struct AssetWriteOff {
    /// Id of the write-off
    pub(super) id: AssetWriteOffId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Piece of equipment
    pub(super) asset_id: AssetId,
    /// What becomes of it
    pub(super) kind: AssetWriteOffKind,
    /// Day of the loss, or of the end of its use
    pub(super) happened_on: NaiveDate,
    /// Why
    pub(super) reason: Note,
    /// Number of the minutes
    #[schema(example = "BA/HILANG/2026/001")]
    pub(super) minutes_number: Text<80>,
    /// Client that proposed it
    #[schema(max_length = 63)]
    pub(super) proposed_by: String,
    /// What became of it
    pub(super) status: AssetWriteOffStatus,
    /// Client that decided
    #[schema(max_length = 63)]
    pub(super) decided_by: Option<String>,
    /// When
    pub(super) decided_at: Option<DateTime<Utc>>,
    /// Why it was refused
    pub(super) refusal_reason: Option<Note>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was proposed
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// A write-off to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "lost", "reason": "Hanyut saat banjir; tidak ditemukan setelah dua minggu",
    "minutes_number": "BA/HILANG/2026/001"
}))]
pub(super) struct NewAssetWriteOff {
    /// What becomes of the piece
    pub(super) kind: AssetWriteOffKind,
    /// Why; no personal data
    pub(super) reason: Note,
    /// Number of the minutes
    pub(super) minutes_number: Text<80>,
    /// Day of the loss, or of the end of its use; today where left out
    pub(super) happened_on: Option<NaiveDate>,
}

/// Agreement to a write-off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewAssetWriteOffAgreement {}

/// Refusal of a write-off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Cari dahulu bersama perangkat desa" }))]
pub(super) struct NewAssetWriteOffRefusal {
    /// Why; no personal data
    pub(super) reason: Note,
}

/// Which write-offs.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AssetWriteOffFilter {
    /// Of this piece of equipment
    #[param(inline)]
    pub(super) asset_id: Option<AssetId>,
    /// Of this kind
    #[param(inline)]
    pub(super) kind: Option<AssetWriteOffKind>,
    /// Of which this became
    #[param(inline)]
    pub(super) status: Option<AssetWriteOffStatus>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
