//! The facts of one family, as they stand or as they stood at an instant.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::{Map, Value};

use crate::beneficiaries;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Result};
use crate::programs::eligibility::{
    AidReceived, DutyDone, EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin, SourceRank,
};

/// Later than whatever is recorded.
const FOR_EVER: TimeDelta = TimeDelta::days(36_500);

/// The facts of a live family at an instant, or now; `None` where there is none of that id.
///
/// # Errors
/// `beneficiary_not_live`.
pub async fn facts(conn: &Conn, scope: &Scope, id: BeneficiaryId, at: Option<DateTime<Utc>>) -> Result<Option<Facts>> {
    // What is in force began before any later instant and ends after none.
    let at = at.unwrap_or_else(|| db::now() + FOR_EVER);
    let Some(family) = family_of(conn, scope, (id, at)).await? else { return Ok(None) };
    if family.status != "live" {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let members = members_of(conn, scope, (id, at)).await?;
    let of = Of { area_id: family.area_id, id, at };
    let series = Series {
        programs: of.programs(conn).await?,
        ranks: of.ranks(conn).await?,
        aid: of.aid(conn).await?,
        last_visit_on: of.last_visit(conn).await?,
        duties: of.duties(conn).await?,
    };
    Ok(Some(Facts { family: family.into_facts(series), members }))
}

#[derive(QueryableByName)]
struct FamilyRow {
    #[diesel(sql_type = Integer)]
    area_id: i32,
    #[diesel(sql_type = Text)]
    village_code: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Integer)]
    member_count: i32,
    #[diesel(sql_type = Nullable<SmallInt>)]
    decile: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    decile_source: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    decile_period: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    verified_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    verified_by: Option<String>,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Timestamptz)]
    valid_from: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    attributes: Option<Value>,
}

/// What is recorded of a family in rows of its own.
struct Series {
    programs: Vec<EnrolledProgram>,
    ranks: Vec<SourceRank>,
    aid: Vec<AidReceived>,
    last_visit_on: Option<NaiveDate>,
    duties: Vec<DutyDone>,
}

impl FamilyRow {
    fn into_facts(self, series: Series) -> FamilyFacts {
        FamilyFacts {
            village_code: self.village_code,
            member_count: self.member_count,
            record: Origin { source: self.source, on: Some(db::day_of(self.valid_from)) },
            is_verified: self.verified_at.is_some(),
            verification: Origin { source: self.verified_by.unwrap_or_default(), on: self.verified_at.map(db::day_of) },
            decile: self.decile,
            rank: Origin { source: self.decile_source.unwrap_or_default(), on: self.decile_period },
            last_visit_on: series.last_visit_on,
            duties: series.duties,
            programs: series.programs,
            ranks: series.ranks,
            aid: series.aid,
            attributes: object(self.attributes),
        }
    }
}

async fn family_of(
    mut conn: &Conn,
    scope: &Scope,
    (id, at): (BeneficiaryId, DateTime<Utc>),
) -> Result<Option<FamilyRow>> {
    let statement =
        format!("select * from ({}) as version order by version desc limit 1", beneficiaries::VERSION_AS_OF);
    let query = sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id);
    Ok(query.get_result(&mut conn).await.optional()?)
}

#[derive(QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the register")]
struct MemberRow {
    #[diesel(sql_type = SqlUuid)]
    id: MemberId,
    #[diesel(sql_type = Nullable<Date>)]
    born_on: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    sex: String,
    #[diesel(sql_type = Text)]
    relationship: String,
    #[diesel(sql_type = Bool)]
    is_pregnant: bool,
    #[diesel(sql_type = Bool)]
    has_disability: bool,
    #[diesel(sql_type = Bool)]
    in_school: bool,
    #[diesel(sql_type = Bool)]
    has_nik: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    attributes: Option<Value>,
    #[diesel(sql_type = Timestamptz)]
    valid_from: DateTime<Utc>,
}

async fn members_of(
    mut conn: &Conn,
    scope: &Scope,
    (id, at): (BeneficiaryId, DateTime<Utc>),
) -> Result<Vec<MemberFacts>> {
    let statement = format!(
        "select id, born_on, sex, relationship, is_pregnant, has_disability, in_school,
            nik_sealed is not null as has_nik, attributes, valid_from
        from ({}) as version order by id",
        beneficiaries::members_of_family_as_of()
    );
    let rows: Vec<MemberRow> = sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id)
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(MemberRow::into_facts).collect())
}

impl MemberRow {
    fn into_facts(self) -> MemberFacts {
        MemberFacts {
            id: self.id.0,
            born_on: self.born_on,
            sex: self.sex,
            relationship: self.relationship,
            is_pregnant: self.is_pregnant,
            has_disability: self.has_disability,
            in_school: self.in_school,
            has_nik: self.has_nik,
            attributes: object(self.attributes),
            record: Origin { source: String::new(), on: Some(db::day_of(self.valid_from)) },
        }
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// A family at an instant.
#[derive(Clone, Copy)]
struct Of {
    area_id: i32,
    id: BeneficiaryId,
    at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct ProgramRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Date)]
    started_on: NaiveDate,
}

