//! Equipment as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Nullable, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    AidId, AssetId, BeneficiaryId, CustodyId, DeliveryId, DistrictCode, Note, PledgeId, ProgramId, Rupiah, Text,
    VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::assets;

text_enum! {
    /// Where a piece of equipment is from.
    AssetSource {
        /// A delivery of a program.
        Program "program",
        /// A handover of a pledge.
        Company "company",
        /// Bought or made by the sub-district.
        Bought "bought",
    }
}

text_enum! {
    /// Where a piece of equipment is.
    AssetStatus {
        /// With the sub-district, to be handed over.
        InStore "in_store",
        /// With a family.
        InCustody "in_custody",
        /// In a workshop; the family that had it has it again afterwards.
        UnderRepair "under_repair",
        /// Nobody knows where.
        Lost "lost",
        /// Used no more.
        Retired "retired",
    }
}

text_enum! {
    /// How a piece of equipment is.
    AssetCondition {
        /// It works.
        Good "good",
        /// It works, and will not for long.
        Worn "worn",
        /// It does not work.
        Broken "broken",
        /// It was not there.
        Missing "missing",
    }
}

/// A piece of equipment.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = assets, treat_none_as_default_value = false)]
#[expect(clippy::struct_field_names, reason = "the number on the label has that name everywhere")]
pub(super) struct Asset {
    /// Id of the piece
    pub(super) id: AssetId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Label of the sub-district on it
    #[schema(example = "KJ-HT-2026-0007")]
    pub(super) asset_number: Text<40>,
    /// Kind of help that it is
    #[schema(example = "hand_tractor")]
    pub(super) kind: Text<40>,
    /// Number of its maker
    pub(super) serial_number: Option<Text<80>>,
    /// Where it is from
    pub(super) source: AssetSource,
    /// Delivery of a program by which it came
    pub(super) delivery_id: Option<DeliveryId>,
    /// Period of that delivery; not shown.
    #[serde(skip)]
    pub(super) delivery_period: Option<NaiveDate>,
    /// Handover of a pledge by which it came
    pub(super) allocation_delivery_id: Option<DeliveryId>,
    /// Entitlement or allocation that it came by; follow-ups of the family name the same
    pub(super) aid_id: Option<AidId>,
    /// Program that gave it
    pub(super) program_id: Option<ProgramId>,
    /// Pledge that it is of
    pub(super) pledge_id: Option<PledgeId>,
    /// What it was worth when it was acquired
    pub(super) value_rupiah: Option<Rupiah>,
    /// Day from which the sub-district has it on its list
    pub(super) acquired_on: NaiveDate,
    /// Where it is
    pub(super) status: AssetStatus,
    /// Since when it is there
    pub(super) status_since: NaiveDate,
    /// Why it is under repair, lost or retired
    #[schema(max_length = 2000)]
    pub(super) status_reason: Option<String>,
    /// Number of the minutes of that
    #[schema(max_length = 80)]
    pub(super) status_minutes_number: Option<String>,
    /// How it is, by the newest check, hand-back or repair
    pub(super) condition: AssetCondition,
    /// Custody that it is in; stays while it is under repair
    pub(super) custody_id: Option<CustodyId>,
    /// Day of the newest check
    pub(super) last_checked_on: Option<NaiveDate>,
    /// Day by which somebody looks at it
    pub(super) next_check_on: NaiveDate,
    /// Client that registered it
    #[schema(max_length = 63)]
    pub(super) registered_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was registered
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// What of a piece of equipment changes.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = assets, treat_none_as_null = true)]
pub(super) struct AssetState {
    pub(super) status: AssetStatus,
    pub(super) status_since: NaiveDate,
    pub(super) status_reason: Option<String>,
    pub(super) status_minutes_number: Option<String>,
    pub(super) condition: AssetCondition,
    pub(super) custody_id: Option<CustodyId>,
    pub(super) last_checked_on: Option<NaiveDate>,
    pub(super) next_check_on: NaiveDate,
}

impl AssetState {
    /// As it is.
    pub(super) fn of(asset: &Asset) -> Self {
        Self {
            status: asset.status,
            status_since: asset.status_since,
            status_reason: asset.status_reason.clone(),
            status_minutes_number: asset.status_minutes_number.clone(),
            condition: asset.condition,
            custody_id: asset.custody_id,
            last_checked_on: asset.last_checked_on,
            next_check_on: asset.next_check_on,
        }
    }

