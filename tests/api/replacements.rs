//! A family that leaves, and the one that takes its place.

use serde_json::{Value, json};

use crate::enrollments::enrol;
use crate::places::{exclude, families, for_all, quota, taken, waiting};
use crate::programs::{rice, rules};
use crate::races::{behind, instant};
use crate::support::{Client, KENOHAN, TestApp, texts};

const JANGGUT: &str = "64.02.10.2004";
const KELEKAT: &str = "64.02.10.2005";

/// A program with two places in a village of four families, and with its enrollments by decile.
struct Scarce {
    app: TestApp,
    officer: Client,
    program: String,
    /// By decile, 1 first.
    ids: Vec<String>,
}

impl Scarce {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let ids = families(&officer, 1, JANGGUT, &[1, 2, 3, 4]).await;
        let program = for_all(&officer, "RICE").await;
        quota(&officer, &program, Some(JANGGUT), 2).await;
        enrol(&officer, &program, json!({ "started_on": "2026-11-01" })).await;
        Self { app, officer, program, ids }
    }

    /// The last enrollment of a family in the program.
    async fn enrollment(&self, family: &str) -> Value {
        let listed = format!("/v1/enrollments?program_id={}&beneficiary_id={family}&sort=-id", self.program);
        self.officer.get(&listed).await.expect(200).body["items"][0].clone()
    }

    async fn path(&self, family: &str) -> String {
        format!("/v1/enrollments/{}/replacements", self.enrollment(family).await["id"].as_str().unwrap())
    }
}

