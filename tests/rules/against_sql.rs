//! The SQL of a rule, of either kind, finds exactly the families for whom the rule says yes.
//!
//! `SINERGI_RULES` and `SINERGI_FAMILIES` set how many of each are tried; 1,000 and 100,000 are the full size.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{Array, BigInt, Date, Int4, Jsonb, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::Database;
use crate::eligibility::{Answer, Expression, Facts, Parameter, Sql};
use crate::random::{Lacks, PROGRAMS, Parts, SOURCES, family, reference_on, rule};

/// Families that are loaded at once.
const CHUNK: usize = 2_000;
/// Of so many rules one is also turned round.
const TURNED: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn sql_finds_the_families_that_the_rule_says_yes_to() {
    let mut runner = TestRunner::deterministic();
    let all = Parts { counts: true, nulls: true };
    let rules: Vec<_> = (0..count("SINERGI_RULES", 200)).map(|_| one(&rule(all), &mut runner)).collect();
    let rules: Vec<_> = rules.iter().map(|source| Expression::parse(source).unwrap()).collect();
    let families = count("SINERGI_FAMILIES", 2_000);
    let mut conn = Database::new().await.owner().await;
    let expected = load(&mut conn, (families, &mut runner), &rules).await;
    for (number, (rule, expected)) in rules.iter().zip(&expected).enumerate() {
        let source = rule.source();
        let (some, population) = (rule.sql(reference_on(), 2), rule.population_sql(reference_on(), 1, 2));
        assert_eq!(found(&mut conn, some.condition(), &some).await, *expected, "{source}");
        assert_eq!(found(&mut conn, population.condition(), &population).await, *expected, "{source}");
        if number % TURNED == 0 {
            let others = found(&mut conn, &format!("NOT {}", population.value()), &population).await;
            assert_eq!(others.families + expected.families, i64::try_from(families).unwrap(), "{source}");
        }
    }
}

/// A set of families: how many, and what their ids come to. Two sets that agree in both are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    families: i64,
    #[diesel(sql_type = BigInt)]
    marks: i64,
}

impl Found {
    /// With one more.
    fn add(&mut self, id: Uuid) {
        self.families += 1;
        self.marks ^= i64::from_be_bytes(id.as_bytes()[8..].try_into().unwrap());
    }
}

async fn found(conn: &mut AsyncPgConnection, condition: &str, sql: &Sql) -> Found {
    let statement = format!(
        "SELECT count(*) AS families,
            coalesce(bit_xor(('x' || replace(right(b.id::text, 17), '-', ''))::bit(64)::bigint), 0) AS marks
        FROM beneficiaries b{} WHERE b.area_id = ANY ($1) AND {condition}",
        sql.joins()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(vec![1]);
    bind(query, &sql.parameters).get_result(conn).await.unwrap()
}

pub(crate) type Query<'a> = BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>;

pub(crate) fn bind<'a>(query: Query<'a>, parameters: &[Parameter]) -> Query<'a> {
    parameters.iter().cloned().fold(query, |query, parameter| match parameter {
        Parameter::Whole(number) => query.bind::<BigInt, _>(number),
        Parameter::WholeList(numbers) => query.bind::<Array<BigInt>, _>(numbers),
        Parameter::Text(text) => query.bind::<Text, _>(text),
        Parameter::TextList(texts) => query.bind::<Array<Text>, _>(texts),
        Parameter::Date(date) => query.bind::<Date, _>(date),
    })
}

pub(crate) fn one<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

pub(crate) fn count(setting: &str, otherwise: usize) -> usize {
    std::env::var(setting).map_or(otherwise, |text| text.parse().unwrap())
}

/// Sends random families as JSON, some at a time, and answers for each rule to whom it says yes in memory.
async fn load(
    conn: &mut AsyncPgConnection,
    (families, runner): (usize, &mut TestRunner),
    rules: &[Expression],
) -> Vec<Found> {
    insert(conn, PROGRAM_ROWS, json!(PROGRAMS.map(|code| json!({ "code": code })))).await;
    let mut expected = vec![Found::default(); rules.len()];
    let random = family(Lacks::FactsAndTypes);
    let mut left = families;
    while left > 0 {
        let chunk: Vec<_> = (0..left.min(CHUNK)).map(|_| (Uuid::now_v7(), one(&random, runner))).collect();
        left -= chunk.len();
        for (rule, expected) in rules.iter().zip(&mut expected) {
            let is_eligible = |facts: &Facts| rule.answer(facts, reference_on()) == Answer::Yes;
            chunk.iter().filter(|(_, facts)| is_eligible(facts)).for_each(|(id, _)| expected.add(*id));
        }
        load_chunk(conn, &chunk).await;
    }
    conn.batch_execute("ANALYZE").await.unwrap();
    expected
}

