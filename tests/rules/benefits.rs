//! The SQL of a benefit gives each family, to the last rupiah and for the same reasons, what it gives in memory.
//!
//! `SINERGI_BENEFITS` and `SINERGI_BENEFIT_FAMILIES` set how many of each are tried.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Int4, Jsonb, Numeric, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use sinergi::domain::{Period, Quantity};
use sinergi::programs::BenefitPeriod;
use sinergi::programs::benefits::{Attended, Benefit, DutyKind, Plan, Share};
use uuid::Uuid;

use crate::against_sql::{PROGRAM_ROWS, bind, count, insert, load_chunk, one};
use crate::database::Database;
use crate::eligibility::{DutyDone, Facts};
use crate::random::{Lacks, PROGRAMS, family, member_condition};

/// What is due to a family by the statement.
#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: Uuid,
    #[diesel(sql_type = Numeric)]
    quantity: Quantity,
    #[diesel(sql_type = Jsonb)]
    breakdown: Value,
}

/// What a facilitator recorded of a member, version after version.
#[derive(Debug, Clone)]
struct Recorded {
    family: Uuid,
    member: Uuid,
    kind: DutyKind,
    period: NaiveDate,
    versions: Vec<(i64, i64)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_gives_what_memory_gives() {
    let mut runner = TestRunner::deterministic();
    let random = family(Lacks::FactsAndTypes);
    let mut families: Vec<(Uuid, Facts)> =
        (0..count("SINERGI_BENEFIT_FAMILIES", 300)).map(|_| (Uuid::now_v7(), one(&random, &mut runner))).collect();
    let recorded: Vec<Recorded> = families.iter().flat_map(|(id, facts)| record(*id, facts, &mut runner)).collect();
    let mut conn = Database::new().await.owner().await;
    insert(&mut conn, PROGRAM_ROWS, json!(PROGRAMS.map(|code| json!({ "code": code })))).await;
    for (_, facts) in &mut families {
        facts.family.duties.clear();
    }
    load_chunk(&mut conn, &families).await;
    // What was done of duties is what this test records.
    for (id, facts) in &mut families {
        facts.family.duties = recorded.iter().filter(|one| one.family == *id).map(done).collect();
    }
    insert(&mut conn, RECORD_ROWS, recorded.iter().flat_map(rows_of).collect()).await;
    let (mut paid, mut cut) = (0, 0);
    for _ in 0..count("SINERGI_BENEFITS", 100) {
        let benefit = one(&benefit(), &mut runner);
        let plan = Plan::of(&benefit, BenefitPeriod::Quarter, quarter()).unwrap().unwrap();
        let sql = plan.sql(1, 2, "");
        let statement = format!(
            "with on_list as (select area_id, id as beneficiary_id from beneficiaries where area_id = any ($1)), {}
             select beneficiary_id, quantity, breakdown from due_to",
            sql.text
        );
        let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(vec![1]);
        let found: Vec<Row> = bind(query, &sql.parameters).load(&mut conn).await.unwrap();
        let found: BTreeMap<Uuid, (Quantity, Value)> =
            found.into_iter().map(|row| (row.beneficiary_id, (row.quantity, row.breakdown))).collect();
        let attended = attended(&recorded, &plan);
        for (id, facts) in &families {
            let due = plan.due(*id, facts, &attended);
            let (quantity, breakdown) = found.get(id).cloned().unwrap_or((Quantity::zero(), json!([])));
            let shares: Vec<Share> = serde_json::from_value(breakdown).unwrap();
            assert_eq!((shares, quantity), (due.shares.clone(), due.quantity.clone()), "{benefit:?} {facts:?}");
            paid += due.shares.len();
            cut += due.shares.iter().filter(|share| !share.cuts.is_empty()).count();
        }
    }
    assert!(paid > 1_000 && cut > 100, "{paid} shares, {cut} of them cut: too few to tell");
}

/// A record as a fact of its family: by its newest version.
fn done(recorded: &Recorded) -> DutyDone {
    let (due_count, done_count) = *recorded.versions.last().unwrap();
    DutyDone {
        member_id: recorded.member,
        kind: recorded.kind.as_str().to_owned(),
        month: recorded.period,
        due_count,
        done_count,
    }
}

fn quarter() -> Period {
    Period::starting(NaiveDate::from_ymd_opt(2024, 4, 1).unwrap()).unwrap()
}

fn benefit() -> BoxedStrategy<Benefit> {
    let members =
        (member_condition(), 1..3_i64, 0..3_i64, 1..=4000_u32).prop_map(|(condition, least, more, quantity)| {
            json!({ "kind": "per_member", "quantity": format!("{}.{:03}", quantity, quantity % 1000),
                "condition": condition, "minimum_members": least, "maximum_members": least + more })
        });
    let duty = |kind: &'static str| {
        option::of((40..=100_i64, 1..=100_i64)).prop_map(move |duty| {
            let (minimum, cut) = duty?;
            Some(json!({ "kind": kind, "minimum_percent": minimum, "cut_percent": cut }))
        })
    };
    let duties = (duty("school_attendance"), duty("health_visit"), duty("monthly_session"))
        .prop_map(|(one, two, three)| [one, two, three].into_iter().flatten().collect::<Vec<Value>>());
    let component = (member_condition(), 100..3_000_003_i64, option::of(1..3_i64), duties);
    let components = (vec(component, 1..5), 1..5_i64, any::<bool>()).prop_map(|(components, most, is_listed)| {
        let component = |(number, (condition, yearly, maximum, duties)): (usize, (String, i64, Option<i64>, _))| {
            json!({ "code": format!("c{number}"), "condition": condition, "yearly_rupiah": yearly,
                    "maximum": maximum, "duties": Value::Array(duties) })
        };
        let components: Vec<Value> = components.into_iter().enumerate().map(component).collect();
        json!({ "kind": "per_component", "components": components, "maximum_components": most,
                "first": if is_listed { "listed" } else { "amount" } })
    });
    prop_oneof![1 => members, 3 => components].prop_map(|benefit| serde_json::from_value(benefit).unwrap()).boxed()
}

