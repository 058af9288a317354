//! Statements over imports of results; the merge of a file stands beside this one.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use super::model::{
    DeliveryImport, DeliveryImportFilter, DeliveryImportStatus, FoundCycle, ImportCycle, ImportRow, ImportRowFilter,
};
use crate::db::{self, Conn, walk};
use crate::domain::{Caller, CycleId, DeliveryImportId, Scope};
use crate::error::{Code, Result};
use crate::http::{ByCreation, ByRow, Limit};
use crate::programs;
use crate::schema::{cycles, delivery_import_rows, delivery_imports};

/// Makes the table that the file is copied into.
pub(super) const STAGE: &str = include_str!("stage.sql");

/// First number of the lock that lets one merge of results run in an area at a time.
const MERGE_LOCK: i32 = 7_460_032;

/// Place of an import in the list.
pub(super) type ImportPlace = (DateTime<Utc>, DeliveryImportId);

/// Finds an import.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryImportId) -> Result<Option<DeliveryImport>> {
    let row = DeliveryImport::query()
        .filter(delivery_imports::area_id.eq_any(&scope.area_ids))
        .filter(delivery_imports::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Imports that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &DeliveryImportFilter) -> delivery_imports::BoxedQuery<'a, Pg> {
    let mut query = delivery_imports::table.filter(delivery_imports::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(cycle_id) = filter.cycle_id {
        query = query.filter(delivery_imports::cycle_id.eq(cycle_id));
    }
    if let Some(status) = filter.status {
        query = query.filter(delivery_imports::status.eq(status));
    }
    query
}

/// Counts imports.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DeliveryImportFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists imports by when they were sent, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DeliveryImportFilter,
    (limit, after): (Limit, Option<ImportPlace>),
) -> Result<Vec<DeliveryImport>> {
    let query = filtered(scope, filter).select(DeliveryImport::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, delivery_imports::{created_at, id}).load(&mut conn).await?)
}

/// Rows of an import that a filter leaves.
fn of_import<'a>(
    scope: &'a Scope,
    id: DeliveryImportId,
    filter: &ImportRowFilter,
) -> delivery_import_rows::BoxedQuery<'a, Pg> {
    let of_areas = delivery_import_rows::table.filter(delivery_import_rows::area_id.eq_any(&scope.area_ids));
    let query = of_areas.filter(delivery_import_rows::delivery_import_id.eq(id)).into_boxed();
    match filter.outcome {
        Some(outcome) => query.filter(delivery_import_rows::outcome.eq(outcome)),
        None => query,
    }
}

/// Counts rows of an import.
pub(super) async fn count_rows(
    mut conn: &Conn,
    scope: &Scope,
    id: DeliveryImportId,
    filter: &ImportRowFilter,
) -> Result<i64> {
    Ok(of_import(scope, id, filter).count().get_result(&mut conn).await?)
}

/// Lists rows of an import in the order of its file, after a place.
pub(super) async fn rows(
    mut conn: &Conn,
    scope: &Scope,
    id: DeliveryImportId,
    filter: &ImportRowFilter,
    (limit, after): (Limit, Option<(i32, i16)>),
) -> Result<Vec<ImportRow>> {
    let query = of_import(scope, id, filter).select(ImportRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByRow::Down);
    Ok(walk!(query, is_down, after, delivery_import_rows::{row_number, fault_number}).load(&mut conn).await?)
}

/// Finds a cycle, with whether its program counts whole units.
pub(super) async fn find_cycle(conn: &Conn, scope: &Scope, id: CycleId) -> Result<Option<ImportCycle>> {
    let mut connection = conn;
    let query = FoundCycle::query().filter(cycles::area_id.eq_any(&scope.area_ids)).filter(cycles::id.eq(id));
    let Some(found) = query.first(&mut connection).await.optional()? else { return Ok(None) };
    let program = programs::find(conn, scope, found.program_id).await?;
    Ok(program.map(|program| ImportCycle {
        area_id: found.area_id,
        id,
        program_id: found.program_id,
        period: found.period,
        status: found.status,
        is_whole: program.kind.counts_whole_units(),
    }))
}

