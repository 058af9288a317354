//! One statement a function. Each takes the scope.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Device, DeviceFilter, DeviceStatus};
use crate::db::{Conn, walk};
use crate::domain::{DeviceId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::devices;

/// Finds a device.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeviceId) -> Result<Option<Device>> {
    let query = Device::query().filter(devices::area_id.eq_any(&scope.area_ids)).filter(devices::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a device and keeps its other batches, and its revocation, waiting until the transaction ends.
pub(in crate::programs::deliveries) async fn lock(
    mut conn: &Conn,
    scope: &Scope,
    id: DeviceId,
) -> Result<Option<Device>> {
    let query = Device::query().filter(devices::area_id.eq_any(&scope.area_ids)).filter(devices::id.eq(id));
    Ok(query.for_update().first(&mut conn).await.optional()?)
}

/// Adds a device; the constraint lets a key be of one.
pub(super) async fn insert(mut conn: &Conn, device: &Device) -> Result<()> {
    let insert = diesel::insert_into(devices::table).values(device).execute(&mut conn).await;
    insert.on_conflict(Code::DeviceKeyTaken)?;
    Ok(())
}

/// Marks a locked device revoked.
pub(super) async fn revoke(
    mut conn: &Conn,
    device: &Device,
    (by, reason): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Device> {
    let revoked = diesel::update(devices::table.find((device.area_id, device.id)))
        .set((
            devices::status.eq(DeviceStatus::Revoked),
            devices::revoked_by.eq(by),
            devices::revoked_at.eq(now),
            devices::revocation_reason.eq(reason),
            devices::version.eq(device.version + 1),
            devices::updated_at.eq(now),
        ))
        .returning(Device::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(revoked)
}

/// Devices that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &DeviceFilter) -> devices::BoxedQuery<'a, Pg> {
    let query = devices::table.filter(devices::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(devices::status.eq(status)),
        None => query,
    }
}

/// Counts devices.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DeviceFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists devices by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DeviceFilter,
    (limit, after): (Limit, Option<(i32, DeviceId)>),
) -> Result<Vec<Device>> {
    let query = filtered(scope, filter).select(Device::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, devices::{area_id, id}).load(&mut conn).await?)
}