/// Records of some members: of the quarter before, and of the months around it, which must not count.
fn record(family: Uuid, facts: &Facts, runner: &mut TestRunner) -> Vec<Recorded> {
    let months = ["2023-12-01", "2024-01-01", "2024-03-01", "2024-04-01"];
    let random = (prop::sample::select(DutyKind::ALL.to_vec()), prop::sample::select(months.to_vec()));
    let versions = vec((1..=31_i64, 0..=31_i64), 1..3);
    let random = vec((random, versions), 0..4);
    let mut all: Vec<Recorded> = Vec::new();
    for member in &facts.members {
        for ((kind, month), versions) in one(&random, runner) {
            let period = month.parse().unwrap();
            let is_there =
                all.iter().any(|known| (known.member, known.kind, known.period) == (member.id, kind, period));
            if !is_there {
                let versions = versions.into_iter().map(|(due, done)| (due, done.min(due))).collect();
                all.push(Recorded { family, member: member.id, kind, period, versions });
            }
        }
    }
    all
}

/// The newest version of each in the time that counts, added up; of those who are told of one session of the family, one.
fn attended(recorded: &[Recorded], plan: &Plan) -> Vec<Attended> {
    let (from, before) = plan.duties();
    let mut months: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for one in recorded.iter().filter(|one| one.period >= from && one.period < before) {
        let subject = if one.kind == DutyKind::MonthlySession { one.family } else { one.member };
        let (due, done) = one.versions.last().unwrap();
        let most = months.entry((subject, one.kind, one.period)).or_default();
        *most = (most.0.max(*due), most.1.max(*done));
    }
    let mut sums: BTreeMap<(Uuid, DutyKind), (i64, i64)> = BTreeMap::new();
    for ((subject, kind, _), (due, done)) in months {
        let sum = sums.entry((subject, kind)).or_default();
        *sum = (sum.0 + due, sum.1 + done);
    }
    let attended = |((subject, kind), (due_count, done_count))| Attended { subject, kind, due_count, done_count };
    sums.into_iter().map(attended).collect()
}

fn rows_of(recorded: &Recorded) -> Vec<Value> {
    let ids: Vec<Uuid> = recorded.versions.iter().map(|_| Uuid::now_v7()).collect();
    let row = |(number, (due, done)): (usize, &(i64, i64))| {
        json!({ "id": ids[number], "beneficiary_id": recorded.family, "member_id": recorded.member,
            "kind": recorded.kind, "period": recorded.period, "due_count": due, "done_count": done,
            "version": number + 1, "corrects": number.checked_sub(1).map(|before| ids[before]) })
    };
    recorded.versions.iter().enumerate().map(row).collect()
}

const RECORD_ROWS: &str = "
    INSERT INTO duty_records (area_id, id, beneficiary_id, member_id, kind, period, due_count, done_count, version,
        corrects, recorded_by, created_at)
    SELECT 1, id, beneficiary_id, member_id, kind, period, due_count, done_count, version, corrects, '', now()
    FROM jsonb_to_recordset($1) AS r (id uuid, beneficiary_id uuid, member_id uuid, kind text, period date,
        due_count int, done_count int, version int, corrects uuid)";
