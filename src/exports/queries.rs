//! One statement a function; a client sees its own exports and no others.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::model::{ExportRow, ExportStatus, OwnExports};
use crate::db::{Conn, walk};
use crate::domain::ExportId;
use crate::error::Result;
use crate::http::{ByCreation, Limit};
use crate::schema::exports;

/// Place of an export in the list.
pub(super) type ExportPlace = (DateTime<Utc>, ExportId);

/// Exports of a client whose file can still be fetched.
fn own(client_id: &str, now: DateTime<Utc>) -> exports::BoxedQuery<'_, Pg> {
    exports::table.filter(exports::client_id.eq(client_id)).filter(exports::expires_at.gt(now)).into_boxed()
}

/// Counts exports of a client.
pub(super) async fn count(mut conn: &Conn, client_id: &str, now: DateTime<Utc>) -> Result<i64> {
    Ok(own(client_id, now).count().get_result(&mut conn).await?)
}

/// Lists exports of a client by when they were asked for, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    client_id: &str,
    filter: &OwnExports,
    now: DateTime<Utc>,
    (limit, after): (Limit, Option<ExportPlace>),
) -> Result<Vec<ExportRow>> {
    let query = own(client_id, now).select(ExportRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, exports::{created_at, id}).load(&mut conn).await?)
}

/// Finds an export of a client.
pub(super) async fn find(
    mut conn: &Conn,
    client_id: &str,
    id: ExportId,
    now: DateTime<Utc>,
) -> Result<Option<ExportRow>> {
    let query = own(client_id, now).filter(exports::id.eq(id)).select(ExportRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Adds an export.
pub(super) async fn insert(mut conn: &Conn, row: &ExportRow) -> Result<()> {
    diesel::insert_into(exports::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Keeps others of the client from beginning or ending an export until the transaction ends.
pub(super) async fn be_alone(mut conn: &Conn, client_id: &str) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtextextended('exports of ' || $1, 0))")
        .bind::<Text, _>(client_id)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// How many files of a client are on their way, told of since an instant.
pub(super) async fn count_running(mut conn: &Conn, client_id: &str, since: DateTime<Utc>) -> Result<i64> {
    let running = exports::table
        .filter(exports::client_id.eq(client_id))
        .filter(exports::status.eq(ExportStatus::Running))
        .filter(exports::progress_at.gt(since));
    Ok(running.count().get_result(&mut conn).await?)
}

/// Says that the file is on its way from now on.
pub(super) async fn set_running(mut conn: &Conn, id: ExportId, now: DateTime<Utc>) -> Result<ExportRow> {
    let row = diesel::update(exports::table.find(id))
        .set((
            exports::status.eq(ExportStatus::Running),
            exports::rows_written.eq(0),
            exports::started_at.eq(Some(now)),
            exports::progress_at.eq(Some(now)),
            exports::finished_at.eq(None::<DateTime<Utc>>),
        ))
        .returning(ExportRow::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(row)
}

/// Says how many rows are out; false where the file is no longer wanted.
pub(super) async fn set_progress(mut conn: &Conn, id: ExportId, rows: i32, now: DateTime<Utc>) -> Result<bool> {
    let told = diesel::update(exports::table.find(id))
        .filter(exports::status.eq(ExportStatus::Running))
        .set((exports::rows_written.eq(rows), exports::progress_at.eq(Some(now))))
        .execute(&mut conn)
        .await?;
    Ok(told == 1)
}

/// Says how the writing of a file ended; one that was cancelled meanwhile stays so.
pub(super) async fn set_ended(
    mut conn: &Conn,
    id: ExportId,
    status: ExportStatus,
    rows: i32,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(exports::table.find(id))
        .filter(exports::status.eq(ExportStatus::Running))
        .set((exports::status.eq(status), exports::rows_written.eq(rows), exports::finished_at.eq(Some(now))))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Ends an export.
pub(super) async fn set_cancelled(mut conn: &Conn, id: ExportId, now: DateTime<Utc>) -> Result<ExportRow> {
    let row = diesel::update(exports::table.find(id))
        .set((exports::status.eq(ExportStatus::Cancelled), exports::finished_at.eq(Some(now))))
        .returning(ExportRow::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(row)
}

/// Marks files as cut off whose process has not told of them since an instant.
///
/// # Errors
/// Where the database refuses.
async fn fail_lost(mut conn: &Conn, since: DateTime<Utc>) -> Result<()> {
    diesel::update(exports::table)
        .filter(exports::status.eq(ExportStatus::Running))
        .filter(exports::progress_at.lt(since))
        .set((exports::status.eq(ExportStatus::Failed), exports::finished_at.eq(exports::progress_at)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Removes exports that have expired, and marks those whose process is gone; how many were removed.
///
/// # Errors
/// Where the database refuses.
pub async fn remove_old(mut conn: &Conn, now: DateTime<Utc>) -> Result<usize> {
    fail_lost(conn, now - super::rules::SILENCE).await?;
    Ok(diesel::delete(exports::table.filter(exports::expires_at.lt(now))).execute(&mut conn).await?)
}
