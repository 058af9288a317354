//! Routes of devices.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Device, DeviceFilter, NewDevice, NewDeviceRevocation};
use super::{actions, queries};
use crate::auth::{Allowed, ReadEnrollments, WriteDevices};
use crate::db::Db;
use crate::domain::DeviceId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List devices
///
/// Those that record deliveries without signal in your sub-districts, with the keys that verify what they bring.
#[utoipa::path(
    tag = "devices", params(DeviceFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Device>)),
)]
#[get("/v1/devices")]
async fn list_devices(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<DeviceFilter, Device>,
) -> Result<Page<Device>> {
    let cursors = CursorKey::new(&keys.cursors, "list_devices", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a device
#[utoipa::path(
    tag = "devices", params(("id" = DeviceId, Path, description = "Id of the device")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Device), (status = 304)),
)]
#[get("/v1/devices/{id}")]
async fn get_device(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<DeviceId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let device = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, device.version, &device))
}

/// Register a device
///
/// With the public half of an Ed25519 key that was made on it. What it records without signal it signs, and brings as
/// batches (`POST /v1/delivery-batches`).
#[utoipa::path(
    tag = "devices", request_body = NewDevice, security(("oauth2" = ["devices:write"])),
    responses((status = 201, body = Device)),
)]
#[post("/v1/devices")]
async fn register_device(
    caller: Allowed<WriteDevices>,
    db: Data<Db>,
    command: Once<NewDevice>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let device = actions::register(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/devices/{}", device.id), &device)?.with_version(device.version))
        })
        .await
}

/// Revoke a device
///
/// Where it is lost or given away: no batch of it is taken any more, also not one that was signed before. What it brought
/// stays.
#[utoipa::path(
    tag = "devices", request_body = NewDeviceRevocation, params(("id" = DeviceId, Path, description = "Id of the device")),
    security(("oauth2" = ["devices:write"])), responses((status = 200, body = Device)),
)]
#[post("/v1/devices/{id}/revocations")]
async fn revoke_device(
    caller: Allowed<WriteDevices>,
    db: Data<Db>,
    id: Id<DeviceId>,
    command: Once<NewDeviceRevocation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let device = actions::revoke(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&device)?.with_version(device.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_devices).service(get_device).service(register_device).service(revoke_device);
}
