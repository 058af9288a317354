//! Statements over the files of imports, and what of them has served its time.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::super::model::{FaultRow, ImportStatus};
use crate::db::Conn;
use crate::domain::{ImportId, Scope};
use crate::error::Result;
use crate::schema::{import_faults, import_parts, imports};

/// Statuses in which an import waits for somebody.
const WAITING: [ImportStatus; 2] = [ImportStatus::Checked, ImportStatus::Reviewed];

/// True where the file of an import is still here.
pub(in crate::beneficiaries::imports) async fn has_file(mut conn: &Conn, scope: &Scope, id: ImportId) -> Result<bool> {
    let parts = import_parts::table
        .filter(import_parts::area_id.eq_any(&scope.area_ids))
        .filter(import_parts::import_id.eq(id))
        .filter(import_parts::part_number.eq(0));
    Ok(diesel::select(exists(parts)).get_result(&mut conn).await?)
}

/// Faults of the lines after one, in their order; as many lines as there is room for.
pub(in crate::beneficiaries::imports) async fn faulty_lines(
    mut conn: &Conn,
    (area_id, id): (i32, ImportId),
    after: (i32, i16),
    limit: i64,
) -> Result<Vec<FaultRow>> {
    let (row, number) = after;
    let beyond = import_faults::row_number
        .gt(row)
        .or(import_faults::row_number.eq(row).and(import_faults::fault_number.gt(number)));
    let rows = FaultRow::query()
        .filter(import_faults::area_id.eq(area_id))
        .filter(import_faults::import_id.eq(id))
        .filter(beyond)
        .order((import_faults::row_number, import_faults::fault_number))
        .limit(limit)
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Forgets the file of an import.
pub(in crate::beneficiaries::imports) async fn forget_file(mut conn: &Conn, area_id: i32, id: ImportId) -> Result<()> {
    let parts = import_parts::table.filter(import_parts::area_id.eq(area_id)).filter(import_parts::import_id.eq(id));
    diesel::delete(parts).execute(&mut conn).await?;
    Ok(())
}

/// Imports that have waited for somebody since before an instant.
pub(in crate::beneficiaries::imports) async fn waiting_since(
    mut conn: &Conn,
    scope: &Scope,
    before: DateTime<Utc>,
) -> Result<Vec<(i32, ImportId)>> {
    let waiting = imports::table
        .filter(imports::area_id.eq_any(&scope.area_ids))
        .filter(imports::status.eq_any(WAITING))
        .filter(imports::created_at.lt(before));
    Ok(waiting.select((imports::area_id, imports::id)).order(imports::created_at).load(&mut conn).await?)
}

/// Forgets files received before an instant that nobody works on or waits for; answers how many parts they had.
pub(in crate::beneficiaries::imports) async fn forget_files(
    mut conn: &Conn,
    scope: &Scope,
    (old, orphaned): (DateTime<Utc>, DateTime<Utc>),
) -> Result<usize> {
    let import = imports::table
        .filter(imports::area_id.eq(import_parts::area_id))
        .filter(imports::id.eq(import_parts::import_id));
    let at_work =
        import.filter(imports::status.ne_all([ImportStatus::Applied, ImportStatus::Cancelled, ImportStatus::Failed]));
    let is_old = import_parts::received_at.lt(old).and(diesel::dsl::not(exists(at_work)));
    let is_orphan = import_parts::received_at.lt(orphaned).and(diesel::dsl::not(exists(import)));
    let parts = import_parts::table.filter(import_parts::area_id.eq_any(&scope.area_ids));
    Ok(diesel::delete(parts.filter(is_old.or(is_orphan))).execute(&mut conn).await?)
}
