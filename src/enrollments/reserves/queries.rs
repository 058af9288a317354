//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Next, Reserve, ReserveFilter, ReserveStatus};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, ProgramId, ReserveId, Scope, VillageCode};
use crate::enrollments::model::Enrollment;
use crate::enrollments::places::{Claim, Places, TAKING, bind_bars, kept_off};
use crate::error::{Code, Result};
use crate::http::{ByPlace, Limit};
use crate::programs::{self, RuleSet};
use crate::schema::reserves;

/// Finds a place.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: ReserveId) -> Result<Option<Reserve>> {
    let query = Reserve::query().filter(reserves::area_id.eq_any(&scope.area_ids)).filter(reserves::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a place and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: ReserveId) -> Result<Option<Reserve>> {
    let query = Reserve::query().filter(reserves::area_id.eq_any(&scope.area_ids)).filter(reserves::id.eq(id));
    Ok(query.for_update().first(&mut conn).await.optional()?)
}

/// Places of a program's lists that a filter leaves.
fn filtered<'a>(scope: &'a Scope, program_id: ProgramId, filter: &'a ReserveFilter) -> reserves::BoxedQuery<'a, Pg> {
    let of_program = reserves::table.filter(reserves::area_id.eq_any(&scope.area_ids));
    let mut query = of_program.filter(reserves::program_id.eq(program_id)).into_boxed();
    if let Some(village_code) = &filter.village_code {
        query = query.filter(reserves::village_code.eq(village_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(reserves::status.eq(status));
    }
    query
}

/// Counts places.
pub(super) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    filter: &ReserveFilter,
) -> Result<i64> {
    Ok(filtered(scope, program_id, filter).count().get_result(&mut conn).await?)
}

/// Lists places by area and place, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    filter: &ReserveFilter,
    (limit, after): (Limit, Option<(i32, i32)>),
) -> Result<Vec<Reserve>> {
    let query = filtered(scope, program_id, filter).select(Reserve::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByPlace::Down);
    Ok(walk!(query, is_down, after, reserves::{area_id, place}).load(&mut conn).await?)
}

/// Takes a family off the list.
pub(super) async fn remove(mut conn: &Conn, before: &Reserve, reason: &str, now: DateTime<Utc>) -> Result<Reserve> {
    let row = reserves::table.find((before.area_id, before.id)).filter(reserves::version.eq(before.version));
    let after = diesel::update(row)
        .set((
            reserves::status.eq(ReserveStatus::Removed),
            reserves::removal_reason.eq(reason),
            reserves::version.eq(before.version + 1),
            reserves::updated_at.eq(now),
        ))
        .returning(Reserve::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}

/// Who writes when, in which area, by which rules.
#[derive(Debug, Clone, Copy)]
pub(in crate::enrollments) struct Hand<'a> {
    pub(in crate::enrollments) area_id: i32,
    pub(in crate::enrollments) rule_set: &'a RuleSet,
    pub(in crate::enrollments) client_id: &'a str,
    pub(in crate::enrollments) now: DateTime<Utc>,
}

