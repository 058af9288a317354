//! Batches as requests, rows and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    DeliveryBatchId, DeliveryId, DeviceId, Digest, EntitlementId, MemberId, Name, Quantity, StockLotId, StockSiteId,
    Text, canonical, text_enum,
};
use crate::http::ById;
use crate::programs::deliveries::NewDelivery;
use crate::schema::{delivery_batch_items, delivery_batches};

text_enum! {
    /// What became of a delivery that a device brought.
    ItemOutcome {
        /// It is a delivery.
        Accepted "accepted",
        /// It cannot be one for now: it is kept as a conflict.
        Conflict "conflict",
        /// Its id stands for something else already: nothing of it is kept.
        Refused "refused",
    }
}

/// A delivery as a device recorded it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::programs::deliveries) struct BatchDelivery {
    /// Id that the device gives the delivery: a UUID of its own making
    pub(in crate::programs::deliveries) id: DeliveryId,
    /// Entitlement it is of
    pub(in crate::programs::deliveries) entitlement_id: EntitlementId,
    /// How much, in the unit of the program
    quantity: Quantity,
    /// Component of the benefit that it is for, where it is for one
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pregnancy")]
    component: Option<Text<40>>,
    /// Day it was handed over
    delivered_on: NaiveDate,
    /// Member of the family who took it
    #[serde(skip_serializing_if = "Option::is_none")]
    collector_member_id: Option<MemberId>,
    /// Number of the paper that let an alternate take it
    #[serde(skip_serializing_if = "Option::is_none")]
    power_of_attorney: Option<Text<80>>,
    /// Name of the alternate; needed where the paper is not on record among the collectors of the family
    #[serde(skip_serializing_if = "Option::is_none")]
    receiver_name: Option<Name>,
    /// Number of the handover minutes (BAST)
    handover_number: Text<80>,
    /// SHA-256 of the signature or photo that the device keeps
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_digest: Option<Digest>,
    /// Media type of it; both or neither
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "image/jpeg")]
    proof_media_type: Option<Text<80>>,
    /// Where it was handed over
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Dermaga Desa Sirap")]
    pub(super) place: Option<Text<120>>,
    /// Lot that it was of, where it came from stock and was not handed out in bulk; with `stock_site_id`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stock_lot_id: Option<StockLotId>,
    /// Site that it came from
    #[serde(skip_serializing_if = "Option::is_none")]
    stock_site_id: Option<StockSiteId>,
}

impl BatchDelivery {
    /// The same as somebody with a signal would record it.
    pub(in crate::programs::deliveries) fn as_new(&self) -> NewDelivery {
        NewDelivery {
            entitlement_id: self.entitlement_id,
            quantity: self.quantity.clone(),
            component: self.component.clone(),
            delivered_on: self.delivered_on,
            collector_member_id: self.collector_member_id,
            power_of_attorney: self.power_of_attorney.clone(),
            receiver_name: self.receiver_name.clone(),
            handover_number: self.handover_number.clone(),
            proof_digest: self.proof_digest,
            proof_media_type: self.proof_media_type.clone(),
            stock_lot_id: self.stock_lot_id,
            stock_site_id: self.stock_site_id,
        }
    }
}

/// What a device signs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// Device that brings it
    pub(super) device_id: DeviceId,
    /// Id that the device gives the batch: a UUID of its own making
    #[serde(rename = "batch_id")]
    pub(super) id: DeliveryBatchId,
    /// Number that the device gives it, each once
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) sequence: i32,
    /// When the device closed it, by its own clock
    pub(super) made_at: DateTime<Utc>,
    /// What it recorded
    #[schema(min_items = 1, max_items = 200)]
    pub(super) deliveries: Vec<BatchDelivery>,
}

/// A batch with the text of it that was signed.
#[derive(Debug, Clone)]
pub(super) struct SignedText {
    pub(super) batch: Batch,
    /// Canonical JSON (RFC 8785) of what was sent.
    pub(super) text: String,
}

