//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Meeting, Replacement, ReplacementFilter, ReportFilter, VillageReplacements};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, DeliberationId, EnrollmentId, ReplacementId, Scope};
use crate::enrollments::model::Enrollment;
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::replacements;

/// Finds a replacement.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: ReplacementId) -> Result<Option<Replacement>> {
    let query =
        Replacement::query().filter(replacements::area_id.eq_any(&scope.area_ids)).filter(replacements::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// The replacement that ended an enrollment.
pub(super) async fn find_of(mut conn: &Conn, area_id: i32, id: EnrollmentId) -> Result<Option<Replacement>> {
    let of_area = Replacement::query().filter(replacements::area_id.eq(area_id));
    Ok(of_area.filter(replacements::enrollment_id.eq(id)).first(&mut conn).await.optional()?)
}

/// Writes a replacement; the constraint lets an enrollment be replaced once.
pub(super) async fn insert(mut conn: &Conn, replacement: &Replacement) -> Result<()> {
    diesel::insert_into(replacements::table)
        .values(replacement)
        .execute(&mut conn)
        .await
        .on_conflict(Code::AlreadyReplaced)?;
    Ok(())
}

/// Replacements that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a ReplacementFilter) -> replacements::BoxedQuery<'a, Pg> {
    let mut query = replacements::table.filter(replacements::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(program_id) = filter.program_id {
        query = query.filter(replacements::program_id.eq(program_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(replacements::village_code.eq(village_code));
    }
    if let Some(from) = filter.from {
        query = query.filter(replacements::replaced_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(replacements::replaced_on.le(to));
    }
    query
}

/// Counts replacements.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ReplacementFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists replacements by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ReplacementFilter,
    (limit, after): (Limit, Option<(i32, ReplacementId)>),
) -> Result<Vec<Replacement>> {
    let query = filtered(scope, filter).select(Replacement::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, replacements::{area_id, id}).load(&mut conn).await?)
}

/// Counts replacements by village.
pub(super) async fn by_village(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ReportFilter,
) -> Result<Vec<VillageReplacements>> {
    let query = sql_query(
        "with told as (
             select * from replacements
             where area_id = any ($1) and ($2 is null or program_id = $2) and ($3 is null or replaced_on >= $3)
                 and ($4 is null or replaced_on <= $4)
         ), passed as (
             select t.village_code, t.id, g.unit, p.quantity from told t
             join passed_entitlements p on p.area_id = t.area_id and p.replacement_id = t.id
             join programs g on g.id = t.program_id
             where p.area_id = any ($1)
         )
         select village_code, count(*) filter (where reason = 'deceased') as deceased,
             count(*) filter (where reason = 'moved') as moved,
             count(*) filter (where reason = 'duplicate') as duplicate,
             count(*) filter (where reason = 'refused') as refused, count(*) as replaced,
             count(deliberation_id) as by_meeting,
             (select count(distinct p.id) from passed p where p.village_code = told.village_code) as took_over,
             coalesce((
                 select jsonb_agg(jsonb_build_object('unit', s.unit, 'entitlements', s.entitlements, 'quantity',
                     trim_scale(s.quantity)::text) order by s.unit)
                 from (
                     select p.unit, count(*) as entitlements, sum(p.quantity) as quantity from passed p
                     where p.village_code = told.village_code group by p.unit
                 ) s
             ), '[]') as passed
         from told
         group by village_code order by village_code",
    );
    let query = query
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Date>, _>(filter.from)
        .bind::<Nullable<Date>, _>(filter.to);
    Ok(query.load(&mut conn).await?)
}

/// A village meeting about the program of an enrollment, and whether it decided that this one is replaced: by the family
/// that is named, or by the next of the reserve list.
pub(super) async fn meeting(
    mut conn: &Conn,
    enrollment: &Enrollment,
    named: Option<BeneficiaryId>,
    id: DeliberationId,
) -> Result<Option<Meeting>> {
    let meeting = sql_query(
        "select coalesce(d.decree_number, d.minutes_number) as paper_number, d.village_code, d.held_on, d.is_special,
             exists (
                 select from deliberation_decisions o where o.area_id = d.area_id and o.deliberation_id = d.id
                     and case when $5 is null then o.beneficiary_id = $4 and o.decision = 'remove'
                         else o.beneficiary_id = $5 and o.decision in ('add', 'reserve') end
             ) as has_decided
         from deliberations d where d.area_id = $1 and d.program_id = $2 and d.id = $3",
    );
    let meeting = meeting
        .bind::<Int4, _>(enrollment.area_id)
        .bind::<SqlUuid, _>(enrollment.program_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(enrollment.beneficiary_id)
        .bind::<Nullable<SqlUuid>, _>(named);
    Ok(meeting.get_result(&mut conn).await.optional()?)
}
