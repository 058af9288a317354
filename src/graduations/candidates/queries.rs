//! Criteria as a condition of statements over families on aid.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{CandidateFilter, GraduationCandidate, ListPlace};
use crate::db::{Conn, Counted, Way};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::Result;
use crate::graduations::criteria::Criteria;
use crate::http::{ByVillage, Limit};
use crate::programs;
use crate::programs::eligibility::Sql;
use crate::schema::beneficiaries;

/// Whether the criteria say yes to a family that is held.
pub(in crate::graduations) async fn is_ready(
    mut conn: &Conn,
    (area_id, family): (i32, BeneficiaryId),
    criteria: &Criteria,
    on: NaiveDate,
) -> Result<bool> {
    let rule = criteria.expression()?.sql(on, 3);
    let statement = format!(
        "select count(*) as total from beneficiaries b where b.area_id = $1 and b.id = $2 and {}",
        rule.condition()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Int4, _>(area_id).bind::<SqlUuid, _>(family);
    Ok(programs::bind(query, &rule.parameters).get_result::<Counted>(&mut conn).await?.total > 0)
}

/// Which families a list asks for: those of a sub-district, as the filter and its criteria leave them.
pub(super) struct Asked<'a> {
    pub(super) area_id: i32,
    pub(super) filter: &'a CandidateFilter,
    pub(super) rule: Sql,
}

impl Asked<'_> {
    /// Number of the first placeholder that is left to the rule.
    pub(super) const RULE_FROM: usize = 3;

    /// A statement over the families that have places and have not graduated: `what` of them, and after them `rest`.
    fn query(&self, what: &str, rest: &str) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
        let statement = format!(
            "select {what} from beneficiaries b
             cross join lateral (
                 select array_agg(p.code order by p.code) as programs, min(e.started_on) as on_aid_since
                 from enrollments e join programs p on p.id = e.program_id
                 where e.area_id = b.area_id and e.beneficiary_id = b.id
                     and e.status in ('confirmed', 'active', 'suspended')
             ) as o
             where b.area_id = $1 and b.status = 'live' and ($2 is null or b.village_code = $2)
                 and o.programs is not null and not exists (
                     select from graduations g
                     where g.area_id = b.area_id and g.beneficiary_id = b.id and g.returned_on is null
                 )
                 and {} {rest}",
            self.rule.condition()
        );
        let query = sql_query(statement)
            .into_boxed::<Pg>()
            .bind::<Int4, _>(self.area_id)
            .bind::<Nullable<Text>, _>(self.filter.village_code.as_ref());
        programs::bind(query, &self.rule.parameters)
    }
}

/// Counts the families that are ready.
pub(super) async fn count(mut conn: &Conn, asked: &Asked<'_>) -> Result<i64> {
    Ok(asked.query("count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists the families that are ready by village and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    asked: &Asked<'_>,
    (limit, after): (Limit, Option<ListPlace>),
) -> Result<Vec<GraduationCandidate>> {
    let Way { order, beyond } = Way::of(asked.filter.sort == Some(ByVillage::Down));
    let next = Asked::RULE_FROM + asked.rule.parameters.len();
    let rest = format!(
        "and (${next} is null or (b.village_code, b.id) {beyond} (${next}, ${}))
         order by b.village_code {order}, b.id {order} limit ${}",
        next + 1,
        next + 2
    );
    let (village_code, id) = after.map_or((None, None), |(village, id)| (Some(village), Some(id)));
    let what = "b.id as beneficiary_id, b.village_code, b.head_name, b.member_count, b.decile, o.programs,
        o.on_aid_since";
    let query = asked
        .query(what, &rest)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// The sub-district of a family that the caller sees.
pub(super) async fn area_of(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<i32>> {
    let area = beneficiaries::table
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .select(beneficiaries::area_id);
    Ok(area.first(&mut conn).await.optional()?)
}
