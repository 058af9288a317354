//! One statement a function, each in an area that was found by the scope.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{HeldFamily, InTheWay, QuotaPlaces, TAKING, Taken};
use crate::db::{Conn, Counted};
use crate::domain::{BeneficiaryId, ProgramId, Scope, VillageCode};
use crate::error::Result;
use crate::programs::Bar;

/// Takes the right to give places of a program in an area, and waits for whoever has it.
pub(super) async fn take_right(mut conn: &Conn, area_id: i32, program_id: ProgramId) -> Result<()> {
    sql_query("insert into program_places (area_id, program_id) values ($1, $2) on conflict do nothing")
        .bind::<Int4, _>(area_id)
        .bind::<SqlUuid, _>(program_id)
        .execute(&mut conn)
        .await?;
    sql_query("select from program_places where area_id = $1 and program_id = $2 for update")
        .bind::<Int4, _>(area_id)
        .bind::<SqlUuid, _>(program_id)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Holds families in the order of their ids: nobody else gives them a place, moves or ends them.
pub(in crate::enrollments) async fn hold_families(
    mut conn: &Conn,
    area_id: i32,
    ids: &[BeneficiaryId],
) -> Result<Vec<HeldFamily>> {
    let held = sql_query(
        "select id, village_code, status = 'live' as is_live from beneficiaries
         where area_id = $1 and id = any ($2) order by id for no key update",
    );
    Ok(held.bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(ids).load(&mut conn).await?)
}

/// What keeps each of the families off, by the first rule that does; nothing for those that none keeps off.
pub(super) async fn in_the_way(
    mut conn: &Conn,
    area_id: i32,
    bars: &[Bar],
    families: &[BeneficiaryId],
) -> Result<Vec<InTheWay>> {
    if bars.is_empty() || families.is_empty() {
        return Ok(Vec::new());
    }
    let query = bind_bars(sql_query(kept_off("= any ($5)")).into_boxed::<Pg>(), area_id, bars);
    Ok(query.bind::<Array<SqlUuid>, _>(families).load(&mut conn).await?)
}

/// A statement over those of some families whom a program that they have keeps off: `family`, and the first `rule` that
/// does with the `program` in the way. Area and bars are its first four placeholders, see [`bind_bars`].
pub(in crate::enrollments) fn kept_off(families: &str) -> String {
    format!(
        "select distinct on (l.beneficiary_id) l.beneficiary_id as family, o.rule_id as rule,
             (array_agg(l.program_id order by l.started_on, l.program_id)) [1] as program
         from enrollments l
         join unnest($2, $3, $4) as o (rule_id, program_id, most) on o.program_id = l.program_id
         where l.area_id = $1 and l.beneficiary_id {families} and l.status in {TAKING}
         group by l.beneficiary_id, o.rule_id, o.most
         having count(*) >= o.most
         order by l.beneficiary_id, o.rule_id"
    )
}

/// Binds the area and the bars of a statement with [`kept_off`] in it.
pub(in crate::enrollments) fn bind_bars<'a>(
    query: BoxedSqlQuery<'a, Pg, SqlQuery>,
    area_id: i32,
    bars: &[Bar],
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    query
        .bind::<Int4, _>(area_id)
        .bind::<Array<SqlUuid>, _>(bars.iter().map(|bar| bar.rule_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(bars.iter().map(|bar| bar.program_id).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(bars.iter().map(|bar| bar.most).collect::<Vec<_>>())
}

/// How many places of villages are taken; those without any are left out.
pub(super) async fn taken_by_village(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    villages: &[VillageCode],
) -> Result<Vec<Taken>> {
    let statement = format!(
        "select quota_village_code as village_code, count(*) as taken from enrollments
         where area_id = $1 and program_id = $2 and quota_village_code = any ($3) and status in {TAKING}
         group by quota_village_code"
    );
    let query =
        sql_query(statement).bind::<Int4, _>(area_id).bind::<SqlUuid, _>(program_id).bind::<Array<Text>, _>(villages);
    Ok(query.load(&mut conn).await?)
}

/// How many places of the area are taken.
pub(super) async fn taken_in_area(mut conn: &Conn, (area_id, program_id): (i32, ProgramId)) -> Result<i64> {
    let statement = format!(
        "select count(*) as total from enrollments where area_id = $1 and program_id = $2 and status in {TAKING}"
    );
    let query = sql_query(statement).bind::<Int4, _>(area_id).bind::<SqlUuid, _>(program_id);
    Ok(query.get_result::<Counted>(&mut conn).await?.total)
}

/// The quotas of a program in force on a day, with what is taken of each and who waits.
pub(super) async fn counts(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    on: NaiveDate,
) -> Result<Vec<QuotaPlaces>> {
    let statement = format!(
        "select q.id as quota_id, q.village_code, q.places::bigint as places, t.taken,
             greatest(q.places - t.taken, 0) as free, w.waiting
         from (
             select distinct on (area_id, village_code) * from quotas
             where area_id = any ($1) and program_id = $2 and effective_from <= $3
                 and (effective_to is null or effective_to >= $3)
             order by area_id, village_code, id desc
         ) as q
         cross join lateral (
             select count(*) as taken from enrollments e
             where e.area_id = q.area_id and e.program_id = $2 and e.status in {TAKING}
                 and (q.village_code is null or e.quota_village_code = q.village_code)
         ) as t
         cross join lateral (
             select count(*) as waiting from reserves r
             where r.area_id = q.area_id and r.program_id = $2 and r.status = 'waiting'
                 and (q.village_code is null or r.village_code = q.village_code)
         ) as w
         order by q.area_id, q.village_code nulls last"
    );
    let query =
        sql_query(statement).bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(program_id).bind::<Date, _>(on);
    Ok(query.load(&mut conn).await?)
}
