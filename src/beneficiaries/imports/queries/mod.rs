//! Statements over imports; those of the merge stand in files beside this one, in the order in which they run.

mod merge;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{FaultFilter, FaultRow, ImportFilter, ImportRow, ImportStatus};
use crate::db::{Conn, walk};
use crate::domain::{ImportId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, ByRow, Limit};
use crate::schema::{areas, import_faults, imports};

pub(super) use merge::{
    CLASSIFY, CLOSE, Context, FIND_CHANGES, FIND_FAULTS, LOSE, SPOIL, STAGE, change_families, change_members,
    change_ties, families, give_nik, insert_families, insert_members, keep_versions, new_niks, run, set_context,
    take_cards, take_niks,
};

/// Place of an import in the list: newest first.
pub(super) type ImportPlace = (DateTime<Utc>, ImportId);

/// Finds an import.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: ImportId) -> Result<Option<ImportRow>> {
    let row = ImportRow::query()
        .filter(imports::area_id.eq_any(&scope.area_ids))
        .filter(imports::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Imports that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &ImportFilter) -> imports::BoxedQuery<'a, Pg> {
    let query = imports::table.filter(imports::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(imports::status.eq(status)),
        None => query,
    }
}

/// Counts imports.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ImportFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists imports by when they were sent, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ImportFilter,
    (limit, after): (Limit, Option<ImportPlace>),
) -> Result<Vec<ImportRow>> {
    let query = filtered(scope, filter).select(ImportRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, imports::{created_at, id}).load(&mut conn).await?)
}

/// Faults of an import.
fn of_import(scope: &Scope, id: ImportId) -> import_faults::BoxedQuery<'_, Pg> {
    let of_areas = import_faults::table.filter(import_faults::area_id.eq_any(&scope.area_ids));
    of_areas.filter(import_faults::import_id.eq(id)).into_boxed()
}

/// Counts faults of an import.
pub(super) async fn count_faults(mut conn: &Conn, scope: &Scope, id: ImportId) -> Result<i64> {
    Ok(of_import(scope, id).count().get_result(&mut conn).await?)
}

/// Lists faults of an import in the order of its rows, after a place.
pub(super) async fn faults(
    mut conn: &Conn,
    scope: &Scope,
    id: ImportId,
    filter: &FaultFilter,
    (limit, after): (Limit, Option<(i32, i16)>),
) -> Result<Vec<FaultRow>> {
    let query = of_import(scope, id).select(FaultRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByRow::Down);
    Ok(walk!(query, is_down, after, import_faults::{row_number, fault_number}).load(&mut conn).await?)
}

/// Inserts an import.
pub(super) async fn insert(mut conn: &Conn, row: &ImportRow) -> Result<()> {
    diesel::insert_into(imports::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Says how many rows are decided on.
pub(super) async fn set_progress(mut conn: &Conn, area_id: i32, id: ImportId, rows_done: i32) -> Result<()> {
    diesel::update(imports::table.find((area_id, id))).set(imports::rows_done.eq(rows_done)).execute(&mut conn).await?;
    Ok(())
}

/// Says that a running import came to nothing; one that has ended stays as it is.
pub(super) async fn set_failed(mut conn: &Conn, area_id: i32, id: ImportId, at: DateTime<Utc>) -> Result<()> {
    diesel::update(imports::table.find((area_id, id)))
        .filter(imports::status.eq(ImportStatus::Running))
        .set((imports::status.eq(ImportStatus::Failed), imports::finished_at.eq(at)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Ids of the areas that there are.
pub(super) async fn all_areas(mut conn: &Conn) -> Result<Vec<i32>> {
    Ok(areas::table.select(areas::area_id).order(areas::area_id).load(&mut conn).await?)
}

/// Imports that are said to run.
pub(super) async fn running(mut conn: &Conn, scope: &Scope) -> Result<Vec<(i32, ImportId)>> {
    let rows = imports::table
        .filter(imports::area_id.eq_any(&scope.area_ids))
        .filter(imports::status.eq(ImportStatus::Running))
        .select((imports::area_id, imports::id))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// The lock that the session of a running import holds for as long as it lives.
pub(super) fn lock_of(id: ImportId) -> i64 {
    i64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes())
}

/// True where nobody runs an import any more.
pub(super) async fn is_abandoned(mut conn: &Conn, id: ImportId) -> Result<bool> {
    Ok(diesel::select(try_lock(lock_of(id))).get_result(&mut conn).await?)
}

diesel::define_sql_function! {
    /// Takes an advisory lock until the end of the transaction, or answers false where another has it.
    #[sql_name = "pg_try_advisory_xact_lock"]
    fn try_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}
