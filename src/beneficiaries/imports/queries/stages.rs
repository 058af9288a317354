//! Statements that move an import on.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::super::model::{ImportRow, ImportStatus};
use crate::db::Conn;
use crate::domain::{ImportId, Scope};
use crate::error::Result;
use crate::schema::imports;

/// Statuses in which the service is at work on an import.
const AT_WORK: [ImportStatus; 2] = [ImportStatus::Uploaded, ImportStatus::Running];

/// Inserts an import.
pub(in crate::beneficiaries::imports) async fn insert(mut conn: &Conn, row: &ImportRow) -> Result<()> {
    diesel::insert_into(imports::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Finds an import and locks it until the end of the transaction.
pub(in crate::beneficiaries::imports) async fn lock(
    mut conn: &Conn,
    scope: &Scope,
    id: ImportId,
) -> Result<Option<ImportRow>> {
    let query = imports::table
        .filter(imports::area_id.eq_any(&scope.area_ids))
        .filter(imports::id.eq(id))
        .select(ImportRow::as_select())
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Writes what somebody decided about an import, or what became of it.
pub(in crate::beneficiaries::imports) async fn move_on(mut conn: &Conn, row: &ImportRow) -> Result<()> {
    diesel::update(imports::table.find((row.area_id, row.id)))
        .set((
            imports::status.eq(row.status),
            imports::rows_done.eq(row.rows_done),
            imports::reviewed_at.eq(row.reviewed_at),
            imports::reviewed_by.eq(&row.reviewed_by),
            imports::review_note.eq(&row.review_note),
            imports::decided_by.eq(&row.decided_by),
            imports::finished_at.eq(row.finished_at),
            imports::attempts.eq(row.attempts),
            imports::failure_code.eq(&row.failure_code),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Says how far the work on an import is, in rows; of one that has ended meanwhile nothing.
pub(in crate::beneficiaries::imports) async fn set_progress(
    mut conn: &Conn,
    area_id: i32,
    id: ImportId,
    rows_done: i32,
) -> Result<()> {
    diesel::update(imports::table.find((area_id, id)))
        .filter(imports::status.eq_any(AT_WORK))
        .set(imports::rows_done.eq(rows_done))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Imports that the service is said to be at work on.
pub(in crate::beneficiaries::imports) async fn unfinished(mut conn: &Conn, scope: &Scope) -> Result<Vec<ImportRow>> {
    let rows = ImportRow::query()
        .filter(imports::area_id.eq_any(&scope.area_ids))
        .filter(imports::status.eq_any(AT_WORK))
        .order(imports::created_at)
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Counts that an import is begun again, and answers it as it is now; nothing where it has ended meanwhile.
pub(in crate::beneficiaries::imports) async fn begin_again(
    mut conn: &Conn,
    (area_id, id): (i32, ImportId),
) -> Result<Option<ImportRow>> {
    let row = diesel::update(imports::table.find((area_id, id)))
        .filter(imports::status.eq_any(AT_WORK))
        .set((imports::attempts.eq(imports::attempts + 1), imports::rows_done.eq(0)))
        .returning(ImportRow::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    Ok(row)
}
