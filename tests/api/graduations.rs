//! Families that stand on their own: who is ready, who leaves aid so, and who comes back.

use serde_json::{Value, json};

use crate::enrollments::enrol;
use crate::places::{families, for_all, quota, taken};
use crate::support::{Answer, Client, KENOHAN, TestApp};

const JANGGUT: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// Three families on rice, of deciles 2, 5 and 7, the last one in another village; criteria ask for 5.
struct Ready {
    app: TestApp,
    officer: Client,
    rice: String,
    ids: Vec<String>,
}

impl Ready {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let mut ids = families(&officer, 1, JANGGUT, &[2, 5]).await;
        ids.extend(families(&officer, 3, KELEKAT, &[7]).await);
        let rice = for_all(&officer, "RICE").await;
        enrol(&officer, &rice, json!({ "started_on": "2026-02-01" })).await;
        set(&officer, "family.decile >= 5").await.expect(201);
        Self { app, officer, rice, ids }
    }

    async fn graduate(&self, family: &str) -> Answer {
        let new = json!({ "beneficiary_id": family, "graduated_on": "2026-11-02", "note": "Kebun sendiri" });
        self.officer.post("/v1/graduations", &new).await
    }

    async fn candidates(&self, query: &str) -> Vec<String> {
        let listed = self.officer.get(&format!("/v1/graduation-candidates?{query}")).await.expect(200).body;
        let id = |row: &Value| row["beneficiary_id"].as_str().unwrap().to_owned();
        listed["items"].as_array().unwrap().iter().map(id).collect()
    }

    async fn enrollments(&self, family: &str) -> Vec<Value> {
        let listed = self.officer.get(&format!("/v1/enrollments?beneficiary_id={family}")).await.expect(200);
        listed.body["items"].as_array().unwrap().clone()
    }

    async fn in_state(&self, state: &str) -> usize {
        let listed = self.officer.get(&format!("/v1/graduations?state={state}")).await.expect(200);
        listed.body["items"].as_array().unwrap().len()
    }
}

