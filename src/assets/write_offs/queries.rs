//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{AssetWriteOff, AssetWriteOffFilter, AssetWriteOffStatus};
use crate::db::{Conn, walk};
use crate::domain::{AssetId, AssetWriteOffId, Note, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::asset_write_offs;

/// Finds a write-off.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AssetWriteOffId) -> Result<Option<AssetWriteOff>> {
    let own = AssetWriteOff::query().filter(asset_write_offs::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(asset_write_offs::id.eq(id)).first(&mut conn).await.optional()?)
}

/// The write-off of a piece that waits for a decision.
pub(super) async fn open(mut conn: &Conn, area_id: i32, asset: AssetId) -> Result<Option<AssetWriteOffId>> {
    let open = asset_write_offs::table
        .filter(asset_write_offs::area_id.eq(area_id))
        .filter(asset_write_offs::asset_id.eq(asset))
        .filter(asset_write_offs::status.eq(AssetWriteOffStatus::Proposed));
    Ok(open.select(asset_write_offs::id).first(&mut conn).await.optional()?)
}

/// Write-offs that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a AssetWriteOffFilter) -> asset_write_offs::BoxedQuery<'a, Pg> {
    let mut query = asset_write_offs::table.filter(asset_write_offs::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(asset_id) = filter.asset_id {
        query = query.filter(asset_write_offs::asset_id.eq(asset_id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(asset_write_offs::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(asset_write_offs::status.eq(status));
    }
    query
}

/// Counts write-offs.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AssetWriteOffFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists write-offs by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AssetWriteOffFilter,
    (limit, after): (Limit, Option<(i32, AssetWriteOffId)>),
) -> Result<Vec<AssetWriteOff>> {
    let query = filtered(scope, filter).select(AssetWriteOff::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, asset_write_offs::{area_id, id}).load(&mut conn).await?)
}

/// Adds a write-off, unless one of the piece is open.
///
/// # Errors
/// `asset_write_off_proposed`.
pub(super) async fn insert(mut conn: &Conn, new: &AssetWriteOff) -> Result<()> {
    let written = diesel::insert_into(asset_write_offs::table).values(new).execute(&mut conn).await;
    written.on_conflict(Code::AssetWriteOffProposed).map(|_| ())
}

/// Decides a write-off that is open; nothing where somebody decided it before.
pub(super) async fn decide(
    mut conn: &Conn,
    before: &AssetWriteOff,
    (status, refusal_reason): (AssetWriteOffStatus, Option<&Note>),
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<Option<AssetWriteOff>> {
    let row = asset_write_offs::table
        .find((before.area_id, before.id))
        .filter(asset_write_offs::status.eq(AssetWriteOffStatus::Proposed));
    let after = diesel::update(row)
        .set((
            asset_write_offs::status.eq(status),
            asset_write_offs::decided_by.eq(client_id),
            asset_write_offs::decided_at.eq(now),
            asset_write_offs::refusal_reason.eq(refusal_reason),
            asset_write_offs::version.eq(before.version + 1),
            asset_write_offs::updated_at.eq(now),
        ))
        .returning(AssetWriteOff::as_returning())
        .get_result(&mut conn)
        .await;
    Ok(after.optional()?)
}
