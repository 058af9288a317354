//! Conflicts as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db;
use crate::domain::{DeliveryBatchId, DeliveryId, DeviceId, Document, EntitlementId, Note, text_enum};
use crate::error::Code;
use crate::http::ById;
use crate::programs::deliveries::batches::BatchDelivery;
use crate::schema::delivery_conflicts;

text_enum! {
    /// Whether somebody has settled a conflict.
    ConflictStatus {
        /// Nobody has.
        Open "open",
        /// It was put aside, with a reason.
        Dismissed "dismissed",
        /// It is a delivery by now.
        Applied "applied",
    }
}

/// What a device says was handed over and could not be when it arrived.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = delivery_conflicts)]
pub(super) struct DeliveryConflict {
    /// Id that the device gave the delivery; that of the delivery once it is applied
    pub(super) id: DeliveryId,
    /// Batch that brought it
    pub(super) delivery_batch_id: DeliveryBatchId,
    /// Device that says so
    pub(super) device_id: DeviceId,
    /// Entitlement that it names
    pub(super) entitlement_id: EntitlementId,
    /// What the device says happened
    #[schema(value_type = BatchDelivery)]
    pub(super) said: Document<BatchDelivery>,
    /// Why it could not be, to switch on
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "entitlement_used_up")]
    pub(super) code: String,
    /// Field at fault, where it is one
    #[schema(max_length = 80, example = "/quantity")]
    pub(super) pointer: Option<String>,
    /// What it is about, such as what was left
    #[schema(max_length = 500, example = "4 kg")]
    pub(super) about: Option<String>,
    /// Whether somebody has settled it
    pub(super) status: ConflictStatus,
    /// Client that settled it
    #[schema(max_length = 63)]
    pub(super) settled_by: Option<String>,
    /// When it was settled
    pub(super) settled_at: Option<DateTime<Utc>>,
    /// Why it was dismissed
    #[schema(max_length = 2000)]
    pub(super) settlement_reason: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it arrived
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A conflict to keep.
#[derive(Debug, Insertable)]
#[diesel(table_name = delivery_conflicts)]
pub(in crate::programs::deliveries) struct NewConflict {
    area_id: i32,
    id: DeliveryId,
    delivery_batch_id: DeliveryBatchId,
    device_id: DeviceId,
    entitlement_id: EntitlementId,
    said: Document<BatchDelivery>,
    code: &'static str,
    pointer: Option<String>,
    about: Option<String>,
    status: ConflictStatus,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl NewConflict {
    /// What a device said in a batch, and why it cannot be.
    pub(in crate::programs::deliveries) fn of(
        (area_id, device_id, delivery_batch_id): (i32, DeviceId, DeliveryBatchId),
        said: &BatchDelivery,
        (code, pointer, about): (Code, Option<String>, Option<String>),
    ) -> Self {
        let now = db::now();
        Self {
            area_id,
            id: said.id,
            delivery_batch_id,
            device_id,
            entitlement_id: said.entitlement_id,
            said: Document(said.clone()),
            code: code.as_str(),
            pointer,
            about,
            status: ConflictStatus::Open,
            created_at: now,
            updated_at: now,
        }
    }
}

/// A conflict to put aside.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Sudah dicatat di kantor desa pada hari itu" }))]
pub(super) struct NewConflictDismissal {
    /// Why
    pub(super) reason: Note,
}

/// A conflict to make a delivery of.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewConflictApplication {}

/// Which conflicts.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ConflictFilter {
    /// Conflicts in this state
    #[param(inline)]
    pub(super) status: Option<ConflictStatus>,
    /// Conflicts that this device reported
    #[param(inline)]
    pub(super) device_id: Option<DeviceId>,
    /// Conflicts of this batch
    #[param(inline)]
    pub(super) delivery_batch_id: Option<DeliveryBatchId>,
    /// Conflicts about this entitlement
    #[param(inline)]
    pub(super) entitlement_id: Option<EntitlementId>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