/// Takes a family off the list that has its enrollment now; nothing where it did not wait.
pub(in crate::enrollments) async fn take(mut conn: &Conn, enrollment: &Enrollment, now: DateTime<Utc>) -> Result<()> {
    let waiting = reserves::table
        .filter(reserves::area_id.eq(enrollment.area_id))
        .filter(reserves::program_id.eq(enrollment.program_id))
        .filter(reserves::beneficiary_id.eq(enrollment.beneficiary_id))
        .filter(reserves::status.eq(ReserveStatus::Waiting));
    diesel::update(waiting)
        .set((
            reserves::status.eq(ReserveStatus::Taken),
            reserves::enrollment_id.eq(enrollment.id),
            reserves::version.eq(reserves::version + 1),
            reserves::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Takes families off the list that have their enrollments now.
pub(in crate::enrollments) async fn take_all(
    mut conn: &Conn,
    hand: Hand<'_>,
    families: &[BeneficiaryId],
) -> Result<()> {
    sql_query(
        "update reserves r set status = 'taken', enrollment_id = e.id, version = r.version + 1, updated_at = $4
         from enrollments e
         where r.area_id = $1 and r.program_id = $2 and r.beneficiary_id = any ($3) and r.status = 'waiting'
             and e.area_id = $1 and e.program_id = $2 and e.beneficiary_id = r.beneficiary_id and e.status <> 'exited'",
    )
    .bind::<Int4, _>(hand.area_id)
    .bind::<SqlUuid, _>(hand.rule_set.program_id)
    .bind::<Array<SqlUuid>, _>(families)
    .bind::<Timestamptz, _>(hand.now)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Puts families at the end of the list in their order, as a meeting decided; those that wait already keep their place.
/// Answers how many. The right to give places is had.
pub(in crate::enrollments) async fn put(
    mut conn: &Conn,
    hand: Hand<'_>,
    (claims, decree_number): (&[Claim], &str),
) -> Result<usize> {
    let statement = "
        with wanted as (
            select w.family, w.village_code, row_number() over (order by w.nth)::int as nth
            from unnest($3, $4) with ordinality as w (family, village_code, nth)
            where not exists (select from reserves r where r.area_id = $1 and r.program_id = $2
                and r.beneficiary_id = w.family and r.status = 'waiting')
        ), room as (
            update program_places set last_place = last_place + (select count(*)::int from wanted)
            where area_id = $1 and program_id = $2 and exists (select from wanted)
            returning last_place - (select count(*)::int from wanted) as before
        )
        insert into reserves (area_id, id, program_id, beneficiary_id, rule_set_id, village_code, place, status, reason,
            ordered_by, decile, decree_number, placed_by, created_at, updated_at)
        select $1, derive_id($5, w.family), $2, w.family, $6, w.village_code, room.before + w.nth, 'waiting', 'meeting',
            'meeting', b.decile, $7, $8, $9, $9
        from wanted w cross join room join beneficiaries b on b.area_id = $1 and b.id = w.family
        order by w.nth";
    let families: Vec<BeneficiaryId> = claims.iter().map(|claim| claim.beneficiary_id).collect();
    let villages: Vec<VillageCode> = claims.iter().map(|claim| claim.village_code.clone()).collect();
    let put = sql_query(statement)
        .bind::<Int4, _>(hand.area_id)
        .bind::<SqlUuid, _>(hand.rule_set.program_id)
        .bind::<Array<SqlUuid>, _>(families)
        .bind::<Array<Text>, _>(villages)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(hand.rule_set.id)
        .bind::<Text, _>(decree_number)
        .bind::<Text, _>(hand.client_id)
        .bind::<Timestamptz, _>(hand.now)
        .execute(&mut conn)
        .await?;
    Ok(put)
}

/// The first of a village who waits, lives there, is eligible and is kept off by no other program.
pub(in crate::enrollments) async fn next(
    mut conn: &Conn,
    places: &Places,
    village_code: &VillageCode,
    (rule_set, on): (&RuleSet, NaiveDate),
) -> Result<Option<Next>> {
    let rule = rule_set.expression()?.sql(on, 7);
    let statement = format!(
        "select w.beneficiary_id, w.place
         from reserves w join beneficiaries b on b.area_id = w.area_id and b.id = w.beneficiary_id
         where w.area_id = $1 and w.program_id = $5 and w.status = 'waiting' and w.village_code = $6
             and b.status = 'live' and b.village_code = $6 and {}
             and not exists (
                 select from enrollments l where l.area_id = w.area_id and l.beneficiary_id = w.beneficiary_id
                     and l.program_id = $5 and l.status in {TAKING})
             and not exists ({})
         order by w.place limit 1",
        rule.condition(),
        kept_off("= w.beneficiary_id")
    );
    let query = bind_bars(sql_query(statement).into_boxed::<Pg>(), places.area_id, &places.bars)
        .bind::<SqlUuid, _>(places.program_id)
        .bind::<Text, _>(village_code);
    Ok(programs::bind(query, &rule.parameters).get_result(&mut conn).await.optional()?)
}