pub(crate) async fn load_chunk(conn: &mut AsyncPgConnection, chunk: &[(Uuid, Facts)]) {
    insert(conn, FAMILY_ROWS, rows(chunk, |id, facts| vec![family_row(id, facts)])).await;
    insert(conn, MEMBER_ROWS, rows(chunk, member_rows)).await;
    insert(conn, ENROLLMENT_ROWS, rows(chunk, enrollment_rows)).await;
    insert(conn, VISIT_ROWS, rows(chunk, visit_rows)).await;
    insert(conn, RANK_ROWS, rows(chunk, rank_rows)).await;
    insert(conn, DUTY_ROWS, rows(chunk, duty_rows)).await;
    conn.batch_execute("ANALYZE beneficiaries, enrollments").await.unwrap();
    insert(conn, AID_ROWS, rows(chunk, aid_rows)).await;
}

fn rows(chunk: &[(Uuid, Facts)], of: impl Fn(Uuid, &Facts) -> Vec<Value>) -> Value {
    chunk.iter().flat_map(|(id, facts)| of(*id, facts)).collect()
}

pub(crate) async fn insert(conn: &mut AsyncPgConnection, statement: &str, rows: Value) {
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
        "attributes": family.attributes,
    })
}

/// The members, and for each family one who has left and must not count.
fn member_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let row = |member: &crate::eligibility::MemberFacts, ended_on: Option<NaiveDate>| {
        json!({
            "id": if ended_on.is_some() { Uuid::now_v7() } else { member.id },
            "beneficiary_id": id,
            "sex": member.sex,
            "born_on": member.born_on,
            "relationship": member.relationship,
            "is_pregnant": member.is_pregnant,
            "has_disability": member.has_disability,
            "in_school": member.in_school,
            "has_nik": member.has_nik,
            "attributes": member.attributes,
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

/// The latest rank of each source, with an earlier one that must not count.
fn rank_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let row = |source: &str, decile: i16, period: &str| json!({ "beneficiary_id": id, "source": source, "decile": decile, "period": period });
    let latest = facts.family.ranks.iter().map(|rank| row(&rank.source, rank.decile, "2024-01-01"));
    let earlier = facts.family.ranks.iter().map(|rank| row(&rank.source, 11 - rank.decile, "2023-10-01"));
    let of_others = (!facts.family.ranks.is_empty()).then(|| row("OTHER", 1, "2024-02-01"));
    assert!(!SOURCES.contains(&"OTHER"));
    latest.chain(earlier).chain(of_others).collect()
}

fn duty_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let row = |duty: &crate::eligibility::DutyDone| {
        json!({ "beneficiary_id": id, "member_id": duty.member_id, "kind": duty.kind, "period": duty.month,
                "due_count": duty.due_count, "done_count": duty.done_count })
    };
    facts.family.duties.iter().map(row).collect()
}

fn aid_rows(id: Uuid, facts: &Facts) -> Vec<Value> {
    let aid = facts.family.aid.iter();
    aid.map(
        |aid| json!({ "beneficiary_id": id, "code": aid.code, "thousandths": aid.thousandths, "delivered_on": aid.on }),
    )
    .collect()
}

/// Half past midnight in the sub-district is the day before in UTC.
const VISIT_ROWS: &str = "
    INSERT INTO visits (area_id, id, beneficiary_id, visited_at, finding, evidence, recorded_by, created_at)
    SELECT 1, gen_random_uuid(), beneficiary_id, (visited_on + time '00:30') AT TIME ZONE 'Asia/Makassar', finding, '[]',
        'c' || row_number() over (), now()
    FROM jsonb_to_recordset($1) AS r (beneficiary_id uuid, visited_on date, finding text)";

pub(crate) const PROGRAM_ROWS: &str = "
    WITH program AS (
        INSERT INTO programs (id, code, name, kind, unit, description, created_at, updated_at)
        SELECT gen_random_uuid(), code, code, 'goods', 'kg', '', now(), now()
        FROM jsonb_to_recordset($1) AS r (code text)
        RETURNING id
    )
    INSERT INTO rule_sets (id, program_id, number, eligibility, benefit_quantity, benefit_period,
        legal_basis_title, legal_basis_number, effective_from, created_by, created_at, benefit)
    SELECT id, id, 1, 'true', 1, 'month', '', '', '2024-01-01', '', now(), '{\"kind\": \"fixed\", \"quantity\": \"1\"}'
    FROM program";

const RANK_ROWS: &str = "
    INSERT INTO welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
    SELECT 1, beneficiary_id, source, period, decile, now()
    FROM jsonb_to_recordset($1) AS r (beneficiary_id uuid, source text, period date, decile smallint)";

/// Each with an earlier version that it takes the place of, and that must not count.
const DUTY_ROWS: &str = "
    WITH r AS MATERIALIZED (
        SELECT *, gen_random_uuid() AS first, gen_random_uuid() AS second FROM jsonb_to_recordset($1)
            AS r (beneficiary_id uuid, member_id uuid, kind text, period date, due_count int, done_count int)
    )
    INSERT INTO duty_records (area_id, id, beneficiary_id, member_id, kind, period, due_count, done_count, version,
        corrects, recorded_by, created_at)
    SELECT 1, CASE v WHEN 1 THEN first ELSE second END, beneficiary_id, member_id, kind, period,
        CASE v WHEN 1 THEN 31 ELSE due_count END, CASE v WHEN 1 THEN 0 ELSE done_count END, v,
        CASE v WHEN 2 THEN first END, '', now()
    FROM r CROSS JOIN generate_series(1, 2) AS v";

/// What was handed over was due: in one cycle a program, by the enrollment that is over.
const AID_ROWS: &str = "
    WITH r AS (
        SELECT * FROM jsonb_to_recordset($1)
            AS r (beneficiary_id uuid, code text, thousandths bigint, delivered_on date)
    ), cycle AS (
        INSERT INTO cycles (area_id, id, program_id, rule_set_id, period, status, planned_by, created_at, updated_at)
        SELECT 1, id, id, id, date_trunc('month', now()), 'planned', '', now(), now() FROM programs
        ON CONFLICT DO NOTHING
    ), due AS (
        INSERT INTO entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id,
            village_code, quantity, snapshot)
        SELECT DISTINCT ON (e.id) 1, date_trunc('month', now()), gen_random_uuid(), p.id, p.id, r.beneficiary_id, e.id,
            '', 1, '{}'
        FROM r JOIN programs p ON p.code = r.code
        JOIN enrollments e ON e.area_id = 1 AND e.beneficiary_id = r.beneficiary_id AND e.program_id = p.id
            AND e.status = 'exited'
        RETURNING id, period, program_id, beneficiary_id
    )
    INSERT INTO deliveries (area_id, period, id, entitlement_id, program_id, beneficiary_id, quantity, delivered_on,
        collector_kind, power_of_attorney, handover_number, recorded_by, created_at)
    SELECT 1, due.period, gen_random_uuid(), due.id, due.program_id, due.beneficiary_id, r.thousandths / 1000.0,
        r.delivered_on, 'alternate', '', '', '', now()
    FROM r JOIN programs p ON p.code = r.code
    JOIN due ON due.program_id = p.id AND due.beneficiary_id = r.beneficiary_id";

