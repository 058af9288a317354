//! One statement a function, each over all families of the caller's areas.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{ListPlace, OverlapCount, OverlapFound};
use crate::db::{Conn, Counted, Way};
use crate::domain::{ProgramId, Scope, VillageCode};
use crate::enrollments::places::TAKING;
use crate::error::Result;
use crate::http::Limit;
use crate::programs;
use crate::programs::eligibility::Sql;

/// Overlaps with a program: those of eligible families, and of those that are on it.
pub(super) struct Asked<'a> {
    pub(super) program_id: ProgramId,
    pub(super) on: NaiveDate,
    pub(super) village_code: Option<&'a VillageCode>,
    pub(super) rule: Sql,
}

impl Asked<'_> {
    /// Number of the first placeholder that is left to the rule.
    pub(super) const RULE_FROM: usize = 5;

    /// A statement over the overlaps: `what` of them, and after them `rest`.
    fn query(&self, scope: &Scope, what: &str, rest: &str) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let statement = format!(
            "select {what}
             from (
                 select distinct on (l.area_id, l.beneficiary_id) l.area_id, l.beneficiary_id, q.rule_id,
                     (array_agg(l.program_id order by l.started_on, l.id)) [1] as program_id,
                     (array_agg(l.id order by l.started_on, l.id)) [1] as enrollment_id
                 from overlap_pairs q join enrollments l on l.program_id = q.other_program_id
                     and (q.owner_area_id is null or q.owner_area_id = l.area_id)
                 where q.program_id = $2 and q.effective_from <= $3
                     and (q.effective_to is null or q.effective_to >= $3)
                     and l.area_id = any ($1) and l.status in {TAKING}
                 group by l.area_id, l.beneficiary_id, q.rule_id, q.most
                 having count(*) >= q.most
                 order by l.area_id, l.beneficiary_id, q.rule_id
             ) as k
             join beneficiaries b on b.area_id = k.area_id and b.id = k.beneficiary_id and b.status = 'live'
             join overlap_rules r on r.id = k.rule_id
             join programs p on p.id = k.program_id
             left join enrollments o on o.area_id = b.area_id and o.beneficiary_id = b.id and o.program_id = $2
                 and o.status <> 'exited'
             where b.area_id = any ($1) and ($4 is null or b.village_code = $4) and (o.id is not null or {}) {rest}",
            self.rule.value()
        );
        let query = sql_query(statement)
            .into_boxed::<Pg>()
            .bind::<Array<Int4>, _>(scope.area_ids.clone())
            .bind::<SqlUuid, _>(self.program_id)
            .bind::<Date, _>(self.on)
            .bind::<Nullable<Text>, _>(self.village_code.cloned());
        programs::bind(query, &self.rule.parameters)
    }
}

/// Counts the families that another program keeps off.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: &Asked<'_>) -> Result<i64> {
    Ok(asked.query(scope, "count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists them by area, village and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: &Asked<'_>,
    (is_down, limit, after): (bool, Limit, Option<ListPlace>),
) -> Result<Vec<OverlapFound>> {
    let Way { order, beyond } = Way::of(is_down);
    let next = Asked::RULE_FROM + asked.rule.parameters.len();
    let rest = format!(
        "and (${next} is null or (b.area_id, b.village_code, b.id) {beyond} (${next}, ${}, ${}))
         order by b.area_id {order}, b.village_code {order}, b.id {order} limit ${}",
        next + 1,
        next + 2,
        next + 3
    );
    let (area_id, village_code, id) =
        after.map_or((None, None, None), |(area_id, village, id)| (Some(area_id), Some(village), Some(id)));
    let what = "b.area_id, b.id as beneficiary_id, b.village_code, k.rule_id, r.code as rule_code, k.program_id,
        p.code as program_code, k.enrollment_id, o.status";
    let query = asked
        .query(scope, what, &rest)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Counts them by village, rule and program.
pub(super) async fn by_village(mut conn: &Conn, scope: &Scope, asked: &Asked<'_>) -> Result<Vec<OverlapCount>> {
    let what = format!(
        "b.village_code, k.rule_id, r.code as rule_code, k.program_id, p.code as program_code,
        count(*) filter (where coalesce(o.status, 'proposed') = 'proposed') as eligible,
        count(*) filter (where o.status in {TAKING}) as on_both"
    );
    let rest =
        "group by b.village_code, k.rule_id, r.code, k.program_id, p.code order by b.village_code, r.code, p.code";
    Ok(asked.query(scope, &what, rest).load(&mut conn).await?)
}
