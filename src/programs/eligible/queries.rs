//! The rule of a program as a condition of statements over families, and the facts of one of them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{EligibleBeneficiary, EligibleFilter, ListPlace, VillageCount};
use crate::db::{self, Conn, Counted, Way};
use crate::domain::{BeneficiaryId, MemberId, Period, ProgramId, Scope};
use crate::error::{Code, Result};
use crate::http::{ByVillage, Limit};
use crate::programs::eligibility::{EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin, Parameter, Sql};
use crate::schema::{beneficiaries, enrollments, members, memberships, programs};

/// Binds the parameters of a rule, in their order.
pub fn bind<'a>(query: BoxedSqlQuery<'a, Pg, SqlQuery>, rule: &Sql) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    rule.parameters.iter().cloned().fold(query, |query, parameter| match parameter {
        Parameter::Whole(number) => query.bind::<BigInt, _>(number),
        Parameter::WholeList(numbers) => query.bind::<Array<BigInt>, _>(numbers),
        Parameter::Text(text) => query.bind::<Text, _>(text),
        Parameter::TextList(texts) => query.bind::<Array<Text>, _>(texts),
        Parameter::Date(date) => query.bind::<Date, _>(date),
    })
}

/// Counts all live families and those the rule says yes to, by village. The rule's placeholders begin with 2.
pub(super) async fn count_villages(mut conn: &Conn, scope: &Scope, rule: &Sql) -> Result<Vec<VillageCount>> {
    let statement = format!(
        "select b.village_code, count(*) filter (where {}) as eligible, count(*) as families
         from beneficiaries b where b.area_id = any ($1) and b.status = 'live'
         group by b.village_code order by b.village_code",
        rule.condition()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(&scope.area_ids);
    Ok(bind(query, rule).load(&mut conn).await?)
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
        bind(query, &self.rule)
    }
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

#[derive(Debug, HasQuery)]
#[diesel(table_name = beneficiaries)]
struct FamilyRow {
    area_id: i32,
    village_code: String,
    status: String,
    member_count: i32,
    decile: Option<i16>,
    decile_source: Option<String>,
    decile_period: Option<Period>,
    verified_at: Option<DateTime<Utc>>,
    verified_by: Option<String>,
    source: String,
    valid_from: DateTime<Utc>,
}

/// The facts of a live family; `None` where there is none of that id.
///
/// # Errors
/// `beneficiary_not_live`.
pub(super) async fn facts(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<Facts>> {
    let family = FamilyRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    let Some(family) = family else { return Ok(None) };
    if family.status != "live" {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let members = members_of(conn, family.area_id, id).await?;
    let programs = programs_of(conn, family.area_id, id).await?;
    let last_visit_on = last_visit_of(conn, family.area_id, id).await?;
    Ok(Some(Facts { family: family.into_facts(programs, last_visit_on), members }))
}

impl FamilyRow {
    fn into_facts(self, programs: Vec<EnrolledProgram>, last_visit_on: Option<NaiveDate>) -> FamilyFacts {
        FamilyFacts {
            village_code: self.village_code,
            member_count: self.member_count,
            record: Origin { source: self.source, on: Some(self.valid_from.date_naive()) },
            is_verified: self.verified_at.is_some(),
            verification: Origin {
                source: self.verified_by.unwrap_or_default(),
                on: self.verified_at.map(|at| at.date_naive()),
            },
            decile: self.decile,
            rank: Origin {
                source: self.decile_source.unwrap_or_default(),
                on: self.decile_period.map(Period::first_day),
            },
            last_visit_on,
            programs,
        }
    }
}

#[derive(QueryableByName)]
struct LastVisit {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

/// Day of the last visit that found the family, in the sub-district's time.
async fn last_visit_of(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Option<NaiveDate>> {
    let last: LastVisit = diesel::sql_query(
        "select max(visited_at) as at from family_visits
        where area_id = $1 and beneficiary_id = $2 and finding in ('confirmed', 'corrected')",
    )
    .bind::<Int4, _>(area_id)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut conn)
    .await?;
    Ok(last.at.map(db::day_of))
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = members)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the register")]
struct MemberRow {
    id: MemberId,
    born_on: Option<NaiveDate>,
    sex: String,
    is_pregnant: bool,
    has_disability: bool,
    in_school: bool,
    #[diesel(select_expression = members::nik_digest.is_not_null())]
    has_nik: bool,
    valid_from: DateTime<Utc>,
}

async fn members_of(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Vec<MemberFacts>> {
    let tie = memberships::area_id.eq(members::area_id).and(memberships::member_id.eq(members::id));
    let rows: Vec<(MemberRow, String)> = members::table
        .inner_join(memberships::table.on(tie))
        .filter(memberships::area_id.eq(area_id))
        .filter(memberships::beneficiary_id.eq(id))
        .filter(memberships::ended_on.is_null())
        .order(members::id)
        .select((MemberRow::as_select(), memberships::relationship))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|(row, relationship)| row.into_facts(relationship)).collect())
}

impl MemberRow {
    fn into_facts(self, relationship: String) -> MemberFacts {
        MemberFacts {
            id: self.id.0,
            born_on: self.born_on,
            sex: self.sex,
            relationship,
            is_pregnant: self.is_pregnant,
            has_disability: self.has_disability,
            in_school: self.in_school,
            has_nik: self.has_nik,
            record: Origin { source: String::new(), on: Some(self.valid_from.date_naive()) },
        }
    }
}

async fn programs_of(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Vec<EnrolledProgram>> {
    let rows: Vec<(String, NaiveDate)> = enrollments::table
        .inner_join(programs::table)
        .filter(enrollments::area_id.eq(area_id))
        .filter(enrollments::beneficiary_id.eq(id))
        .filter(enrollments::status.ne("exited"))
        .order(programs::code)
        .select((programs::code, enrollments::started_on))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|(code, started_on)| EnrolledProgram { code, started_on: Some(started_on) }).collect())
}