fn papers(reason: &str) -> Value {
    json!({ "reason": reason, "sptjm_number": "SPTJM/4", "handover_number": "BAST/31", "replaced_on": "2026-11-20" })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_of_the_reserve_list_takes_the_place() {
    let scarce = Scarce::new().await;
    let (officer, ids) = (&scarce.officer, &scarce.ids);
    let path = scarce.path(&ids[0]).await;
    let made = officer.post(&path, &papers("moved")).await.expect(201);
    let replacement = &made.body;
    assert_eq!((&replacement["new_beneficiary_id"], &replacement["reserve_place"]), (&json!(ids[2]), &json!(1)));
    let (left, came) = (scarce.enrollment(&ids[0]).await, scarce.enrollment(&ids[2]).await);
    assert_eq!((&left["status"], &left["exit_reason"]), (&json!("exited"), &json!("moved")));
    assert_eq!((&left["ended_on"], &came["started_on"]), (&json!("2026-11-20"), &json!("2026-11-20")));
    assert_eq!((&came["status"], &came["decree_number"]), (&json!("active"), &json!("SPTJM/4")));
    assert_eq!(taken(&scarce.app, &scarce.program).await, 2);
    assert_eq!(waiting(officer, &scarce.program).await, [(ids[3].clone(), 2)]);
    assert_eq!(officer.get(made.header("location")).await.expect(200).body, made.body);
    let told = scarce.app.told(officer).await;
    assert_eq!(told[told.len() - 3..], ["enrollment.exited", "enrollment.confirmed", "enrollment.replaced"]);

    // Once only, and with its record named.
    let again = officer.post(&path, &papers("moved")).await.expect_problem(409, "already_replaced");
    assert_eq!(again.body["related"]["id"], made.id());
    // The next takes the second place; then nobody is left, and nothing changes.
    officer.post(&scarce.path(&ids[1]).await, &papers("refused")).await.expect(201);
    let third = scarce.path(&ids[2]).await;
    officer.post(&third, &papers("deceased")).await.expect_problem(409, "reserve_list_empty");
    officer.post(&path, &papers("moved")).await.expect_problem(409, "already_replaced");
    assert_eq!(scarce.enrollment(&ids[2]).await["status"], "active");
    assert_eq!(scarce.enrollment(&ids[1]).await["exit_reason"], "own_wish");

    // The report of the village, as list, figures and file.
    let of_period = "program_id={}&from=2026-11-01&to=2026-11-30".replace("{}", &scarce.program);
    let listed = officer.get(&format!("/v1/replacements?{of_period}&village_code={JANGGUT}&count=exact")).await;
    assert_eq!(listed.expect(200).body["total"], 2);
    let figures = officer.get(&format!("/v1/replacement-counts?{of_period}")).await.expect(200).body;
    let figures = &figures["items"][0];
    assert_eq!((&figures["moved"], &figures["refused"], &figures["replaced"]), (&json!(1), &json!(1), &json!(2)));
    let later = officer.get("/v1/replacements?from=2026-12-01").await.expect(200).body;
    assert_eq!(later["items"], json!([]));
    for (list, rows) in [("replacements", 2), ("reserves", 2)] {
        let new = json!({ "list": list, "format": "ndjson", "filter": { "program_id": scarce.program } });
        let export = officer.post("/v1/exports", &new).await.expect(202).id();
        let file = officer.get(&format!("/v1/exports/{export}/file")).await.expect(200);
        assert_eq!(file.text.lines().count(), rows, "{list}");
    }
    let neighbour = scarce.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/replacements").await.expect(200).body["items"], json!([]));
    neighbour.post(&third, &papers("moved")).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_began_by_a_clock_ahead_is_followed_by_what_begins_after_it() {
    let scarce = Scarce::new().await;
    let (officer, ids) = (&scarce.officer, &scarce.ids);
    officer
        .post(&format!("/v1/programs/{}/enrollment-proposals", scarce.program), &json!({ "beneficiary_ids": [ids[2]] }))
        .await
        .expect(200);
    scarce.app.arrange("update enrollments set updated_at = now() + interval '1 hour'").await;
    let path = scarce.path(&ids[1]).await;
    officer.post(&path.replace("replacements", "suspensions"), &json!({ "reason": "Away" })).await.expect(200);
    // Both the one that goes and the one that was proposed have a version of the next hour.
    officer.post(&scarce.path(&ids[0]).await, &papers("moved")).await.expect(201);
    officer.post(&path, &papers("refused")).await.expect(201);
    let gaps = "select h.id::text as found from enrollments_history h where not exists (
            select from enrollments_history n where n.id = h.id and n.valid_from = h.valid_to
            union all select from enrollments e where e.id = h.id and e.updated_at = h.valid_to)";
    assert_eq!(texts(&scarce.app, gaps).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_a_place_before_it_was_given_up() {
    let scarce = Scarce::new().await;
    let (officer, path) = (&scarce.officer, scarce.path(&scarce.ids[0]).await);
    let held = format!("beneficiaries where id = '{}' for update", scarce.ids[0]);
    let (made, waited) = behind(&scarce.app, &held, officer.post(&path, &papers("moved"))).await;
    assert!(instant(&made.expect(201).body["created_at"]) >= waited);
    let (left, came) = (scarce.enrollment(&scarce.ids[0]).await, scarce.enrollment(&scarce.ids[2]).await);
    assert!(instant(&came["created_at"]) >= instant(&left["updated_at"]), "{left} {came}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_that_left_already_is_followed_once_its_place_is_free() {
    let scarce = Scarce::new().await;
    let (officer, ids) = (&scarce.officer, &scarce.ids);
    let path = scarce.path(&ids[0]).await;
    let exit = path.replace("replacements", "exits");
    officer.post(&exit, &json!({ "reason": "deceased", "ended_on": "2026-11-10" })).await.expect(200);
    // Somebody else took the place meanwhile.
    enrol(officer, &scarce.program, json!({ "source": "reserve" })).await;
    officer.post(&path, &papers("deceased")).await.expect_problem(409, "quota_full");
    quota(officer, &scarce.program, Some(JANGGUT), 3).await;
    let made = officer.post(&path, &papers("deceased")).await.expect(201);
    assert_eq!(made.body["new_beneficiary_id"], ids[3]);
    assert_eq!(scarce.enrollment(&ids[0]).await["ended_on"], "2026-11-10");
    // Who earned its leave leaves no place to somebody in particular.
    let graduated = scarce.path(&ids[1]).await;
    officer.post(&graduated.replace("replacements", "exits"), &json!({ "reason": "graduated" })).await.expect(200);
    let refused = officer.post(&graduated, &papers("moved")).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_kept_off_or_moved_is_passed_over() {
    let scarce = Scarce::new().await;
    let (officer, ids) = (&scarce.officer, &scarce.ids);
    let other = for_all(officer, "PKH").await;
    exclude(officer, "RICE-NOT-PKH", (&scarce.program, &other)).await;
    enrol(officer, &other, json!({ "beneficiary_ids": [ids[2]] })).await;
    let made = officer.post(&scarce.path(&ids[0]).await, &papers("duplicate")).await.expect(201);
    assert_eq!(made.body["new_beneficiary_id"], ids[3]);
    // The one that was passed over waits on.
    assert_eq!(waiting(officer, &scarce.program).await, [(ids[2].clone(), 1)]);
    officer.post(&scarce.path(&ids[1]).await, &papers("moved")).await.expect_problem(409, "reserve_list_empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_set_lets_families_be_named_and_asks_for_a_meeting() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let ids = families(&officer, 1, JANGGUT, &[1, 2, 7]).await;
    let there = families(&officer, 11, KELEKAT, &[1]).await;
    let mut rule_set = rules("family.decile <= 4", "10", "month");
    rule_set["replacements"] = json!({ "source": "named", "needs_deliberation": true });
    let program = officer.post("/v1/programs", &rice("BLT")).await.expect(201).id();
    let kept = officer.post(&format!("/v1/programs/{program}/rule-sets"), &rule_set).await.expect(201);
    assert_eq!(kept.body["replacements"], rule_set["replacements"]);
    enrol(&officer, &program, json!({ "beneficiary_ids": [ids[0]], "started_on": "2026-11-01" })).await;
    let scarce = Scarce { app, officer, program, ids };
    let (officer, ids) = (&scarce.officer, &scarce.ids);
    let path = scarce.path(&ids[0]).await;
    let faults = |answer: &Value| {
        let faults = answer["errors"].as_array().unwrap().iter();
        faults.map(|fault| (fault["pointer"].clone(), fault["code"].clone())).collect::<Vec<_>>()
    };
    let named = |family: &str, meeting: Option<&str>| {
        let mut new = papers("moved");
        new["beneficiary_id"] = json!(family);
        if let Some(meeting) = meeting {
            new["deliberation_id"] = json!(meeting);
        }
        new
    };
    let without = officer.post(&path, &named(&ids[1], None)).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&without.body), [(json!("/deliberation_id"), json!("required"))]);
    let meet = async |village: &str, is_special: bool, (family, decision): (&str, Value)| {
        let mut decided = decision;
        decided["beneficiary_id"] = json!(family);
        decided["reason"] = json!("Khusus");
        let minutes_number = format!("BA/{is_special}/{}/{family}", decided["decision"].as_str().unwrap());
        let new = json!({ "village_code": village, "program_id": scarce.program, "held_on": "2026-11-15",
            "minutes_number": minutes_number, "minutes_digest": "ab".repeat(32),
            "minutes_media_type": "application/pdf", "attendee_count": 31, "is_special": is_special,
            "decisions": [decided] });
        officer.post("/v1/deliberations", &new).await.expect(201).id()
    };
    let reserve = || json!({ "decision": "reserve", "reserve_order": 1 });
    let remove = json!({ "decision": "remove", "exit_reason": "moved" });
    let meetings = [
        meet(KELEKAT, true, (&there[0], reserve())).await,
        meet(JANGGUT, true, (&ids[1], reserve())).await,
        meet(JANGGUT, false, (&ids[1], reserve())).await,
        meet(JANGGUT, true, (&ids[0], remove)).await,
        meet(JANGGUT, true, (&ids[2], reserve())).await,
    ];
    for (meeting, code) in [(&meetings[2], "meeting_not_special"), (&meetings[3], "meeting_decided_otherwise")] {
        let refused = officer.post(&path, &named(&ids[1], Some(meeting))).await.expect_problem(422, "invalid_fields");
        assert_eq!(faults(&refused.body), [(json!("/deliberation_id"), json!(code))]);
    }
    let special = officer.get("/v1/deliberations?is_special=true").await.expect(200).body;
    assert_eq!(special["items"].as_array().unwrap().len(), 4, "{special}");
    let elsewhere =
        officer.post(&path, &named(&ids[1], Some(&meetings[0]))).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&elsewhere.body), [(json!("/deliberation_id"), json!("village_differs"))]);
    let rich = officer.post(&path, &named(&ids[2], Some(&meetings[4]))).await;
    rich.expect_problem(409, "no_longer_eligible");
    let other = officer.post(&path, &named(&ids[2], Some(&meetings[1]))).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&other.body), [(json!("/deliberation_id"), json!("meeting_decided_otherwise"))]);
    let made = officer.post(&path, &named(&ids[1], Some(&meetings[1]))).await.expect(201);
    assert_eq!((&made.body["deliberation_id"], &made.body["reserve_place"]), (&json!(meetings[1]), &Value::Null));
    assert_eq!(scarce.enrollment(&ids[1]).await["decree_number"], format!("BA/true/reserve/{}", ids[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn replacements_at_once_give_each_place_to_another_family() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    families(&officer, 1, JANGGUT, &[1, 1, 1, 1, 2, 2, 2, 2]).await;
    let program = for_all(&officer, "RICE").await;
    quota(&officer, &program, Some(JANGGUT), 4).await;
    enrol(&officer, &program, json!({ "started_on": "2026-11-01" })).await;
    let enrolled = officer.get(&format!("/v1/enrollments?program_id={program}")).await.expect(200).body;
    let race = enrolled["items"].as_array().unwrap().iter().map(|row| {
        let (officer, path) =
            (officer.clone(), format!("/v1/enrollments/{}/replacements", row["id"].as_str().unwrap()));
        tokio::spawn(async move { officer.post(&path, &papers("moved")).await.expect(201).body })
    });
    let mut followers = Vec::new();
    for answer in race.collect::<Vec<_>>() {
        followers.push(answer.await.unwrap()["new_beneficiary_id"].as_str().unwrap().to_owned());
    }
    followers.sort();
    followers.dedup();
    assert_eq!((followers.len(), taken(&app, &program).await), (4, 4));
    assert!(texts(&app, "select id::text as found from reserves where status = 'waiting'").await.is_empty());
}
