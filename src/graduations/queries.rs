//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Graduation, GraduationFilter, GraduationState, HeldFamily, NewGraduateReturn};
use crate::db::{self, Conn, walk};
use crate::domain::{BeneficiaryId, GraduationId, Scope};
use crate::error::{Code, Result};
use crate::http::{ById, Limit};
use crate::schema::graduations;

/// Finds a graduation.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: GraduationId) -> Result<Option<Graduation>> {
    let own = Graduation::query().filter(graduations::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(graduations::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a graduation and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: GraduationId) -> Result<Option<Graduation>> {
    let own = Graduation::query().filter(graduations::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(graduations::id.eq(id)).for_update().first(&mut conn).await.optional()?)
}

/// Graduations that a filter leaves; how it goes with families is told of today.
fn filtered<'a>(scope: &'a Scope, filter: &'a GraduationFilter) -> graduations::BoxedQuery<'a, Pg> {
    let mut query = graduations::table.filter(graduations::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(graduations::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(graduations::village_code.eq(village_code));
    }
    if let Some(day) = filter.after_care_until {
        query = query.filter(graduations::after_care_until.le(day));
    }
    let today = db::today();
    match filter.state {
        Some(GraduationState::Returned) => query.filter(graduations::returned_on.is_not_null()),
        Some(GraduationState::AfterCare) => {
            query.filter(graduations::returned_on.is_null()).filter(graduations::after_care_until.ge(today))
        }
        Some(GraduationState::Independent) => {
            query.filter(graduations::returned_on.is_null()).filter(graduations::after_care_until.lt(today))
        }
        None => query,
    }
}

/// Counts graduations.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &GraduationFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists graduations by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &GraduationFilter,
    (limit, after): (Limit, Option<(i32, GraduationId)>),
) -> Result<Vec<Graduation>> {
    let query = filtered(scope, filter).select(Graduation::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, graduations::{area_id, id}).load(&mut conn).await?)
}

/// Finds a family and keeps others from changing it, or giving it a place, until the transaction ends.
pub(super) async fn hold_family(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<HeldFamily>> {
    let held = sql_query(
        "select area_id, village_code, status = 'live' as is_live from beneficiaries
         where area_id = any ($1) and id = $2 for no key update",
    );
    let held = held.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(held.get_result(&mut conn).await.optional()?)
}

/// Whether a family that is held has graduated and not come back.
pub(super) async fn has_graduated(mut conn: &Conn, (area_id, family): (i32, BeneficiaryId)) -> Result<bool> {
    let standing = graduations::table
        .filter(graduations::area_id.eq(area_id))
        .filter(graduations::beneficiary_id.eq(family))
        .filter(graduations::returned_on.is_null());
    Ok(diesel::select(exists(standing)).get_result(&mut conn).await?)
}

/// Writes a graduation, unless one of the family is there from which it has not come back.
///
/// # Errors
/// `already_graduated`.
pub(super) async fn insert(mut conn: &Conn, new: &Graduation) -> Result<()> {
    let written = diesel::insert_into(graduations::table)
        .values((
            (
                graduations::area_id.eq(new.area_id),
                graduations::id.eq(new.id),
                graduations::beneficiary_id.eq(new.beneficiary_id),
                graduations::village_code.eq(&new.village_code),
                graduations::criteria_id.eq(new.criteria_id),
                graduations::graduated_on.eq(new.graduated_on),
                graduations::after_care_until.eq(new.after_care_until),
            ),
            graduations::enrollment_ids.eq(&new.enrollment_ids),
            graduations::note.eq(&new.note),
            graduations::decided_by.eq(&new.decided_by),
            graduations::created_at.eq(new.created_at),
            graduations::updated_at.eq(new.updated_at),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    if written == 1 { Ok(()) } else { Err(Code::AlreadyGraduated.into()) }
}

/// Writes that the family needs aid again, over the version that was locked.
pub(super) async fn take_back(
    mut conn: &Conn,
    before: &Graduation,
    (new, returned_on): (&NewGraduateReturn, NaiveDate),
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<Graduation> {
    let row = graduations::table.find((before.area_id, before.id)).filter(graduations::version.eq(before.version));
    let after = diesel::update(row)
        .set((
            graduations::returned_on.eq(returned_on),
            graduations::return_reason.eq(new.reason),
            graduations::return_note.eq(new.note.as_ref().map(ToString::to_string)),
            graduations::returned_by.eq(client_id),
            graduations::version.eq(before.version + 1),
            graduations::updated_at.eq(now),
        ))
        .returning(Graduation::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
