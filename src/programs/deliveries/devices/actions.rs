//! Registering and revoking devices: each in one transaction with its audit row and its event.

use serde_json::json;

use super::model::{Device, DeviceStatus, NewDevice, NewDeviceRevocation};
use super::queries;
use crate::audit;
use crate::auth::{self, WriteDeliveries};
use crate::db::{self, Conn};
use crate::domain::{Caller, DeviceId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::keys::VerifyingKey;
use crate::regions;

/// Registers a device.
///
/// # Errors
/// `invalid_fields`, `device_key_taken`.
pub(super) async fn register(conn: &Conn, caller: &Caller, new: &NewDevice) -> Result<Device> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let mut faults = Vec::new();
    if VerifyingKey::of(new.public_key.as_str()).is_none() {
        faults.push(Fault::new("/public_key", Code::PublicKeyMalformed));
    }
    let users = auth::allowed_in::<WriteDeliveries>(conn, area_id, &[new.client_id.as_str()]).await?;
    if users.is_empty() {
        faults.push(Fault::new("/client_id", Code::ClientUnknown));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let now = db::now();
    let device = Device {
        id: DeviceId::new(),
        label: new.label.to_string(),
        public_key: new.public_key.to_string(),
        client_id: new.client_id.to_string(),
        status: DeviceStatus::Active,
        registered_by: caller.client_id.clone(),
        revoked_by: None,
        revoked_at: None,
        revocation_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
        area_id,
    };
    queries::insert(conn, &device).await?;
    tell(conn, caller, ("register_device", "device.registered"), None, &device).await?;
    Ok(device)
}

/// Revokes a device: nothing more of it is taken, whenever it was signed.
///
/// # Errors
/// `not_found`, `device_revoked`.
pub(super) async fn revoke(conn: &Conn, caller: &Caller, id: DeviceId, new: &NewDeviceRevocation) -> Result<Device> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status == DeviceStatus::Revoked {
        return Err(Code::DeviceRevoked.into());
    }
    let device = queries::revoke(conn, &before, (&caller.client_id, new.reason.as_str()), db::now()).await?;
    tell(conn, caller, ("revoke_device", "device.revoked"), Some(&before), &device).await?;
    Ok(device)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&Device>,
    device: &Device,
) -> Result<()> {
    let write = audit::Write::of(operation, "devices", device.id.0, device.area_id);
    audit::record(conn, caller, write, before, Some(device)).await?;
    let event = NewEvent {
        kind,
        subject: "devices",
        subject_id: device.id.0,
        area_id: device.area_id,
        company_id: None,
        data: json!({ "status": device.status }),
    };
    events::emit(conn, event).await
}
