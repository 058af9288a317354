//! The SQL of a rule finds exactly the families for whom the rule says yes.
//!
//! `SINERGI_RULES` and `SINERGI_FAMILIES` set how many of each are tried.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{Array, BigInt, Date, Jsonb, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::Database;
use crate::eligibility::{Answer, Expression, Facts, Parameter, Sql};
use crate::random::{PROGRAMS, Parts, family, reference_on, rule};

#[tokio::test(flavor = "multi_thread")]
async fn sql_finds_the_families_that_the_rule_says_yes_to() {
    let mut runner = TestRunner::deterministic();
    let families: Vec<_> =
        (0..count("SINERGI_FAMILIES", 2_000)).map(|_| (Uuid::now_v7(), one(&family(false), &mut runner))).collect();
    let mut conn = Database::new().await.owner().await;
    load(&mut conn, &families).await;
    for _ in 0..count("SINERGI_RULES", 200) {
        let all = Parts { counts: true, nulls: true };
        let source = one(&rule(all), &mut runner);
        let expression = Expression::parse(&source).unwrap();
        let sql = expression.sql(reference_on(), 2);
        let expected = eligible(&expression, &families);
        assert_eq!(found(&mut conn, sql.condition(), &sql).await, expected, "{source}");
        let others = found(&mut conn, &format!("NOT {}", sql.value()), &sql).await;
        assert_eq!(others.len() + expected.len(), families.len(), "{source}");
    }
}

fn eligible(expression: &Expression, families: &[(Uuid, Facts)]) -> BTreeSet<Uuid> {
    families
        .iter()
        .filter(|(_, facts)| expression.answer(facts, reference_on()) == Answer::Yes)
        .map(|(id, _)| *id)
        .collect()
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

async fn found(conn: &mut AsyncPgConnection, condition: &str, sql: &Sql) -> BTreeSet<Uuid> {
    let statement = format!("SELECT b.id FROM beneficiaries b WHERE b.area_id = $1 AND {condition}");
    let query = sql_query(statement).into_boxed::<Pg>().bind::<diesel::sql_types::Int4, _>(1);
    let rows: Vec<Found> = bind(query, &sql.parameters).load(conn).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

type Query<'a> = BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>;

fn bind<'a>(query: Query<'a>, parameters: &[Parameter]) -> Query<'a> {
    parameters.iter().cloned().fold(query, |query, parameter| match parameter {
        Parameter::Whole(number) => query.bind::<BigInt, _>(number),
        Parameter::WholeList(numbers) => query.bind::<Array<BigInt>, _>(numbers),
        Parameter::Text(text) => query.bind::<Text, _>(text),
        Parameter::TextList(texts) => query.bind::<Array<Text>, _>(texts),
        Parameter::Date(date) => query.bind::<Date, _>(date),
    })
}

fn one<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

fn count(setting: &str, otherwise: usize) -> usize {
    std::env::var(setting).map_or(otherwise, |text| text.parse().unwrap())
}

/// Sends the families as JSON; the other columns get what the schema asks for.
async fn load(conn: &mut AsyncPgConnection, families: &[(Uuid, Facts)]) {
    insert(conn, PROGRAM_ROWS, json!(PROGRAMS.map(|code| json!({ "code": code })))).await;
    insert(conn, FAMILY_ROWS, families.iter().map(|(id, facts)| family_row(*id, facts)).collect()).await;
    insert(conn, MEMBER_ROWS, families.iter().flat_map(|(id, facts)| member_rows(*id, facts)).collect()).await;
    insert(conn, ENROLLMENT_ROWS, families.iter().flat_map(|(id, facts)| enrollment_rows(*id, facts)).collect()).await;
    insert(conn, VISIT_ROWS, families.iter().flat_map(|(id, facts)| visit_rows(*id, facts)).collect()).await;
    conn.batch_execute("ANALYZE").await.unwrap();
}

async fn insert(conn: &mut AsyncPgConnection, statement: &str, rows: Value) {
    sql_query(statement).bind::<Jsonb, _>(rows).execute(conn).await.unwrap();
}

fn family_row(id: Uuid, facts: &Facts) -> Value {
    let family = &facts.family;
    json!({
        "id": id,
        "village_code": family.village_code,
        "member_count": family.member_count,
        "decile": family.decile,
        "is_verified": family.is_verified,
    })
}

/// The members, and for each family one who has left and must not count.
fn member_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let row = |member: &crate::eligibility::MemberFacts, ended_on: Option<NaiveDate>| {
        json!({
            "id": Uuid::now_v7(),
            "beneficiary_id": id,
            "sex": member.sex,
            "born_on": member.born_on,
            "relationship": member.relationship,
            "is_pregnant": member.is_pregnant,
            "has_disability": member.has_disability,
            "in_school": member.in_school,
            "has_nik": member.has_nik,
            "ended_on": ended_on,
        })
    };
    let live = facts.members.iter().map(|member| row(member, None));
    let left = facts.members.iter().take(1).map(|member| row(member, Some(reference_on())));
    live.chain(left).collect()
}

