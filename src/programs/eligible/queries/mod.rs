//! The rule of a program as a condition of statements over families.

mod facts;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AttendedRow, EligibleBeneficiary, EligibleFilter, ListPlace, VillageCount};
use crate::db::{Conn, Counted, Way};
use crate::domain::{BeneficiaryId, Period, ProgramId, Scope};
use crate::error::Result;
use crate::http::{ByVillage, Limit};
use crate::programs::RuleSet;
use crate::programs::benefits::{Attended, Plan};
use crate::programs::eligibility::{Parameter, Sql};

pub use facts::facts;

/// Binds the parameters of a rule or a benefit, in their order.
pub fn bind<'a>(query: BoxedSqlQuery<'a, Pg, SqlQuery>, parameters: &[Parameter]) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    parameters.iter().cloned().fold(query, |query, parameter| match parameter {
        Parameter::Whole(number) => query.bind::<BigInt, _>(number),
        Parameter::WholeList(numbers) => query.bind::<Array<BigInt>, _>(numbers),
        Parameter::Text(text) => query.bind::<Text, _>(text),
        Parameter::TextList(texts) => query.bind::<Array<Text>, _>(texts),
        Parameter::Date(date) => query.bind::<Date, _>(date),
    })
}

/// Placeholder of the areas of [`count_villages`].
pub(super) const AREAS: usize = 1;

/// Counts all live families and those the rule says yes to, by village. The rule is over the population; its
/// placeholders begin with 2. What all families must have is a condition of the statement, so that it is joined.
pub(super) async fn count_villages(mut conn: &Conn, scope: &Scope, rule: &Sql) -> Result<Vec<VillageCount>> {
    let statement = format!(
        "select f.village_code, coalesce(e.eligible, 0) as eligible, f.families
         from (
             select village_code, count(*) as families from beneficiaries
             where area_id = any ($1) and status = 'live' group by village_code
         ) as f
         left join (
             select b.village_code, count(*) as eligible from beneficiaries b{}
             where b.area_id = any ($1) and b.status = 'live' and {} group by b.village_code
         ) as e on e.village_code = f.village_code
         order by f.village_code",
        rule.joins(),
        rule.condition()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(scope.area_ids.clone());
    Ok(bind(query, &rule.parameters).load(&mut conn).await?)
}

/// Which families a list asks for: those of a program, as the filter and the rule leave them.
pub(super) struct Asked<'a> {
    pub(super) program_id: ProgramId,
    pub(super) filter: &'a EligibleFilter,
    pub(super) rule: Sql,
}

impl Asked<'_> {
    /// Number of the first placeholder that is left to the rule.
    pub(super) const RULE_FROM: usize = 5;

    /// A statement over the families: `what` of them, and after them `rest`.
    fn query(&self, scope: &Scope, what: &str, rest: &str) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
        let statement = format!(
            "select {what} from beneficiaries b
             left join enrollments o on o.area_id = b.area_id and o.beneficiary_id = b.id and o.program_id = $2
                 and o.status <> 'exited'
             where b.area_id = any ($1) and b.status = 'live' and ($3 is null or b.village_code = $3)
                 and ($4 is null or $4 = (o.id is not null)) and {} {rest}",
            self.rule.condition()
        );
        let query = sql_query(statement)
            .into_boxed::<Pg>()
            .bind::<Array<Int4>, _>(scope.area_ids.clone())
            .bind::<SqlUuid, _>(self.program_id)
            .bind::<Nullable<Text>, _>(self.filter.village_code.as_ref())
            .bind::<Nullable<Bool>, _>(self.filter.is_enrolled);
        bind(query, &self.rule.parameters)
    }
}

/// True where a rule set that gives once gave to a family in another period, or to one that goes on in it.
pub(super) async fn has_been_given(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    (rule_set, period, at): (&RuleSet, Period, Option<DateTime<Utc>>),
) -> Result<bool> {
    let query = sql_query(
        "select count(*) as total
         from once_entitlements o join records_of($1, $2) r on r.area_id = o.area_id and r.id = o.beneficiary_id
         where o.area_id = any ($1) and o.rule_set_id = $3 and o.period <> $4
             and ($5 is null or o.created_at <= $5)",
    );
    let query = query
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(family)
        .bind::<SqlUuid, _>(rule_set.id)
        .bind::<Date, _>(period)
        .bind::<Nullable<Timestamptz>, _>(at);
    Ok(query.get_result::<Counted>(&mut conn).await?.total > 0)
}

/// What was recorded of the duties of a family and its members in the time that a plan looks at.
pub(super) async fn attended(
    mut conn: &Conn,
    scope: &Scope,
    (family, members): (BeneficiaryId, Vec<Uuid>),
    (plan, at): (&Plan, Option<DateTime<Utc>>),
) -> Result<Vec<Attended>> {
    let known = "and (r.beneficiary_id = $2 or r.member_id = any ($3)) and ($4 is null or r.created_at <= $4)";
    let sql = plan.records_sql(1, 5, known);
    let statement = format!(
        "with {} select subject, kind, sum(due_count) as due_count, sum(done_count) as done_count
         from record group by subject, kind",
        sql.text
    );
    let query = sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(scope.area_ids.clone())
        .bind::<SqlUuid, _>(family)
        .bind::<Array<SqlUuid>, _>(members)
        .bind::<Nullable<Timestamptz>, _>(at);
    let rows: Vec<AttendedRow> = bind(query, &sql.parameters).load(&mut conn).await?;
    Ok(rows.into_iter().map(AttendedRow::into_attended).collect())
}

/// Counts the families that the rule says yes to.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: &Asked<'_>) -> Result<i64> {
    Ok(asked.query(scope, "count(*) as total", "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists the families that the rule says yes to by area, village and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: &Asked<'_>,
    (limit, after): (Limit, Option<ListPlace>),
) -> Result<Vec<EligibleBeneficiary>> {
    let Way { order, beyond } = Way::of(asked.filter.sort == Some(ByVillage::Down));
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
    let what = "b.area_id, b.id as beneficiary_id, b.village_code, b.head_name, b.member_count, b.decile,
        o.id is not null as is_enrolled";
    let query = asked
        .query(scope, what, &rest)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
