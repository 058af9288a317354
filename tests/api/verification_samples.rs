//! Random samples: drawn by a seed that anyone can draw by again, and what they say of a program's targeting.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::enrollments::{enrol, register};
use crate::programs::{define, rice, rules};
use crate::support::{Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

const KEMBANG: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// Twelve families of one village and four of another, half of each of low decile and on the program.
struct Sampled {
    app: TestApp,
    officer: Client,
    program: String,
    villages: [(&'static str, Vec<String>); 2],
}

impl Sampled {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let mut villages = [(KEMBANG, Vec::new()), (KELEKAT, Vec::new())];
        for number in 1..=16 {
            let (code, families) = &mut villages[usize::from(number > 12)];
            let decile = if number % 2 == 0 { 2 } else { 8 };
            families.push(register(&officer, number, code, decile).await);
        }
        let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
        enrol(&officer, &program, json!({})).await;
        Self { app, officer, program, villages }
    }

    async fn open(&self, sample: Value) -> Value {
        let mut sample = sample;
        sample["program_id"] = json!(self.program);
        let new = json!({ "title": "Sampel", "rule": "true", "due_on": "2026-12-31", "sample": sample });
        self.officer.post("/v1/verification-rounds", &new).await.expect(201).body
    }

    async fn drawn(&self, round: &Value) -> Vec<(String, String)> {
        let path = format!("/v1/verification-rounds/{}/tasks", round["id"].as_str().unwrap());
        let tasks = self.officer.get(&path).await.expect(200).body["items"].clone();
        let text = |task: &Value, field: &str| task[field].as_str().unwrap().to_owned();
        tasks
            .as_array()
            .unwrap()
            .iter()
            .map(|task| (text(task, "village_code"), text(task, "beneficiary_id")))
            .collect()
    }

    async fn visit(&self, round: &Value, family: &str, is_poor: Option<bool>) -> crate::support::Answer {
        let new = json!({ "beneficiary_id": family, "round_id": round["id"], "finding": "confirmed",
                          "visited_at": Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true), "is_poor": is_poor });
        self.officer.post("/v1/visits", &new).await
    }

    async fn error(&self, round: &Value) -> Value {
        let path = format!("/v1/verification-rounds/{}/targeting-error", round["id"].as_str().unwrap());
        self.officer.get(&path).await.expect(200).body
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_draws_the_same_families_for_everybody() {
    let sampled = Sampled::new().await;
    let round = sampled.open(json!({ "size": 8, "seed": 42 })).await;
    let strata = json!([
        { "village_code": KEMBANG, "population": 12, "drawn": 6 }, { "village_code": KELEKAT, "population": 4, "drawn": 2 },
    ]);
    assert_eq!((&round["seed"], &round["strata"], &round["task_count"]), (&json!(42), &strata, &json!(8)));
    // Drawn again here, from nothing but the seed and the ids.
    let mut expected = Vec::new();
    for ((code, families), count) in sampled.villages.iter().zip([6, 2]) {
        let mut families = families.clone();
        families.sort_by_key(|id| digest(&SHA256, format!("42:{id}").as_bytes()).as_ref().to_vec());
        expected.extend(families.into_iter().take(count).map(|id| ((*code).to_owned(), id)));
    }
    let mut drawn = sampled.drawn(&round).await;
    drawn.sort();
    expected.sort();
    assert_eq!(drawn, expected);
    let other = sampled.open(json!({ "size": 8 })).await;
    assert!(other["seed"].is_u64());
    let all = sampled.open(json!({ "margin_percent": 1 })).await;
    assert_eq!(all["task_count"], 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_of_a_sample_tell_who_is_aided_wrongly_and_who_is_left_out() {
    let sampled = Sampled::new().await;
    let round = sampled.open(json!({ "size": 16 })).await;
    let before = sampled.error(&round).await;
    assert_eq!((&before["answered"], &before["inclusion_error"]), (&json!(0), &Value::Null));
    let all: Vec<&String> = sampled.villages.iter().flat_map(|(_, families)| families).collect();
    sampled.visit(&round, all[0], None).await.expect_problem(422, "invalid_fields");
    // Every second family is on the program. One of them is not poor, two of the others are.
    for (index, family) in all.iter().enumerate() {
        let is_aided = index % 2 == 1;
        let is_poor = if is_aided { index != 1 } else { index < 4 };
        sampled.visit(&round, family, Some(is_poor)).await.expect(201);
    }
    let error = sampled.error(&round).await;
    // All families were visited: the shares are certain.
    let inclusion = json!({ "rate": 0.125, "low": 0.125, "high": 0.125, "families": 8 });
    assert_eq!((&error["answered"], &error["inclusion_error"]), (&json!(16), &inclusion));
    let exclusion = &error["exclusion_error"];
    assert!((exclusion["rate"].as_f64().unwrap() - 2.0 / 9.0).abs() < 1e-9, "{exclusion}");
    assert_eq!(exclusion["families"], 9);
    // Who joins the program after the drawing moves nothing.
    sampled.app.arrange("update enrollments set status = 'exited', exit_reason = 'moved', ended_on = started_on").await;
    assert_eq!(sampled.error(&round).await, error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_families_leaves_room_for_doubt() {
    let sampled = Sampled::new().await;
    let round = sampled.open(json!({ "size": 8, "seed": 1 })).await;
    for (index, (_, family)) in sampled.drawn(&round).await.iter().enumerate() {
        sampled.visit(&round, family, Some(index % 3 != 0)).await.expect(201);
    }
    let error = sampled.error(&round).await;
    for share in ["inclusion_error", "exclusion_error"] {
        let [rate, low, high] = ["rate", "low", "high"].map(|end| error[share][end].as_f64().unwrap());
        assert!(0.0 <= low && low <= rate && rate <= high && high <= 1.0 && low < high, "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_says_how_large_and_of_which_program() {
    let sampled = Sampled::new().await;
    let refused = async |client: &Client, sample: Value| {
        let new = json!({ "title": "Sampel", "rule": "true", "due_on": "2026-12-31", "sample": sample });
        let refused = client.post("/v1/verification-rounds", &new).await.expect_problem(422, "invalid_fields");
        refused.body["errors"][0]["code"].as_str().unwrap().to_owned()
    };
    let program = &sampled.program;
    assert_eq!(refused(&sampled.officer, json!({ "program_id": program })).await, "sample_unclear");
    let both = json!({ "program_id": program, "size": 5, "margin_percent": 5 });
    assert_eq!(refused(&sampled.officer, both).await, "sample_unclear");
    let neighbour = sampled.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(refused(&neighbour, json!({ "program_id": program, "size": 5 })).await, "reference_unknown");
    let plain = json!({ "title": "Putaran", "rule": "true", "due_on": "2026-12-31" });
    let plain = sampled.officer.post("/v1/verification-rounds", &plain).await.expect(201).body;
    let path = format!("/v1/verification-rounds/{}/targeting-error", plain["id"].as_str().unwrap());
    sampled.officer.get(&path).await.expect_problem(409, "round_no_sample");
    let elsewhere = sampled.app.client("auditor", KEMBANG_JANGGUT).await;
    elsewhere.get(&path).await.expect_problem(409, "round_no_sample");
    neighbour.get(&path).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_visit_told_stands_whichever_comes_first() {
    let sampled = Sampled::new().await;
    let round = sampled.open(json!({ "size": 16 })).await;
    let now = || Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    let early = now();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let visits = [(early, "confirmed", json!(true)), (now(), "not_found", Value::Null)];
    let all: Vec<&String> = sampled.villages.iter().flat_map(|(_, families)| families).collect();
    for (family, order) in [(all[0], [0, 1]), (all[1], [1, 0])] {
        for place in order {
            let (at, finding, is_poor) = &visits[place];
            let new = json!({ "beneficiary_id": family, "round_id": round["id"], "finding": finding, "visited_at": at,
                              "is_poor": is_poor });
            sampled.officer.post("/v1/visits", &new).await.expect(201);
        }
    }
    assert_eq!(sampled.error(&round).await["answered"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_visit_that_tells_counts_in_every_order() {
    let sampled = Sampled::new().await;
    let round = sampled.open(json!({ "size": 16 })).await;
    let opened = Utc::now();
    let at = |later: i64| (opened + TimeDelta::milliseconds(later)).to_rfc3339_opts(SecondsFormat::Micros, true);
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let visits =
        [(at(1), "confirmed", json!(true)), (at(2), "confirmed", json!(false)), (at(3), "not_found", Value::Null)];
    let all: Vec<&String> = sampled.villages.iter().flat_map(|(_, families)| families).collect();
    for (family, order) in all.iter().zip([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
        for place in order {
            let (at, finding, is_poor) = &visits[place];
            let new = json!({ "beneficiary_id": family, "round_id": round["id"], "finding": finding, "visited_at": at,
                              "is_poor": is_poor });
            sampled.officer.post("/v1/visits", &new).await.expect(201);
        }
        let told = format!("select is_poor::text as found from verification_tasks where beneficiary_id = '{family}'");
        assert_eq!(texts(&sampled.app, &told).await, ["false"], "{order:?}");
    }
}