async fn set(officer: &Client, readiness: &str) -> Answer {
    let new = json!({ "readiness": readiness, "after_care_months": 12, "decree_number": "140/20/2026",
                      "effective_from": "2026-01-01" });
    officer.post("/v1/graduation-criteria", &new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn families_on_aid_that_meet_the_criteria_are_listed_by_village() {
    let ready = Ready::new().await;
    // Well off, but on no program.
    families(&ready.officer, 8, JANGGUT, &[9]).await;
    assert_eq!(ready.candidates("").await, [ready.ids[1].clone(), ready.ids[2].clone()]);
    assert_eq!(ready.candidates("sort=-village_code").await, [ready.ids[2].clone(), ready.ids[1].clone()]);
    assert_eq!(ready.candidates(&format!("village_code={KELEKAT}")).await, [ready.ids[2].clone()]);
    let first = ready.officer.get("/v1/graduation-candidates?limit=1&count=exact").await.expect(200).body;
    assert_eq!((&first["items"][0]["programs"], &first["total"]), (&json!(["RICE"]), &json!(2)));
    assert_eq!(first["items"][0]["on_aid_since"], "2026-02-01");
    let next = format!("limit=1&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(ready.candidates(&next).await, [ready.ids[2].clone()]);
    ready.graduate(&ready.ids[1]).await.expect(201);
    assert_eq!(ready.candidates("").await, [ready.ids[2].clone()]);
    let early = ready.officer.get("/v1/graduation-candidates?on=2025-12-31").await;
    early.expect_problem(409, "no_criteria_in_force");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_family_lacks_is_told() {
    let ready = Ready::new().await;
    let path = format!("/v1/graduation-candidates/{}", ready.ids[0]);
    let told = ready.officer.get(&path).await.expect(200).body;
    assert_eq!((&told["is_ready"], &told["answer"]), (&json!(false), &json!("no")));
    let change = json!([{ "name": "family.decile", "from": 2, "to": 5 }]);
    assert_eq!(told["smallest_change"], change);
    assert_eq!(told["decree_number"], "140/20/2026");
    let before = crate::beneficiaries_as_of::moment().await;
    let rank = json!({ "source": "DTSEN", "period": "2026-11-01", "decile": 6 });
    ready.officer.post(&format!("/v1/beneficiaries/{}/ranks", ready.ids[0]), &rank).await.expect(201);
    assert_eq!(ready.officer.get(&path).await.expect(200).body["is_ready"], true);
    assert_eq!(ready.officer.get(&format!("{path}?{before}")).await.expect(200).body["is_ready"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn criteria_are_numbered_and_the_newest_counts() {
    let ready = Ready::new().await;
    let made = set(&ready.officer, "family.decile >= 7").await.expect(201);
    assert_eq!(made.body["number"], 2);
    assert_eq!(ready.candidates("").await, [ready.ids[2].clone()]);
    let fault = set(&ready.officer, "family.decil >= 7").await.expect_problem(422, "invalid_fields");
    let fault = &fault.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/readiness"), &json!("expression_invalid")));
    let numbers = futures_util::future::join_all((0..6).map(|_| set(&ready.officer, "true"))).await;
    let mut numbers: Vec<i64> =
        numbers.into_iter().map(|made| made.expect(201).body["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [3, 4, 5, 6, 7, 8]);
    let on = ready.officer.get("/v1/graduation-criteria?on=2025-01-01").await.expect(200).body;
    assert_eq!(on["items"], json!([]));
    let long = json!({ "readiness": "true", "after_care_months": 61, "decree_number": "1", "effective_from": "2026-01-01",
                       "effective_to": "2025-01-01" });
    let faults = ready.officer.post("/v1/graduation-criteria", &long).await.expect_problem(422, "invalid_fields");
    let at: Vec<_> = faults.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    assert_eq!(at, [json!("/after_care_months"), json!("/effective_to")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_graduates_leaves_all_its_programs_and_frees_its_places() {
    let ready = Ready::new().await;
    let cash = for_all(&ready.officer, "CASH").await;
    quota(&ready.officer, &cash, Some(JANGGUT), 2).await;
    enrol(&ready.officer, &cash, json!({ "started_on": "2026-03-01" })).await;
    assert_eq!(taken(&ready.app, &cash).await, 3);

    let made = ready.graduate(&ready.ids[1]).await.expect(201);
    assert_eq!(made.body["after_care_until"], "2027-11-02");
    assert_eq!(made.body["enrollment_ids"].as_array().unwrap().len(), 2);
    for enrollment in ready.enrollments(&ready.ids[1]).await {
        assert_eq!((&enrollment["status"], &enrollment["exit_reason"]), (&json!("exited"), &json!("graduated")));
        assert_eq!(enrollment["ended_on"], "2026-11-02");
    }
    assert_eq!((taken(&ready.app, &ready.rice).await, taken(&ready.app, &cash).await), (2, 2));
    let told = ready.app.told(&ready.officer).await;
    assert_eq!(told[told.len() - 3..], ["enrollment.exited", "enrollment.exited", "graduation.recorded"]);
    let recorded = ready.app.recorded().await;
    assert_eq!(recorded[recorded.len() - 3..], ["exit_enrollment", "exit_enrollment", "graduate_beneficiary"]);
    let read = ready.officer.get(&format!("/v1/graduations/{}", made.id())).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, "\"1\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_family_on_aid_that_is_ready_graduates_and_once() {
    let ready = Ready::new().await;
    ready.graduate(&ready.ids[0]).await.expect_problem(409, "criteria_not_met");
    assert_eq!(ready.enrollments(&ready.ids[0]).await[0]["status"], "active");
    let alone = families(&ready.officer, 8, JANGGUT, &[9]).await;
    ready.graduate(&alone[0]).await.expect_problem(409, "not_on_aid");
    let early = json!({ "beneficiary_id": ready.ids[1], "graduated_on": "2026-01-15" });
    let early = ready.officer.post("/v1/graduations", &early).await.expect_problem(422, "invalid_fields");
    assert_eq!(early.body["errors"][0]["code"], "dates_out_of_order");
    let ahead = json!({ "beneficiary_id": ready.ids[1], "graduated_on": "2099-01-01" });
    ready.officer.post("/v1/graduations", &ahead).await.expect_problem(422, "invalid_fields");

    let both = futures_util::future::join_all((0..2).map(|_| ready.graduate(&ready.ids[1]))).await;
    let mut answers: Vec<u16> = both.iter().map(|answer| answer.status.as_u16()).collect();
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    // Somebody enrols it all the same: it is on aid, and has graduated.
    enrol(&ready.officer, &ready.rice, json!({ "include_exited": true })).await;
    ready.graduate(&ready.ids[1]).await.expect_problem(409, "already_graduated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_needs_aid_again_comes_back_and_can_graduate_anew() {
    let ready = Ready::new().await;
    let id = ready.graduate(&ready.ids[1]).await.expect(201).id();
    assert_eq!((ready.in_state("after_care").await, ready.in_state("returned").await), (1, 0));
    let path = format!("/v1/graduations/{id}/returns");
    let early = json!({ "reason": "illness", "returned_on": "2026-11-01" });
    let early = ready.officer.post(&path, &early).await.expect_problem(422, "invalid_fields");
    assert_eq!(early.body["errors"][0]["pointer"], "/returned_on");
    let back = json!({ "reason": "income_lost", "note": "Pabrik tutup", "returned_on": "2026-11-20" });
    let neighbour = ready.app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &back).await.expect_problem(404, "not_found");
    let returned = ready.officer.post(&path, &back).await.expect(200).body;
    assert_eq!((&returned["return_reason"], &returned["version"]), (&json!("income_lost"), &json!(2)));
    ready.officer.post(&path, &back).await.expect_problem(409, "already_returned");
    assert_eq!((ready.in_state("after_care").await, ready.in_state("returned").await), (0, 1));
    // Nothing came back by itself.
    assert!(ready.enrollments(&ready.ids[1]).await.iter().all(|enrollment| enrollment["status"] == "exited"));
    enrol(&ready.officer, &ready.rice, json!({ "include_exited": true })).await;
    ready.officer.post("/v1/graduations", &json!({ "beneficiary_id": ready.ids[1] })).await.expect(201);
    let of_family = format!("/v1/graduations?beneficiary_id={}", ready.ids[1]);
    let all = ready.officer.get(&of_family).await.expect(200);
    assert_eq!(all.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_care_ends_after_its_months() {
    let ready = Ready::new().await;
    ready.graduate(&ready.ids[1]).await.expect(201);
    ready.app.arrange("update graduations set graduated_on = '2025-01-01', after_care_until = '2026-01-01'").await;
    assert_eq!((ready.in_state("after_care").await, ready.in_state("independent").await), (0, 1));
    let ending = ready.officer.get("/v1/graduations?after_care_until=2025-12-31").await.expect(200);
    assert_eq!(ending.body["items"], json!([]));
}
