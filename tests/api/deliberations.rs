//! Village meetings: what they decide of a program's list, carried out as a whole, and their report upwards.

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};

use crate::enrollments::{enrol, register, three_families};
use crate::programs::{define, rice, rules};
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, texts};

const KELEKAT: &str = "64.02.10.2005";

/// A program of two poor families, of whom the village of one meets.
struct Meeting {
    app: TestApp,
    officer: Client,
    village: Client,
    program: String,
    /// One of another village, one on the program, one whose decile is too high.
    families: [String; 3],
    /// One more of the village that is eligible and not on the program.
    newcomer: String,
}

impl Meeting {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (officer, village) = (app.kecamatan().await, app.client("village_office", KEMBANG_JANGGUT).await);
        let families = three_families(&app).await;
        let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
        enrol(&officer, &program, json!({ "started_on": "2026-11-01" })).await;
        let newcomer = register(&officer, 4, KELEKAT, 3).await;
        Self { app, officer, village, program, families, newcomer }
    }

    fn record(&self, number: &str, decisions: &Value) -> Value {
        json!({ "village_code": KELEKAT, "program_id": self.program, "held_on": "2026-11-10",
                "minutes_number": number, "minutes_digest": "ab".repeat(32), "minutes_media_type": "application/pdf",
                "attendee_count": 31, "decisions": decisions })
    }

    async fn recorded(&self, number: &str, decisions: Value) -> String {
        let made = self.village.post("/v1/deliberations", &self.record(number, &decisions)).await.expect(201);
        format!("/v1/deliberations/{}", made.id())
    }

    async fn apply(&self, path: &str) -> Answer {
        let new = json!({ "decree_number": "7/KEPDES/2026", "effective_on": "2026-11-15" });
        self.officer.post(&format!("{path}/applications"), &new).await
    }

    /// Status of the live enrollment of a family, or of its last.
    async fn status(&self, family: &str) -> Value {
        let listed = self.officer.get(&format!("/v1/enrollments?beneficiary_id={family}&sort=-id")).await.expect(200);
        listed.body["items"][0]["status"].clone()
    }

    async fn pause(&self, family: &str) {
        let listed = self.officer.get(&format!("/v1/enrollments?beneficiary_id={family}")).await.expect(200);
        let path = format!("/v1/enrollments/{}/suspensions", listed.body["items"][0]["id"].as_str().unwrap());
        self.officer.post(&path, &json!({ "reason": "Away" })).await.expect(200);
    }
}

fn decision(family: &str, decision: &str) -> Value {
    let mut one = json!({ "beneficiary_id": family, "decision": decision, "reason": "Hasil musyawarah" });
    match decision {
        "remove" => one["exit_reason"] = json!("graduated"),
        "reserve" => one["reserve_order"] = json!(1),
        _ => {}
    }
    one
}

