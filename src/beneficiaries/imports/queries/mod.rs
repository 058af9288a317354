//! Statements over imports; those of the merge stand in files beside this one, in the order in which they run.

mod attributes;
mod duplicates;
mod kept;
mod leavers;
mod merge;
mod stages;
mod warnings;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{FaultFilter, FaultRow, ImportFilter, ImportRow};
use crate::db::{Conn, walk};
use crate::domain::{ImportId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, ByRow, Limit};
use crate::schema::{import_faults, imports};

pub(super) use attributes::{Told, add_faults, settle_attributes, settled};
pub(super) use duplicates::{
    Newcomer, count as count_duplicates, count_members, count_newcomers, find_newcomers, forget as forget_duplicates,
    insert as insert_duplicates, list as duplicates, newcomers, tell as tell_duplicates,
};
pub(super) use kept::{faulty_lines, forget_file, forget_files, has_file, waiting_since};
pub(super) use leavers::{count as count_leavers, list as leavers};
pub(super) use merge::{
    CLASSIFY, Context, END_AID, END_MEMBERSHIPS, FIND_CHANGES, FIND_FAULTS, FIND_LEAVERS, HOLD, LEAVE_FAMILIES, LOOK,
    LOSE, RECALL, SPOIL, STAGE, TELL_FAULTS, change_families, change_members, change_ties, close, families, give_niks,
    ids_of_families, insert_families, insert_members, keep_versions, new_niks, run, set_context, take_cards, take_niks,
    wait_for_others,
};
pub(super) use stages::{begin_again, insert, lock, move_on, set_progress, unfinished};
pub(super) use warnings::{Unreckoned, find_unreckoned, give_warnings, unreckoned};

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

/// The lock that the session of an import at work holds for as long as it lives.
pub(super) fn lock_of(id: ImportId) -> i64 {
    i64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes())
}