impl<'de> Deserialize<'de> for SignedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Value::deserialize(deserializer)?;
        let text = canonical(&sent);
        Ok(Self { batch: Batch::deserialize(sent).map_err(D::Error::custom)?, text })
    }
}

/// A batch with the signature of its device.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "batch": {
        "device_id": "019b7542-7400-7000-8000-000000601601", "batch_id": "019b7542-7400-7000-8000-000000601611", "sequence": 7,
        "made_at": "2026-01-20T03:15:00Z",
        "deliveries": [{
            "id": "019b7542-7400-7000-8000-000000601612", "entitlement_id": "019b7542-7400-7000-8000-00000000e44c",
            "quantity": "6", "delivered_on": "2026-01-20", "power_of_attorney": "SKU/SINTETIS/2026/002",
            "handover_number": "BAST/SINTETIS/2026/041", "place": "Dermaga Desa Sirap"
        }]
    },
    "signature": "KJEZP3yaL6r5VnQwK9n5mdZ7cf8KbSIjpzDxfQTL8_MHfCSI1EIbqI8I4N6XV4EW7vlRW85aX9eCEEhqBVMVCg"
}))]
pub(super) struct NewBatch {
    /// What is signed: its canonical JSON (RFC 8785), names in order and nothing between
    #[schema(value_type = Batch)]
    pub(super) batch: SignedText,
    /// Ed25519 signature of those bytes in base64url
    #[schema(min_length = 86, max_length = 86, pattern = "^[A-Za-z0-9_-]{86}$")]
    pub(super) signature: Text<86>,
}

/// What a device brought at once.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = delivery_batches)]
pub(super) struct DeliveryBatch {
    /// Id that the device gave it
    pub(super) id: DeliveryBatchId,
    /// Device that signed it
    pub(super) device_id: DeviceId,
    /// Number that the device gave it
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) sequence: i32,
    /// When the device closed it, by its own clock
    pub(super) made_at: DateTime<Utc>,
    /// Deliveries in it
    #[schema(minimum = 1, maximum = 200)]
    pub(super) item_count: i32,
    /// Of these accepted
    #[schema(minimum = 0, maximum = 200)]
    pub(super) accepted_count: i32,
    /// Of these kept as conflicts
    #[schema(minimum = 0, maximum = 200)]
    pub(super) conflict_count: i32,
    /// SHA-256 of the text that was signed
    pub(super) content_digest: Digest,
    /// Signature of the device
    #[schema(max_length = 86)]
    pub(super) signature: String,
    /// Client that brought it
    #[schema(max_length = 63)]
    pub(super) sent_by: String,
    /// When it was brought
    pub(super) created_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// What became of one delivery of a batch.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = delivery_batch_items)]
pub(super) struct BatchItem {
    /// Id that the device gave it: that of the delivery, or of the conflict
    pub(super) id: DeliveryId,
    /// What became of it
    pub(super) outcome: ItemOutcome,
    /// A batch before it, or a place before it in the batch, had brought the same already
    pub(super) is_repeated: bool,
    /// Where it was handed over, as the device says
    #[schema(max_length = 120)]
    pub(super) place: Option<String>,
    #[serde(skip)]
    pub(super) item_number: i16,
    #[serde(skip)]
    pub(super) content_digest: Digest,
    #[serde(skip)]
    pub(super) delivery_batch_id: DeliveryBatchId,
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A batch with what became of each delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchWithItems {
    /// The batch
    #[serde(flatten)]
    pub(super) batch: DeliveryBatch,
    /// What became of each delivery, in the order of the batch
    #[schema(min_items = 1, max_items = 200)]
    pub(super) items: Vec<BatchItem>,
}

/// Which batches.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BatchFilter {
    /// Batches of this device
    #[param(inline)]
    pub(super) device_id: Option<DeviceId>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
