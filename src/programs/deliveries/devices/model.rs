//! Devices as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DeviceId, DistrictCode, Name, Note, Text, text_enum};
use crate::http::ById;
use crate::schema::devices;

text_enum! {
    /// Whether a device may bring anything.
    DeviceStatus {
        /// It may.
        Active "active",
        /// No longer.
        Revoked "revoked",
    }
}

/// A device that records deliveries without signal.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = devices)]
pub(in crate::programs::deliveries) struct Device {
    /// Id of the device
    pub(in crate::programs::deliveries) id: DeviceId,
    /// What people call it
    #[schema(max_length = 120, example = "Tablet perahu 2")]
    pub(super) label: String,
    /// Ed25519 key that verifies its batches: the 32 bytes in base64url
    #[schema(
        min_length = 43,
        max_length = 43,
        pattern = "^[A-Za-z0-9_-]{43}$",
        example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    )]
    pub(in crate::programs::deliveries) public_key: String,
    /// Client that uses it
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// Whether it may bring anything
    pub(in crate::programs::deliveries) status: DeviceStatus,
    /// Client that registered it
    #[schema(max_length = 63)]
    pub(super) registered_by: String,
    /// Client that revoked it
    #[schema(max_length = 63)]
    pub(super) revoked_by: Option<String>,
    /// When it was revoked
    pub(super) revoked_at: Option<DateTime<Utc>>,
    /// Why it was revoked
    #[schema(max_length = 2000)]
    pub(super) revocation_reason: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was registered
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(in crate::programs::deliveries) area_id: i32,
}

/// A device to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "label": "Tablet perahu 2", "public_key": "ewR4HuHUG5KPE0lne0fNjTCEWXhyYRv6qFjVi6ouAvs",
    "client_id": "sandbox-kecamatan"
}))]
pub(super) struct NewDevice {
    /// What people call it
    pub(super) label: Name,
    /// Ed25519 key that verifies its batches: the 32 bytes in base64url; the private half never leaves the device
    pub(super) public_key: Text<43>,
    /// Client that uses it: one that may record deliveries in the sub-district
    pub(super) client_id: Text<63>,
    /// Sub-district; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// The end of a device.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Tablet hilang di sungai" }))]
pub(super) struct NewDeviceRevocation {
    /// Why
    pub(super) reason: Note,
}

/// Which devices.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeviceFilter {
    /// Devices with this status
    #[param(inline)]
    pub(super) status: Option<DeviceStatus>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
