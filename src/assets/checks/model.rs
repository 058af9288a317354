//! Checks as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Nullable, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::assets::model::{AssetCondition, AssetStatus};
use crate::domain::{
    AssetCheckId, AssetId, BeneficiaryId, CustodyId, Document, Evidence, Note, Text, VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::asset_checks;

text_enum! {
    /// By since when a check is due.
    ByCheckDay {
        /// Upwards.
        Up "next_check_on",
        /// Downwards.
        Down "-next_check_on",
    }
}

/// What somebody found who looked at a piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = asset_checks, treat_none_as_default_value = false)]
pub(super) struct AssetCheck {
    /// Id of the check
    pub(super) id: AssetCheckId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Piece of equipment
    pub(super) asset_id: AssetId,
    /// Custody that it was in
    pub(super) custody_id: Option<CustodyId>,
    /// Village of that custody
    pub(super) village_code: Option<VillageCode>,
    /// Day of the check
    pub(super) checked_on: NaiveDate,
    /// How the piece was
    pub(super) condition: AssetCondition,
    /// Whether it was in use
    pub(super) is_in_use: bool,
    /// Hours that its meter told
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub(super) meter_hours: Option<i32>,
    /// What was noted
    pub(super) note: Option<Note>,
    /// Pictures and papers, by their digests
    #[schema(value_type = Vec<Evidence>, max_items = 20)]
    pub(super) evidence: Document<Vec<Evidence>>,
    /// Day by which somebody looks at it again
    pub(super) next_check_on: NaiveDate,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) checked_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
}

/// A check to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "condition": "worn", "is_in_use": true, "meter_hours": 412, "note": "Sabuk mulai retak",
    "evidence": [{
        "digest": "9c1185a5c5e9fc54612808977ee8f548b2258d31b4c6f9a3c1d1e0b1f2a3c4d5", "media_type": "image/jpeg",
        "place": "Lumbung RT 02"
    }]
}))]
pub(super) struct NewAssetCheck {
    /// Day of the check; today where left out
    pub(super) checked_on: Option<NaiveDate>,
    /// How the piece is
    pub(super) condition: AssetCondition,
    /// Whether it is in use; nothing missing is
    pub(super) is_in_use: bool,
    /// Hours that its meter tells
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub(super) meter_hours: Option<i32>,
    /// What is noted; no personal data
    pub(super) note: Option<Note>,
    /// Pictures and papers, by their digests
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) evidence: Vec<Evidence>,
    /// Day by which somebody looks at it again; six months later where left out
    pub(super) next_check_on: Option<NaiveDate>,
}

/// Which checks.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AssetCheckFilter {
    /// Of this piece of equipment
    #[param(inline)]
    pub(super) asset_id: Option<AssetId>,
    /// In custody in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// That found it in this condition
    #[param(inline)]
    pub(super) condition: Option<AssetCondition>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}

/// A piece of equipment that is to be looked at.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct DueAssetCheck {
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Piece of equipment
    #[diesel(sql_type = SqlUuid)]
    pub(super) asset_id: AssetId,
    /// Label of the sub-district on it
    #[diesel(sql_type = SqlText)]
    asset_number: Text<40>,
    /// Kind of equipment
    #[diesel(sql_type = SqlText)]
    #[schema(example = "hand_tractor")]
    kind: Text<40>,
    /// Day by which somebody was to look at it
    #[diesel(sql_type = Date)]
    pub(super) next_check_on: NaiveDate,
    /// Day of the newest check
    #[diesel(sql_type = Nullable<Date>)]
    last_checked_on: Option<NaiveDate>,
    /// Where it is
    #[diesel(sql_type = SqlText)]
    status: AssetStatus,
    /// How it was then
    #[diesel(sql_type = SqlText)]
    condition: AssetCondition,
    /// Custody that it is in
    #[diesel(sql_type = Nullable<SqlUuid>)]
    custody_id: Option<CustodyId>,
    /// Family that has it
    #[diesel(sql_type = Nullable<SqlUuid>)]
    beneficiary_id: Option<BeneficiaryId>,
    /// Village of that custody
    #[diesel(sql_type = Nullable<SqlText>)]
    village_code: Option<VillageCode>,
    /// Where it is kept, in words
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 200)]
    place: Option<String>,
}

/// Place in the list of what is due.
pub(super) type DueCheckPlace = (NaiveDate, i32, AssetId);

/// Which due checks.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueAssetCheckFilter {
    /// Due at the end of this day; today where it is left out
    pub(super) on: Option<NaiveDate>,
    /// Of equipment in custody in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of equipment of this kind
    #[param(inline)]
    pub(super) kind: Option<Text<40>>,
    /// In which order
    #[param(inline, default = "next_check_on")]
    pub(super) sort: Option<ByCheckDay>,
}
