//! One statement a function; a company's own client sees that company and no other.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Company, CompanyFilter};
use crate::db::Conn;
use crate::domain::{CompanyId, Scope};
use crate::error::{Code, OnConflict, Result};
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

/// Finds a company.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: CompanyId) -> Result<Option<Company>> {
    let mut query = Company::query().filter(companies::id.eq(id)).into_boxed();
    query = match scope.company_id {
        Some(own) => query.filter(companies::id.eq(own)),
        None => query.filter(companies::area_ids.overlaps_with(&scope.area_ids)),
    };
    Ok(query.first(&mut conn).await.optional()?)
}

/// Lists companies by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CompanyFilter,
    after: Option<CompanyId>,
) -> Result<Vec<Company>> {
    let mut query = Company::query().order(companies::id).limit(filter.limit.rows_to_fetch()).into_boxed();
    query = match scope.company_id {
        Some(own) => query.filter(companies::id.eq(own)),
        None => query.filter(companies::area_ids.overlaps_with(&scope.area_ids)),
    };
    if let Some(sector) = &filter.sector {
        query = query.filter(companies::sector.eq(sector));
    }
    if let Some(id) = after {
        query = query.filter(companies::id.gt(id));
    }
    Ok(query.load(&mut conn).await?)
}