#[derive(QueryableByName)]
struct RankRow {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = SmallInt)]
    decile: i16,
    #[diesel(sql_type = Date)]
    period: NaiveDate,
}

#[derive(QueryableByName)]
struct AidRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = BigInt)]
    thousandths: i64,
    #[diesel(sql_type = Date)]
    delivered_on: NaiveDate,
}

#[derive(QueryableByName)]
struct DutyRow {
    #[diesel(sql_type = SqlUuid)]
    member_id: MemberId,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Date)]
    period: NaiveDate,
    #[diesel(sql_type = Integer)]
    due_count: i32,
    #[diesel(sql_type = Integer)]
    done_count: i32,
}

#[derive(QueryableByName)]
struct VisitRow {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_at: Option<DateTime<Utc>>,
}

impl Of {
    async fn load<T: diesel::deserialize::QueryableByName<diesel::pg::Pg> + Send + 'static>(
        self,
        mut conn: &Conn,
        statement: &'static str,
    ) -> Result<Vec<T>> {
        let query = sql_query(statement)
            .bind::<Integer, _>(self.area_id)
            .bind::<SqlUuid, _>(self.id)
            .bind::<Timestamptz, _>(self.at);
        Ok(query.load(&mut conn).await?)
    }

    async fn programs(self, conn: &Conn) -> Result<Vec<EnrolledProgram>> {
        let statement = "
            select p.code, e.started_on from enrollments e join programs p on p.id = e.program_id
            where e.area_id = $1 and e.beneficiary_id = $2 and e.updated_at <= $3 and e.status <> 'exited'
            union all
            select p.code, r.started_on from enrollments_history h
            cross join lateral jsonb_populate_record(null::enrollments, h.record) as r
            join programs p on p.id = r.program_id
            where h.area_id = $1 and h.valid_from <= $3 and h.valid_to > $3 and r.status <> 'exited'
                and h.id in (select id from enrollments where area_id = $1 and beneficiary_id = $2)
            order by code";
        let rows: Vec<ProgramRow> = self.load(conn, statement).await?;
        let of_row = |row: ProgramRow| EnrolledProgram { code: row.code, started_on: Some(row.started_on) };
        Ok(rows.into_iter().map(of_row).collect())
    }

    async fn ranks(self, conn: &Conn) -> Result<Vec<SourceRank>> {
        let statement = "
            select distinct on (source) source, decile, period from welfare_ranks
            where area_id = $1 and beneficiary_id = $2 and recorded_at <= $3 order by source, period desc";
        let rows: Vec<RankRow> = self.load(conn, statement).await?;
        let of_row = |row: RankRow| SourceRank { source: row.source, decile: row.decile, on: Some(row.period) };
        Ok(rows.into_iter().map(of_row).collect())
    }

    async fn aid(self, conn: &Conn) -> Result<Vec<AidReceived>> {
        let statement = "
            select p.code, (sum(d.quantity) * 1000)::bigint as thousandths, d.delivered_on
            from family_aid_given d join programs p on p.id = d.program_id
            where d.area_id = $1 and d.beneficiary_id = $2 and d.created_at <= $3
            group by d.delivery_id, d.delivered_on, p.code having sum(d.quantity) > 0
            order by d.delivered_on, d.delivery_id";
        let rows: Vec<AidRow> = self.load(conn, statement).await?;
        let of_row = |row: AidRow| AidReceived { code: row.code, thousandths: row.thousandths, on: row.delivered_on };
        Ok(rows.into_iter().map(of_row).collect())
    }

    async fn duties(self, conn: &Conn) -> Result<Vec<DutyDone>> {
        let statement = "
            select member_id, kind, period, due_count, done_count from duty_records r
            where area_id = $1 and beneficiary_id = $2 and created_at <= $3 and not exists (
                select from duty_records n where n.area_id = r.area_id and n.member_id = r.member_id
                    and n.kind = r.kind and n.period = r.period and n.corrects = r.id and n.created_at <= $3)
            order by period, id";
        let rows: Vec<DutyRow> = self.load(conn, statement).await?;
        let of_row = |row: DutyRow| DutyDone {
            member_id: row.member_id.0,
            kind: row.kind,
            month: row.period,
            due_count: row.due_count.into(),
            done_count: row.done_count.into(),
        };
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// Day of the last visit that found the family, in the sub-district's time.
    async fn last_visit(self, conn: &Conn) -> Result<Option<NaiveDate>> {
        let statement = "
            select max(visited_at) as last_at from family_visits
            where area_id = $1 and beneficiary_id = $2 and created_at <= $3 and finding in ('confirmed', 'corrected')";
        let rows: Vec<VisitRow> = self.load(conn, statement).await?;
        Ok(rows.into_iter().find_map(|row| row.last_at).map(db::day_of))
    }
}
