//! Allocations and their deliveries as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{
    AllocationId, BeneficiaryId, CollectorKind, DeliveryId, Digest, Line, MemberId, Name, NeedId, PledgeId,
    PledgeLineId, Quantity, Text, TransferId, VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::{allocation_deliveries, allocations};

text_enum! {
    /// What became of an allocation.
    AllocationStatus {
        /// Some of it waits to be handed over.
        Reserved "reserved",
        /// All of it was handed over; `returned_quantity` tells what came back since.
        Delivered "delivered",
        /// What was not handed over is free again.
        Released "released",
    }
}

/// What of a pledge line is reserved for the need of one family.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = allocations, treat_none_as_default_value = false)]
pub(crate) struct Allocation {
    /// Area of the family; the caller's own.
    #[serde(skip)]
    pub(crate) area_id: i32,
    /// Id of the allocation
    pub(crate) id: AllocationId,
    /// Pledge it comes from
    pub(crate) pledge_id: PledgeId,
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// Need it is for
    pub(crate) need_id: NeedId,
    /// Family it is for
    pub(crate) beneficiary_id: BeneficiaryId,
    /// Village of the family when it was allocated
    pub(crate) village_code: VillageCode,
    /// How much was reserved
    pub(crate) quantity: Quantity,
    /// How much of it was handed over
    pub(crate) delivered_quantity: Quantity,
    /// How much of that came back; the family has the rest
    pub(crate) returned_quantity: Quantity,
    /// Run that allocated it; absent where an officer chose the family
    pub(crate) run_id: Option<Uuid>,
    /// Place in the order of the run, 1 first
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub(crate) rank_in_run: Option<i32>,
    /// Transfer that reserved it
    pub(crate) transfer_id: TransferId,
    /// Last day that it is kept for the family: what is still reserved after it is free again
    pub(crate) expires_on: NaiveDate,
    /// What became of it
    pub(crate) status: AllocationStatus,
    /// Client that allocated it
    #[schema(max_length = 63)]
    pub(crate) created_by: String,
    /// Why it was released; `expired` where its time ran out
    pub(crate) release_reason: Option<Line>,
    /// When it was released
    pub(crate) released_at: Option<DateTime<Utc>>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(crate) version: i32,
    /// When it was allocated
    pub(crate) created_at: DateTime<Utc>,
    /// When it last changed
    pub(crate) updated_at: DateTime<Utc>,
}

/// A family that an officer chooses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "pledge_line_id": "019b7542-7400-7000-8000-0000000000f3", "need_id": "019b7542-7400-7000-8000-0000000000f1",
    "quantity": "1"
}))]
pub(crate) struct NewAllocation {
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// Open need of a verified family in a village of the line
    pub(crate) need_id: NeedId,
    /// How much, at most what is free and what the family lacks
    pub(crate) quantity: Quantity,
    /// Last day that it is kept for the family, at most a year ahead; ninety days where it is not said
    pub(crate) expires_on: Option<NaiveDate>,
}

/// Handover of pledged aid to a family.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = allocation_deliveries, treat_none_as_default_value = false)]
pub(crate) struct AllocationDelivery {
    /// Area of the family; the caller's own.
    #[serde(skip)]
    pub(crate) area_id: i32,
    /// Id of the delivery
    pub(crate) id: DeliveryId,
    /// Allocation it is of
    pub(crate) allocation_id: AllocationId,
    /// Pledge it comes from
    pub(crate) pledge_id: PledgeId,
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// Family that got it
    pub(crate) beneficiary_id: BeneficiaryId,
    /// How much was handed over
    pub(crate) quantity: Quantity,
    /// Day it was handed over
    pub(crate) delivered_on: NaiveDate,
    /// Member who took it
    pub(crate) collector_member_id: Option<MemberId>,
    /// Who took it
    pub(crate) collector_kind: CollectorKind,
    /// Number of the paper that let an alternate take it
    pub(crate) power_of_attorney: Option<Text<80>>,
    /// Name of the alternate, where the paper was not on record; else the collectors of the family tell it
    pub(crate) receiver_name: Option<Name>,
    /// Number of the handover minutes (BAST)
    pub(crate) handover_number: Text<80>,
    /// SHA-256 of the signature or photo that the village keeps
    pub(crate) proof_digest: Digest,
    /// Media type of it
    #[schema(example = "image/jpeg")]
    pub(crate) proof_media_type: Text<80>,
    /// Transfer that moved it to delivered
    pub(crate) transfer_id: TransferId,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(crate) recorded_by: String,
    /// When it was recorded
    pub(crate) created_at: DateTime<Utc>,
}

/// A handover to record. Either a member of the family took it, or an alternate with power of attorney.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "quantity": "1", "delivered_on": "2026-11-12", "collector_member_id": "019b7542-7400-7000-8000-0000000000a1",
    "handover_number": "BAST/031/2026", "proof_media_type": "image/jpeg",
    "proof_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub(crate) struct NewAllocationDelivery {
    /// How much was handed over, at most what is still reserved
    pub(crate) quantity: Quantity,
    /// Day it was handed over
    pub(crate) delivered_on: NaiveDate,
    /// Member of the family who took it
    pub(crate) collector_member_id: Option<MemberId>,
    /// Number of the paper that let an alternate take it
    pub(crate) power_of_attorney: Option<Text<80>>,
    /// Name of the alternate; needed where the paper is not on record among the collectors of the family
    pub(crate) receiver_name: Option<Name>,
    /// Number of the handover minutes (BAST)
    pub(crate) handover_number: Text<80>,
    /// SHA-256 of the signature or photo that the village keeps
    pub(crate) proof_digest: Digest,
    /// Media type of it
    #[schema(example = "image/jpeg")]
    pub(crate) proof_media_type: Text<80>,
}

/// Why an allocation is released.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Keluarga pindah sebelum serah terima" }))]
pub(crate) struct Release {
    /// Reason, without names or numbers of persons
    pub(crate) reason: Line,
}

/// Which allocations.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AllocationFilter {
    /// Allocations of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Allocations of this line
    #[param(inline)]
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// Allocations of this run
    pub(super) run_id: Option<Uuid>,
    /// Allocations for this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Allocations for families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Allocations that stand so
    #[param(inline)]
    pub(super) status: Option<AllocationStatus>,
    /// Allocations that are kept until this day or an earlier one
    pub(super) expires_by: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// Place of an allocation in the list.
pub(super) type AllocationPlace = (i32, AllocationId);