/// The live enrollments, and for each family on a program an exited one that must not count.
fn enrollment_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let programs = &facts.family.programs;
    let row = |code: &str, status: &str| json!({ "beneficiary_id": id, "code": code, "status": status });
    let statuses = ["proposed", "confirmed", "active", "suspended"];
    let live = programs.iter().zip(statuses).map(|(program, status)| row(&program.code, status));
    let exited = PROGRAMS.iter().map(|code| row(code, "exited"));
    live.chain(exited).collect()
}

/// The last visit with an earlier one, and for each family a later one that found nobody and must not count.
fn visit_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let row = |on: NaiveDate, finding: &str| json!({ "beneficiary_id": id, "visited_on": on, "finding": finding });
    let last = facts.family.last_visit_on;
    let seen = last.into_iter().flat_map(|on| [row(on, "confirmed"), row(on - chrono::Days::new(3), "corrected")]);
    seen.chain([row(reference_on(), "not_found")]).collect()
}

/// Half past midnight in the sub-district is the day before in UTC.
const VISIT_ROWS: &str = "
    INSERT INTO visits (area_id, id, beneficiary_id, visited_at, finding, evidence, recorded_by, created_at)
    SELECT 1, gen_random_uuid(), beneficiary_id, (visited_on + time '00:30') AT TIME ZONE 'Asia/Makassar', finding, '[]',
        'c' || row_number() over (), now()
    FROM jsonb_to_recordset($1) AS r (beneficiary_id uuid, visited_on date, finding text)";

const PROGRAM_ROWS: &str = "
    WITH program AS (
        INSERT INTO programs (id, code, name, kind, unit, description, created_at, updated_at)
        SELECT gen_random_uuid(), code, code, 'goods', 'kg', '', now(), now()
        FROM jsonb_to_recordset($1) AS r (code text)
        RETURNING id
    )
    INSERT INTO rule_sets (id, program_id, number, eligibility, benefit_quantity, benefit_period,
        legal_basis_title, legal_basis_number, effective_from, created_by, created_at)
    SELECT id, id, 1, 'true', 1, 'month', '', '', '2024-01-01', '', now() FROM program";

const FAMILY_ROWS: &str = "
    INSERT INTO beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name,
        member_count, decile, decile_source, decile_period, verified_at, source, valid_from, created_at, updated_at)
    SELECT 1, id, village_code, '', decode(md5(id::text), 'hex'), 'live', '', member_count, decile,
        CASE WHEN decile IS NOT NULL THEN 'DTSEN' END, CASE WHEN decile IS NOT NULL THEN date '2024-01-01' END,
        CASE WHEN is_verified THEN now() END, 'form', now(), now(), now()
    FROM jsonb_to_recordset($1)
        AS r (id uuid, village_code text, member_count int, decile smallint, is_verified bool)";

const MEMBER_ROWS: &str = "
    WITH r AS (
        SELECT * FROM jsonb_to_recordset($1) AS r (id uuid, beneficiary_id uuid, sex text, born_on date,
            relationship text, is_pregnant bool, has_disability bool, in_school bool, has_nik bool, ended_on date)
    ), member AS (
        INSERT INTO members (area_id, id, nik_sealed, nik_digest, nik_status, name, sex, born_on, is_pregnant,
            has_disability, in_school, valid_from, created_at, updated_at)
        SELECT 1, id, CASE WHEN has_nik THEN ''::bytea END, CASE WHEN has_nik THEN decode(md5(id::text), 'hex') END,
            CASE WHEN has_nik THEN 'structure_ok' ELSE 'none' END, '', sex, born_on, is_pregnant, has_disability,
            in_school, now(), now(), now()
        FROM r
    )
    INSERT INTO memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, ended_on, end_reason,
        valid_from)
    SELECT 1, id, beneficiary_id, id, relationship, '2020-01-01', ended_on,
        CASE WHEN ended_on IS NOT NULL THEN 'moved' END, now()
    FROM r";

const ENROLLMENT_ROWS: &str = "
    INSERT INTO enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by,
        suspension_reason, exit_reason, started_on, ended_on, created_at, updated_at)
    SELECT 1, gen_random_uuid(), p.id, r.beneficiary_id, p.id, r.status, '',
        CASE WHEN r.status = 'suspended' THEN '' END,
        CASE WHEN r.status = 'exited' THEN 'own_wish' END, '2024-01-01',
        CASE WHEN r.status = 'exited' THEN date '2024-02-01' END, now(), now()
    FROM jsonb_to_recordset($1) AS r (beneficiary_id uuid, code text, status text)
    JOIN programs p ON p.code = r.code";
