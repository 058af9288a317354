//! Statements over mappings.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{ImportMapping, MappingFilter, MappingRow};
use crate::db::{Conn, walk};
use crate::domain::{MappingId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::import_mappings;

/// Mappings of a scope.
fn of_areas(scope: &Scope) -> import_mappings::BoxedQuery<'_, Pg> {
    import_mappings::table.filter(import_mappings::area_id.eq_any(&scope.area_ids)).into_boxed()
}

/// Finds a mapping.
pub(in crate::beneficiaries::imports) async fn find(
    mut conn: &Conn,
    scope: &Scope,
    id: MappingId,
) -> Result<Option<ImportMapping>> {
    let query = of_areas(scope).filter(import_mappings::id.eq(id)).select(MappingRow::as_select());
    query.first(&mut conn).await.optional()?.map(ImportMapping::open).transpose()
}

/// Finds a mapping and locks it until the end of the transaction.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: MappingId) -> Result<Option<MappingRow>> {
    let query = import_mappings::table
        .filter(import_mappings::area_id.eq_any(&scope.area_ids))
        .filter(import_mappings::id.eq(id))
        .select(MappingRow::as_select())
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Counts mappings.
pub(super) async fn count(mut conn: &Conn, scope: &Scope) -> Result<i64> {
    Ok(of_areas(scope).count().get_result(&mut conn).await?)
}

/// Lists mappings as they were made, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &MappingFilter,
    (limit, after): (Limit, Option<MappingId>),
) -> Result<Vec<MappingRow>> {
    let query = of_areas(scope).select(MappingRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, import_mappings::{id}).load(&mut conn).await?)
}

/// Inserts a mapping.
///
/// # Errors
/// `mapping_name_taken`.
pub(super) async fn insert(mut conn: &Conn, row: &MappingRow) -> Result<()> {
    let inserted = diesel::insert_into(import_mappings::table).values(row).execute(&mut conn).await;
    inserted.map(drop).on_conflict(Code::MappingNameTaken)
}

/// Writes the next version of a mapping.
///
/// # Errors
/// `mapping_name_taken`.
pub(super) async fn replace(mut conn: &Conn, row: &MappingRow) -> Result<()> {
    let changed = diesel::update(import_mappings::table.find((row.area_id, row.id)))
        .set((
            import_mappings::name.eq(&row.name),
            import_mappings::layout.eq(&row.layout),
            import_mappings::version.eq(row.version),
            import_mappings::updated_at.eq(row.updated_at),
        ))
        .execute(&mut conn)
        .await;
    changed.map(drop).on_conflict(Code::MappingNameTaken)
}
