//! Statements over imports of ranks; the merge of a file stands beside this one.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::model::{FaultRow, RankFaultFilter, RankImport, RankImportFilter, RankImportStatus};
use crate::db::{self, Conn, walk};
use crate::domain::{RankImportId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, ByRow, Limit};
use crate::schema::{rank_import_faults, rank_imports};

/// Makes the table that the file is copied into.
pub(super) const STAGE: &str = include_str!("stage.sql");

/// First number of the lock that lets one merge of ranks run in an area at a time.
const MERGE_LOCK: i32 = 7_460_031;

/// Place of an import in the list.
pub(super) type RankImportPlace = (DateTime<Utc>, RankImportId);

/// Finds an import.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: RankImportId) -> Result<Option<RankImport>> {
    let row = RankImport::query()
        .filter(rank_imports::area_id.eq_any(&scope.area_ids))
        .filter(rank_imports::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Imports that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &RankImportFilter) -> rank_imports::BoxedQuery<'a, Pg> {
    let query = rank_imports::table.filter(rank_imports::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(rank_imports::status.eq(status)),
        None => query,
    }
}

/// Counts imports.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RankImportFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists imports by when they were sent, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RankImportFilter,
    (limit, after): (Limit, Option<RankImportPlace>),
) -> Result<Vec<RankImport>> {
    let query = filtered(scope, filter).select(RankImport::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, rank_imports::{created_at, id}).load(&mut conn).await?)
}

/// Faults of an import.
fn of_import(scope: &Scope, id: RankImportId) -> rank_import_faults::BoxedQuery<'_, Pg> {
    let of_areas = rank_import_faults::table.filter(rank_import_faults::area_id.eq_any(&scope.area_ids));
    of_areas.filter(rank_import_faults::rank_import_id.eq(id)).into_boxed()
}

/// Counts faults of an import.
pub(super) async fn count_faults(mut conn: &Conn, scope: &Scope, id: RankImportId) -> Result<i64> {
    Ok(of_import(scope, id).count().get_result(&mut conn).await?)
}

/// Lists faults of an import in the order of its rows, after a place.
pub(super) async fn faults(
    mut conn: &Conn,
    scope: &Scope,
    id: RankImportId,
    filter: &RankFaultFilter,
    (limit, after): (Limit, Option<(i32, i16)>),
) -> Result<Vec<FaultRow>> {
    let query = of_import(scope, id).select(FaultRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByRow::Down);
    Ok(walk!(query, is_down, after, rank_import_faults::{row_number, fault_number}).load(&mut conn).await?)
}

/// A file that is in the staging table of its session.
#[derive(Debug)]
pub(super) struct NewRankImport<'a> {
    pub(super) area_id: i32,
    pub(super) id: RankImportId,
    pub(super) client_id: &'a str,
    pub(super) digest: &'a [u8],
    pub(super) rows: i32,
    pub(super) now: DateTime<Utc>,
}

/// Inserts a running import.
pub(super) async fn insert(mut conn: &Conn, new: &NewRankImport<'_>) -> Result<RankImport> {
    let row = diesel::insert_into(rank_imports::table)
        .values((
            rank_imports::area_id.eq(new.area_id),
            rank_imports::id.eq(new.id),
            rank_imports::client_id.eq(new.client_id),
            rank_imports::status.eq(RankImportStatus::Running),
            rank_imports::file_digest.eq(new.digest),
            rank_imports::rows_read.eq(new.rows),
            rank_imports::created_at.eq(new.now),
        ))
        .returning(RankImport::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(row)
}

/// Waits for other merges of the area, then decides on the staged rows.
pub(super) async fn merge(conn: &mut Conn, (area_id, id): (i32, RankImportId), client_id: &str) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock($1, $2)")
        .bind::<Integer, _>(MERGE_LOCK)
        .bind::<Integer, _>(area_id)
        .execute(conn)
        .await?;
    conn.batch_execute(
        "create temporary table rank_import_context
        (area_id int, rank_import_id uuid, client_id text, now timestamptz) on commit drop",
    )
    .await?;
    diesel::sql_query("insert into rank_import_context values ($1, $2, $3, $4)")
        .bind::<Integer, _>(area_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(client_id)
        .bind::<Timestamptz, _>(crate::db::now())
        .execute(conn)
        .await?;
    Ok(conn.batch_execute(include_str!("merge.sql")).await?)
}

/// Says that a running import came to nothing.
pub(super) async fn set_failed(mut conn: &Conn, area_id: i32, id: RankImportId, at: DateTime<Utc>) -> Result<()> {
    diesel::update(rank_imports::table.find((area_id, id)))
        .filter(rank_imports::status.eq(RankImportStatus::Running))
        .set((rank_imports::status.eq(RankImportStatus::Failed), rank_imports::finished_at.eq(at)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Imports that are said to run.
pub(super) async fn running(mut conn: &Conn, scope: &Scope) -> Result<Vec<(i32, RankImportId)>> {
    let rows = rank_imports::table
        .filter(rank_imports::area_id.eq_any(&scope.area_ids))
        .filter(rank_imports::status.eq(RankImportStatus::Running))
        .select((rank_imports::area_id, rank_imports::id))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// The lock that the session of a running import holds for as long as it lives.
pub(super) fn lock_of(id: RankImportId) -> i64 {
    i64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes())
}

/// True where nobody runs an import any more.
pub(super) async fn is_abandoned(conn: &Conn, id: RankImportId) -> Result<bool> {
    db::try_lock(conn, lock_of(id)).await
}
