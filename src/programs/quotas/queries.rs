//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Date, Int4, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{NewQuota, Quota, QuotaFilter};
use crate::db::{Conn, walk};
use crate::domain::{ProgramId, QuotaId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, Limit};
use crate::schema::quotas;

/// The quotas of a program in force on a day: of each village, and of the area, the newest whose dates cover it.
///
/// # Errors
/// Where the database cannot be read.
pub async fn in_force(mut conn: &Conn, area_id: i32, program_id: ProgramId, on: NaiveDate) -> Result<Vec<Quota>> {
    let newest = sql_query(
        "select distinct on (village_code) * from quotas
         where area_id = $1 and program_id = $2 and effective_from <= $3
             and (effective_to is null or effective_to >= $3)
         order by village_code, id desc",
    );
    let newest = newest.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(program_id).bind::<Date, _>(on);
    Ok(newest.load(&mut conn).await?)
}

/// Finds a quota.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: QuotaId) -> Result<Option<Quota>> {
    let query = Quota::query().filter(quotas::area_id.eq_any(&scope.area_ids)).filter(quotas::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Quotas of a program that a filter leaves.
fn filtered<'a>(scope: &'a Scope, program_id: ProgramId, filter: &'a QuotaFilter) -> quotas::BoxedQuery<'a, Pg> {
    let of_program = quotas::table.filter(quotas::area_id.eq_any(&scope.area_ids));
    let mut query = of_program.filter(quotas::program_id.eq(program_id)).into_boxed();
    if let Some(village_code) = &filter.village_code {
        query = query.filter(quotas::village_code.eq(village_code));
    }
    if let Some(on) = filter.on {
        query = query.filter(quotas::effective_from.le(on));
        query = query.filter(quotas::effective_to.is_null().or(quotas::effective_to.ge(on)));
    }
    query
}

/// Counts quotas of a program.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, program_id: ProgramId, filter: &QuotaFilter) -> Result<i64> {
    Ok(filtered(scope, program_id, filter).count().get_result(&mut conn).await?)
}

/// Lists quotas of a program by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    filter: &QuotaFilter,
    (limit, after): (Limit, Option<QuotaId>),
) -> Result<Vec<Quota>> {
    let query = filtered(scope, program_id, filter).select(Quota::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, quotas::{id}).load(&mut conn).await?)
}

/// Sets a quota.
pub(super) async fn insert(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    new: &NewQuota,
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<Quota> {
    let quota = diesel::insert_into(quotas::table)
        .values((
            quotas::area_id.eq(area_id),
            quotas::id.eq(QuotaId::new()),
            quotas::program_id.eq(program_id),
            quotas::village_code.eq(&new.village_code),
            quotas::places.eq(new.places),
            quotas::decree_number.eq(&new.decree_number),
            quotas::effective_from.eq(new.effective_from),
            quotas::effective_to.eq(new.effective_to),
            quotas::set_by.eq(client_id),
            quotas::created_at.eq(now),
        ))
        .returning(Quota::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(quota)
}
