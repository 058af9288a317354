//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;

use super::model::{Criteria, CriteriaFilter, NewCriteria};
use crate::db::{Conn, walk};
use crate::domain::{GraduationCriteriaId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::graduation_criteria;

/// First half of the advisory lock that keeps two from taking one number; the second is the area.
const NUMBER_LOCK: i32 = 7_460_171;

/// The criteria of a sub-district in force on a day: the newest whose dates cover it.
///
/// # Errors
/// `no_criteria_in_force`.
pub(in crate::graduations) async fn in_force(mut conn: &Conn, area_id: i32, on: NaiveDate) -> Result<Criteria> {
    let newest = Criteria::query()
        .filter(graduation_criteria::area_id.eq(area_id))
        .filter(graduation_criteria::effective_from.le(on))
        .filter(graduation_criteria::effective_to.is_null().or(graduation_criteria::effective_to.ge(on)))
        .order(graduation_criteria::number.desc())
        .first(&mut conn)
        .await
        .optional()?;
    newest.ok_or_else(|| Error::from(Code::NoCriteriaInForce).about(on.to_string()))
}

/// Finds criteria.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: GraduationCriteriaId) -> Result<Option<Criteria>> {
    let own = Criteria::query().filter(graduation_criteria::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(graduation_criteria::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Criteria that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &CriteriaFilter) -> graduation_criteria::BoxedQuery<'a, Pg> {
    let mut query =
        graduation_criteria::table.filter(graduation_criteria::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(on) = filter.on {
        query = query
            .filter(graduation_criteria::effective_from.le(on))
            .filter(graduation_criteria::effective_to.is_null().or(graduation_criteria::effective_to.ge(on)));
    }
    query
}

/// Counts criteria.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &CriteriaFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists criteria by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CriteriaFilter,
    (limit, after): (Limit, Option<GraduationCriteriaId>),
) -> Result<Vec<Criteria>> {
    let query = filtered(scope, filter).select(Criteria::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, graduation_criteria::{id}).load(&mut conn).await?)
}

/// The last number that was given in an area, 0 where none was; nobody else takes the next one until the transaction
/// ends.
pub(super) async fn last_number(mut conn: &Conn, area_id: i32) -> Result<i32> {
    sql_query("select pg_advisory_xact_lock($1, $2)")
        .bind::<Integer, _>(NUMBER_LOCK)
        .bind::<Integer, _>(area_id)
        .execute(&mut conn)
        .await?;
    let numbers = graduation_criteria::table.filter(graduation_criteria::area_id.eq(area_id));
    let last: Option<i32> = numbers.select(max(graduation_criteria::number)).get_result(&mut conn).await?;
    Ok(last.unwrap_or_default())
}

/// Sets criteria.
pub(super) async fn insert(
    mut conn: &Conn,
    (area_id, number): (i32, i32),
    new: &NewCriteria,
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<Criteria> {
    let criteria = diesel::insert_into(graduation_criteria::table)
        .values((
            graduation_criteria::area_id.eq(area_id),
            graduation_criteria::id.eq(GraduationCriteriaId::new()),
            graduation_criteria::number.eq(number),
            graduation_criteria::readiness.eq(&new.readiness),
            graduation_criteria::after_care_months.eq(new.after_care_months),
            graduation_criteria::decree_number.eq(&new.decree_number),
            graduation_criteria::effective_from.eq(new.effective_from),
            graduation_criteria::effective_to.eq(new.effective_to),
            graduation_criteria::created_by.eq(client_id),
            graduation_criteria::created_at.eq(now),
        ))
        .returning(Criteria::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(criteria)
}