const FAMILY_ROWS: &str = "
    INSERT INTO beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name,
        member_count, decile, decile_source, decile_period, verified_at, source, valid_from, created_at, updated_at,
        attributes, attribute_schema_id)
    SELECT 1, id, village_code, '', decode(md5(id::text), 'hex'), 'live', '', member_count, decile,
        CASE WHEN decile IS NOT NULL THEN 'DTSEN' END, CASE WHEN decile IS NOT NULL THEN date '2024-01-01' END,
        CASE WHEN is_verified THEN now() END, 'form', now(), now(), now(), attributes, id
    FROM jsonb_to_recordset($1)
        AS r (id uuid, village_code text, member_count int, decile smallint, is_verified bool, attributes jsonb)";

const MEMBER_ROWS: &str = "
    WITH r AS (
        SELECT * FROM jsonb_to_recordset($1) AS r (id uuid, beneficiary_id uuid, sex text, born_on date,
            relationship text, is_pregnant bool, has_disability bool, in_school bool, has_nik bool, ended_on date,
            attributes jsonb)
    ), member AS (
        INSERT INTO members (area_id, id, nik_sealed, nik_digest, nik_status, name, sex, born_on, is_pregnant,
            has_disability, in_school, valid_from, created_at, updated_at, attributes, attribute_schema_id)
        SELECT 1, id, CASE WHEN has_nik THEN ''::bytea END, CASE WHEN has_nik THEN decode(md5(id::text), 'hex') END,
            CASE WHEN has_nik THEN 'structure_ok' ELSE 'none' END, '', sex, born_on, is_pregnant, has_disability,
            in_school, now(), now(), now(), attributes, id
        FROM r
    )
    INSERT INTO memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, ended_on, end_reason,
        valid_from)
    SELECT 1, id, beneficiary_id, id, relationship, '2020-01-01', ended_on,
        CASE WHEN ended_on IS NOT NULL THEN 'moved' END, now()
    FROM r";

const ENROLLMENT_ROWS: &str = "
    INSERT INTO enrollments (area_id, id, program_id, beneficiary_id, rule_set_id, status, decided_by,
        suspension_reason, exit_reason, started_on, ended_on, quota_village_code, created_at, updated_at)
    SELECT 1, gen_random_uuid(), p.id, r.beneficiary_id, p.id, r.status, '',
        CASE WHEN r.status = 'suspended' THEN '' END,
        CASE WHEN r.status = 'exited' THEN 'own_wish' END, '2024-01-01',
        CASE WHEN r.status = 'exited' THEN date '2024-02-01' END, '64.02.10.2004', now(), now()
    FROM jsonb_to_recordset($1) AS r (beneficiary_id uuid, code text, status text)
    JOIN programs p ON p.code = r.code";