/// A file that is in the staging table of its session.
#[derive(Debug)]
pub(super) struct NewImport<'a> {
    pub(super) cycle: &'a ImportCycle,
    pub(super) id: DeliveryImportId,
    pub(super) client_id: &'a str,
    pub(super) digest: &'a [u8],
    pub(super) rows: i32,
    pub(super) now: DateTime<Utc>,
}

/// Inserts a running import.
pub(super) async fn insert(mut conn: &Conn, new: &NewImport<'_>) -> Result<DeliveryImport> {
    let row = diesel::insert_into(delivery_imports::table)
        .values((
            delivery_imports::area_id.eq(new.cycle.area_id),
            delivery_imports::id.eq(new.id),
            delivery_imports::cycle_id.eq(new.cycle.id),
            delivery_imports::program_id.eq(new.cycle.program_id),
            delivery_imports::client_id.eq(new.client_id),
            delivery_imports::status.eq(DeliveryImportStatus::Running),
            delivery_imports::file_digest.eq(new.digest),
            delivery_imports::rows_read.eq(new.rows),
            delivery_imports::created_at.eq(new.now),
        ))
        .returning(DeliveryImport::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(row)
}

/// Waits for other merges of the area, shares the cycle, then decides on the staged rows.
pub(super) async fn merge(
    conn: &mut Conn,
    (cycle, id): (&ImportCycle, DeliveryImportId),
    caller: &Caller,
) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock($1, $2)")
        .bind::<Integer, _>(MERGE_LOCK)
        .bind::<Integer, _>(cycle.area_id)
        .execute(conn)
        .await?;
    let block = block_of(conn, cycle).await?;
    conn.batch_execute(
        "create temporary table delivery_import_context (area_id int, delivery_import_id uuid, cycle_id uuid,
        program_id uuid, period date, is_whole bool, block_code text, client_id text, now timestamptz) on commit drop",
    )
    .await?;
    diesel::sql_query("insert into delivery_import_context values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind::<Integer, _>(cycle.area_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(cycle.id)
        .bind::<SqlUuid, _>(cycle.program_id)
        .bind::<Date, _>(cycle.period)
        .bind::<Bool, _>(cycle.is_whole)
        .bind::<Nullable<Text>, _>(block.map(Code::as_str))
        .bind::<Text, _>(&caller.client_id)
        .bind::<Timestamptz, _>(db::now())
        .execute(conn)
        .await?;
    Ok(conn.batch_execute(include_str!("merge.sql")).await?)
}

/// What keeps everything of the cycle back, once it is shared: no order is laid and no closure made meanwhile. What
/// orders hold is asked row by row.
async fn block_of(mut conn: &Conn, cycle: &ImportCycle) -> Result<Option<Code>> {
    let shared = cycles::table.filter(cycles::area_id.eq(cycle.area_id)).filter(cycles::id.eq(cycle.id));
    let status: String = shared.select(cycles::status).for_share().first(&mut conn).await?;
    Ok((status != "approved").then_some(Code::CycleNotApproved))
}

/// Says that a running import came to nothing.
pub(super) async fn set_failed(mut conn: &Conn, area_id: i32, id: DeliveryImportId, at: DateTime<Utc>) -> Result<()> {
    diesel::update(delivery_imports::table.find((area_id, id)))
        .filter(delivery_imports::status.eq(DeliveryImportStatus::Running))
        .set((delivery_imports::status.eq(DeliveryImportStatus::Failed), delivery_imports::finished_at.eq(at)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Imports that are said to run.
pub(super) async fn running(mut conn: &Conn, scope: &Scope) -> Result<Vec<(i32, DeliveryImportId)>> {
    let rows = delivery_imports::table
        .filter(delivery_imports::area_id.eq_any(&scope.area_ids))
        .filter(delivery_imports::status.eq(DeliveryImportStatus::Running))
        .select((delivery_imports::area_id, delivery_imports::id))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// The lock that the session of a running import holds for as long as it lives.
pub(super) fn lock_of(id: DeliveryImportId) -> i64 {
    i64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes())
}

/// True where nobody runs an import any more.
pub(super) async fn is_abandoned(conn: &Conn, id: DeliveryImportId) -> Result<bool> {
    db::try_lock(conn, lock_of(id)).await
}