fn faults(answer: &Answer) -> Vec<(&str, &str)> {
    let faults = answer.body["errors"].as_array().unwrap().iter();
    faults.map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_meeting_decided_is_carried_out_as_a_whole() {
    let meeting = Meeting::new().await;
    let [elsewhere, enrolled, rich] = &meeting.families;
    let decisions = json!([
        decision(&meeting.newcomer, "add"),
        decision(enrolled, "remove"),
        decision(elsewhere, "keep"),
        decision(rich, "reserve"),
    ]);
    let path = meeting.recorded("BA/1", decisions).await;
    assert_eq!(meeting.status(&meeting.newcomer).await, Value::Null);
    let applied = meeting.apply(&path).await.expect(200);
    assert_eq!((&applied.body["status"], &applied.body["decree_number"]), (&json!("applied"), &json!("7/KEPDES/2026")));
    assert_eq!(applied.header("etag"), "\"2\"");
    assert_eq!(meeting.status(&meeting.newcomer).await, "active");
    assert_eq!(meeting.status(enrolled).await, "exited");
    assert_eq!(meeting.status(elsewhere).await, "active");
    assert_eq!(meeting.status(rich).await, Value::Null);
    let added = meeting.officer.get(&format!("/v1/enrollments?beneficiary_id={}", meeting.newcomer)).await.expect(200);
    let added = &added.body["items"][0];
    assert_eq!((&added["decree_number"], &added["started_on"]), (&json!("7/KEPDES/2026"), &json!("2026-11-15")));
    let left = meeting.officer.get(&format!("/v1/enrollments?beneficiary_id={enrolled}")).await.expect(200);
    let left = &left.body["items"][0];
    assert_eq!(
        (&left["exit_reason"], &left["ended_on"], &left["version"]),
        (&json!("graduated"), &json!("2026-11-15"), &json!(2))
    );
    let kept = texts(&meeting.app, "select record ->> 'status' as found from enrollments_history").await;
    assert_eq!(kept, ["active"]);
    let told = meeting.app.told(&meeting.officer).await;
    assert_eq!(told[told.len() - 3..], ["deliberation.recorded", "enrollment.exited", "deliberation.applied"]);
    assert_eq!(meeting.app.recorded().await.last().unwrap(), "apply_deliberation");
    let again = meeting.apply(&path).await.expect_problem(409, "command_not_possible");
    assert_eq!(again.body["possible"], json!(["reports"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_decision_that_cannot_be_keeps_all_from_being() {
    let meeting = Meeting::new().await;
    let [elsewhere, enrolled, rich] = &meeting.families;
    let decisions = json!([
        decision(&meeting.newcomer, "add"),
        decision(rich, "add"),
        decision(enrolled, "add"),
        decision(elsewhere, "remove"),
    ]);
    let path = meeting.recorded("BA/1", decisions).await;
    let refused = meeting.apply(&path).await.expect_problem(422, "invalid_fields");
    let expected =
        [("/decisions/1/beneficiary_id", "not_eligible"), ("/decisions/2/beneficiary_id", "already_enrolled")];
    assert_eq!(faults(&refused), expected);
    assert_eq!(meeting.status(&meeting.newcomer).await, Value::Null);
    assert_eq!(meeting.status(elsewhere).await, "active");
    let early = json!({ "decree_number": "7", "effective_on": "2026-11-09" });
    let early = meeting.officer.post(&format!("{path}/applications"), &early).await;
    assert_eq!(faults(&early.expect_problem(422, "invalid_fields")), [("/effective_on", "dates_out_of_order")]);
    let without = meeting.officer.post(&format!("{path}/applications"), &json!({})).await;
    assert_eq!(faults(&without.expect_problem(422, "invalid_fields")), [("/decree_number", "required")]);

    let others = json!([decision(&meeting.newcomer, "keep"), decision(rich, "remove")]);
    let path = meeting.recorded("BA/2", others).await;
    let refused = meeting.apply(&path).await.expect_problem(422, "invalid_fields");
    let expected = [("/decisions/0/beneficiary_id", "not_enrolled"), ("/decisions/1/beneficiary_id", "not_enrolled")];
    assert_eq!(faults(&refused), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_meeting_decided_begins_within_a_year() {
    let meeting = Meeting::new().await;
    let path = meeting.recorded("BA/1", json!([decision(&meeting.newcomer, "add")])).await;
    let last = sinergi::db::today().checked_add_months(Months::new(12)).unwrap();
    let from = async |day: NaiveDate| {
        let new = json!({ "decree_number": "7/KEPDES/2026", "effective_on": day });
        meeting.officer.post(&format!("{path}/applications"), &new).await
    };
    let refused = from(last.succ_opt().unwrap()).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&refused), [("/effective_on", "date_too_far_ahead")]);
    assert_eq!(meeting.status(&meeting.newcomer).await, Value::Null);
    assert_eq!(from(last).await.expect(200).body["effective_on"], json!(last));
    assert_eq!(meeting.status(&meeting.newcomer).await, "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_never_ends_a_pause() {
    let meeting = Meeting::new().await;
    let [elsewhere, enrolled, _] = &meeting.families;
    meeting.pause(elsewhere).await;
    meeting.pause(enrolled).await;
    let path = meeting.recorded("BA/1", json!([decision(elsewhere, "keep"), decision(enrolled, "add")])).await;
    let refused = meeting.apply(&path).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&refused), [("/decisions/1/beneficiary_id", "already_enrolled")]);
    let path = meeting.recorded("BA/2", json!([decision(elsewhere, "keep"), decision(enrolled, "remove")])).await;
    meeting.apply(&path).await.expect(200);
    assert_eq!(meeting.status(elsewhere).await, "suspended");
    assert_eq!(meeting.status(enrolled).await, "exited");
    // Who left by one meeting comes back by another: it is named.
    let path = meeting.recorded("BA/3", json!([decision(enrolled, "add")])).await;
    meeting.apply(&path).await.expect(200);
    assert_eq!(meeting.status(enrolled).await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_apply_at_once_one_does() {
    let meeting = Meeting::new().await;
    let path = meeting.recorded("BA/1", json!([decision(&meeting.newcomer, "add")])).await;
    let second = meeting.app.second_officer().await;
    let new = json!({ "decree_number": "7/KEPDES/2026" });
    let address = format!("{path}/applications");
    let (one, other) = tokio::join!(meeting.apply(&path), second.post(&address, &new));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let listed = meeting.officer.get(&format!("/v1/enrollments?beneficiary_id={}", meeting.newcomer)).await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_goes_through_the_camat_to_the_regent() {
    let meeting = Meeting::new().await;
    let [_, enrolled, rich] = &meeting.families;
    let path = meeting.recorded("BA/1", json!([decision(enrolled, "keep"), decision(rich, "reserve")])).await;
    let letter = |number: &str, on: &str| json!({ "letter_number": number, "dated_on": on });
    let early = meeting.officer.post(&format!("{path}/forwardings"), &letter("400/1", "2026-11-20")).await;
    let possible = early.expect_problem(409, "command_not_possible").body["possible"].clone();
    assert_eq!(possible, json!(["applications", "reports"]));
    let before = meeting.village.post(&format!("{path}/reports"), &letter("140/1", "2026-11-09")).await;
    assert_eq!(faults(&before.expect_problem(422, "invalid_fields")), [("/dated_on", "dates_out_of_order")]);
    let reported = meeting.village.post(&format!("{path}/reports"), &letter("140/1", "2026-11-16")).await.expect(200);
    assert_eq!(
        (&reported.body["report_status"], &reported.body["camat_letter_number"]),
        (&json!("reported_to_camat"), &json!("140/1"))
    );
    meeting
        .village
        .post(&format!("{path}/forwardings"), &letter("x", "2026-11-16"))
        .await
        .expect_problem(403, "insufficient_scope");
    let forwarded =
        meeting.officer.post(&format!("{path}/forwardings"), &letter("400/1", "2026-11-20")).await.expect(200);
    assert_eq!(
        (&forwarded.body["report_status"], &forwarded.body["regent_letter_on"]),
        (&json!("forwarded_to_regent"), &json!("2026-11-20"))
    );
    meeting.apply(&path).await.expect(200);

    let report = meeting.officer.get(&format!("{path}/report")).await.expect(200);
    assert_eq!(report.body["deliberation"]["keep_count"], 1);
    assert_eq!(
        (&report.body["village_name"], &report.body["program_name"]),
        (&json!("Desa 5"), &json!("Bantuan beras"))
    );
    let families = report.body["families"].as_array().unwrap();
    let told: Vec<_> =
        families.iter().map(|one| (&one["number"], &one["decision"], &one["enrollment_status"])).collect();
    assert_eq!(told, [(&json!(1), &json!("keep"), &json!("active")), (&json!(2), &json!("reserve"), &Value::Null)]);
    assert!(!report.text.contains("********") && !report.text.contains("card_number"), "{}", report.text);
    let listed = meeting.officer.get(&format!("{path}/decisions?decision=reserve")).await.expect(200).body;
    assert_eq!(listed["items"], json!([families[1]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_names_families_of_its_village_and_minutes_of_its_own() {
    let meeting = Meeting::new().await;
    let [elsewhere, enrolled, _] = &meeting.families;
    let wrong = json!([
        decision(elsewhere, "add"),
        decision(&uuid::Uuid::now_v7().to_string(), "keep"),
        json!({ "beneficiary_id": enrolled, "decision": "remove", "reason": "x" }),
    ]);
    let refused = meeting.village.post("/v1/deliberations", &meeting.record("BA/1", &wrong)).await;
    let refused = refused.expect_problem(422, "invalid_fields");
    let expected = [
        ("/decisions/0/beneficiary_id", "family_elsewhere"),
        ("/decisions/1/beneficiary_id", "reference_unknown"),
        ("/decisions/2/exit_reason", "required"),
    ];
    assert_eq!(faults(&refused), expected);
    let right = json!([decision(enrolled, "keep")]);
    meeting.recorded("BA/1", right.clone()).await;
    let twice = meeting.village.post("/v1/deliberations", &meeting.record("BA/1", &right)).await;
    twice.expect_problem(409, "minutes_already_recorded");
    let neighbour = meeting.app.client("kecamatan_officer", KENOHAN).await;
    let foreign = neighbour.post("/v1/deliberations", &meeting.record("BA/2", &right)).await;
    assert_eq!(faults(&foreign.expect_problem(422, "invalid_fields")), [("/program_id", "reference_unknown")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_no_part_in_a_meeting() {
    let meeting = Meeting::new().await;
    let path = meeting.recorded("BA/1", json!([decision(&meeting.newcomer, "add")])).await;
    let neighbour = meeting.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/deliberations").await.expect(200).body["items"], json!([]));
    for read in ["", "/decisions", "/report"] {
        neighbour.get(&format!("{path}{read}")).await.expect_problem(404, "not_found");
    }
    let letter = json!({ "letter_number": "1", "dated_on": "2026-11-16" });
    neighbour
        .post(&format!("{path}/applications"), &json!({ "decree_number": "1" }))
        .await
        .expect_problem(404, "not_found");
    for step in ["reports", "forwardings"] {
        neighbour.post(&format!("{path}/{step}"), &letter).await.expect_problem(404, "not_found");
    }
    assert_eq!(meeting.status(&meeting.newcomer).await, Value::Null);
}
