//! One statement a function. Each takes the scope.

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{ComplianceFilter, DutyCompliance, ListPlace};
use crate::db::{Conn, Counted, Way};
use crate::domain::{ProgramId, Scope};
use crate::error::Result;
use crate::http::{AsOf, ByFamily, Limit};
use crate::programs;
use crate::programs::benefits::{Plan, PlanSql};

/// Which duties a list asks for: those of a plan, as the filter leaves them.
pub(super) struct Asked<'a> {
    pub(super) program_id: ProgramId,
    pub(super) filter: &'a ComplianceFilter,
    pub(super) plan: Plan,
}

/// Only records that counted at the instant, where there is one.
const KNOWN: &str = "and ($6 is null or r.created_at <= $6)";

impl Asked<'_> {
    fn sql(&self) -> PlanSql {
        self.plan.sql(1, 7, KNOWN)
    }

    /// A statement over the duties: `what` of them, and after them `rest`.
    fn query(&self, scope: &Scope, (what, rest): (&str, &str)) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
        let sql = self.sql();
        let (from, to) = self.plan.duties();
        let to = to.pred_opt().unwrap_or(to);
        let statement = format!(
            "with on_list as (
                select b.area_id, b.id as beneficiary_id
                from enrollments e
                join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id and b.status = 'live'
                where e.area_id = any ($1) and e.program_id = $2 and e.status = 'active'
                    and ($3 is null or e.beneficiary_id = $3)
            ), {}, asked as (
                select h.area_id, h.beneficiary_id, h.member_id, h.component, d.kind, d.minimum_percent, d.cut_percent,
                    coalesce(sum(r.due_count), 0)::bigint as due_count,
                    coalesce(sum(r.done_count), 0)::bigint as done_count
                from share h
                join duty d on d.place = h.place
                left join record r on r.kind = d.kind
                    and r.subject = case when d.kind = 'monthly_session' then h.beneficiary_id else h.member_id end
                group by 1, 2, 3, 4, 5, 6, 7
            ), told as (
                select *, date '{from}' as \"from\", date '{to}' as \"to\", case when due_count = 0 then 'not_recorded'
                    when done_count * 100 < due_count * minimum_percent then 'not_met' else 'met' end as status
                from asked
            ), of_family as (
                select *, case when bool_or(status = 'not_met') over family then 'not_met'
                    when bool_or(status = 'not_recorded') over family then 'not_recorded' else 'met' end as family_status
                from told window family as (partition by area_id, beneficiary_id)
            )
            select {what} from of_family
            where ($4 is null or status = $4) and ($5 is null or kind = $5) {rest}",
            sql.text
        );
        let query = sql_query(statement)
            .into_boxed::<Pg>()
            .bind::<Array<Int4>, _>(scope.area_ids.clone())
            .bind::<SqlUuid, _>(self.program_id)
            .bind::<Nullable<SqlUuid>, _>(self.filter.beneficiary_id)
            .bind::<Nullable<Text>, _>(self.filter.status)
            .bind::<Nullable<Text>, _>(self.filter.kind)
            .bind::<Nullable<Timestamptz>, _>(self.filter.as_of.map(|AsOf(at)| at));
        programs::bind(query, &sql.parameters)
    }
}

/// Counts duties.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: &Asked<'_>) -> Result<i64> {
    Ok(asked.query(scope, ("count(*) as total", "")).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists duties by area, family, member and kind, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: &Asked<'_>,
    (limit, after): (Limit, Option<ListPlace>),
) -> Result<Vec<DutyCompliance>> {
    let Way { order, beyond } = Way::of(asked.filter.sort == Some(ByFamily::Down));
    let next = 7 + asked.sql().parameters.len();
    let rest = format!(
        "and (${next} is null or (area_id, beneficiary_id, member_id, kind) {beyond} (${next}, ${}, ${}, ${}))
         order by area_id {order}, beneficiary_id {order}, member_id {order}, kind {order} limit ${}",
        next + 1,
        next + 2,
        next + 3,
        next + 4
    );
    let (area_id, family, member, kind) = match after {
        Some((area_id, family, member, kind)) => (Some(area_id), Some(family), Some(member), Some(kind)),
        None => (None, None, None, None),
    };
    let query = asked
        .query(scope, ("*", &rest))
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(family)
        .bind::<Nullable<SqlUuid>, _>(member)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