    /// As it is, somewhere that needs no reason.
    pub(super) fn moved(asset: &Asset, status: AssetStatus, since: NaiveDate) -> Self {
        Self { status, status_since: since, status_reason: None, status_minutes_number: None, ..Self::of(asset) }
    }
}

/// A piece of equipment to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "asset_number": "KJ-HT-2026-0101", "kind": "hand_tractor", "serial_number": "TR-SINTETIS-0101",
    "value_rupiah": 24_500_000, "acquired_on": "2026-02-10"
}))]
pub(super) struct NewAsset {
    /// Label of the sub-district on it, which no other piece has
    pub(super) asset_number: Text<40>,
    /// Kind of equipment; see `/v1/need-kinds`
    pub(super) kind: Text<40>,
    /// Number of its maker
    pub(super) serial_number: Option<Text<80>>,
    /// Delivery of an equipment program by which it came, where it was that
    pub(super) delivery_id: Option<DeliveryId>,
    /// Handover of a pledge by which it came, where it was that; with neither it was bought
    pub(super) allocation_delivery_id: Option<DeliveryId>,
    /// What it is worth
    pub(super) value_rupiah: Option<Rupiah>,
    /// Day from which the sub-district has it on its list; today where left out
    pub(super) acquired_on: Option<NaiveDate>,
    /// How it is; good where left out
    pub(super) condition: Option<AssetCondition>,
    /// Sub-district that bought it; needed by those who act for several
    pub(super) district_code: Option<DistrictCode>,
}

/// A repair that begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Bearing aus", "minutes_number": "BA/RUSAK/2026/003" }))]
pub(super) struct NewAssetRepair {
    /// What is wrong, and who repairs it; no personal data
    pub(super) reason: Note,
    /// Number of the minutes
    pub(super) minutes_number: Text<80>,
    /// Day on which it went to the workshop; today where left out
    pub(super) started_on: Option<NaiveDate>,
}

/// A repair that ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "condition": "good" }))]
pub(super) struct NewAssetRepairEnd {
    /// How it is now; not missing
    pub(super) condition: AssetCondition,
    /// Day on which it came back; today where left out
    pub(super) ended_on: Option<NaiveDate>,
}

/// A lost piece of equipment that was found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "condition": "worn" }))]
pub(super) struct NewAssetRecovery {
    /// How it is; not missing
    pub(super) condition: AssetCondition,
    /// Day on which it came back to the store; today where left out
    pub(super) recovered_on: Option<NaiveDate>,
}

/// Which equipment.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AssetFilter {
    /// The piece with this label
    #[param(inline)]
    pub(super) asset_number: Option<Text<40>>,
    /// Of this kind
    #[param(inline)]
    pub(super) kind: Option<Text<40>>,
    /// That is there
    #[param(inline)]
    pub(super) status: Option<AssetStatus>,
    /// That is in this condition
    #[param(inline)]
    pub(super) condition: Option<AssetCondition>,
    /// From there
    #[param(inline)]
    pub(super) source: Option<AssetSource>,
    /// That came by this entitlement or allocation
    #[param(inline)]
    pub(super) aid_id: Option<AidId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// In the custody of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// In custody in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// What a piece came by: held until the transaction ends.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Origin {
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) period: Option<NaiveDate>,
    #[diesel(sql_type = SqlUuid)]
    pub(super) aid_id: AidId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) program_id: Option<ProgramId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Kind of a pledge; a program does not say.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) kind: Option<String>,
    /// Pieces that each unit of it is, of the kind asked for.
    #[diesel(sql_type = Int4)]
    pub(super) pieces: i32,
}

/// A reason and a paper, where a status needs them.
pub(super) fn told(reason: &Note, minutes_number: &Text<80>) -> (Option<String>, Option<String>) {
    (Some(reason.to_string()), Some(minutes_number.to_string()))
}
