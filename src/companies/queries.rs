//! One statement a function; a company's own client sees that company and no other.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Company, CompanyChanges, CompanyFilter};
use crate::db::{Conn, walk};
use crate::domain::{CompanyId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::companies;

/// Adds a company to areas.
pub(super) async fn insert(mut conn: &Conn, company: &Company, area_ids: &[i32]) -> Result<()> {
    diesel::insert_into(companies::table)
        .values((company, companies::area_ids.eq(area_ids)))
        .execute(&mut conn)
        .await
        .on_conflict(Code::CompanyNameTaken)?;
    Ok(())
}

/// Sub-districts of a company.
pub(super) async fn areas_of(mut conn: &Conn, id: CompanyId) -> Result<Vec<i32>> {
    Ok(companies::table.find(id).select(companies::area_ids).first(&mut conn).await?)
}

/// Companies that a caller may see.
fn visible(scope: &Scope) -> companies::BoxedQuery<'_, Pg> {
    let query = companies::table.into_boxed();
    match scope.company_id {
        Some(own) => query.filter(companies::id.eq(own)),
        None => query.filter(companies::area_ids.overlaps_with(&scope.area_ids)),
    }
}

/// Companies that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a CompanyFilter) -> companies::BoxedQuery<'a, Pg> {
    match &filter.sector {
        Some(sector) => visible(scope).filter(companies::sector.eq(sector)),
        None => visible(scope),
    }
}

/// Finds a company.
pub(crate) async fn find(mut conn: &Conn, scope: &Scope, id: CompanyId) -> Result<Option<Company>> {
    let query = visible(scope).filter(companies::id.eq(id)).select(Company::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a company and holds it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: CompanyId) -> Result<Option<Company>> {
    if find(conn, scope, id).await?.is_none() {
        return Ok(None);
    }
    let held = companies::table.select(Company::as_select()).filter(companies::id.eq(id)).for_no_key_update();
    Ok(held.first(&mut conn).await.optional()?)
}

/// Corrects a locked company; the constraint lets a name be of one.
///
/// # Errors
/// `company_name_taken`.
pub(super) async fn update(
    mut conn: &Conn,
    before: &Company,
    changes: &CompanyChanges,
    now: DateTime<Utc>,
) -> Result<Company> {
    diesel::update(companies::table.find(before.id))
        .set((changes, companies::version.eq(before.version + 1), companies::updated_at.eq(now)))
        .returning(Company::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::CompanyNameTaken)
}

/// Counts companies.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &CompanyFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists companies by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CompanyFilter,
    (limit, after): (Limit, Option<CompanyId>),
) -> Result<Vec<Company>> {
    let query = filtered(scope, filter).select(Company::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, companies::{id}).load(&mut conn).await?)
}
