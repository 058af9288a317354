//! Who may have a program, why, and who is on it.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::programs::{define, define_of_state, rice, rules};
use crate::support::{Client, KEMBANG_JANGGUT, KENOHAN, TestApp};

/// Registers a family of a village with a decile; answers its id. Numbers are told apart by `number`, up to 999.
pub(crate) async fn register(client: &Client, number: u16, village: &str, decile: u8) -> String {
    let mut new = family(&format!("640210100120{:04}", 9000 + number), &format!("640210410190{:04}", 9000 + number));
    new["village_code"] = json!(village);
    new["rank"]["decile"] = json!(decile);
    client.post("/v1/beneficiaries", &new).await.expect(201).id()
}

/// Three families of two villages, two of them poor; answers their ids.
pub(crate) async fn three_families(app: &TestApp) -> [String; 3] {
    let puskesos = app.puskesos().await;
    [
        register(&puskesos, 1, "64.02.10.2004", 1).await,
        register(&puskesos, 2, "64.02.10.2005", 4).await,
        register(&puskesos, 3, "64.02.10.2005", 7).await,
    ]
}

/// Enrols all eligible families; answers the counts.
pub(crate) async fn enrol(officer: &Client, program: &str, more: Value) -> Value {
    let mut body = json!({ "decree_number": "140/07/2026" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    officer.post(&format!("/v1/programs/{program}/enrollment-runs"), &body).await.expect(200).body
}

fn counts(run: &Value) -> [i64; 5] {
    ["considered", "enrolled", "already_enrolled", "exited_before", "not_eligible"]
        .map(|count| run[count].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn eligible_families_are_counted_by_village_and_listed() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let counted = officer.get(&format!("/v1/programs/{program}/eligibility?on=2026-11-24")).await.expect(200).body;
    assert_eq!(
        (&counted["eligible"], &counted["families"], &counted["rule_set_number"]),
        (&json!(2), &json!(3), &json!(1))
    );
    assert_eq!(
        counted["villages"],
        json!([
            { "village_code": "64.02.10.2004", "eligible": 1, "families": 1 },
            { "village_code": "64.02.10.2005", "eligible": 1, "families": 2 },
        ])
    );
    let path = format!("/v1/programs/{program}/eligible-beneficiaries");
    let page = officer.get(&format!("{path}?limit=1")).await.expect(200).body;
    assert_eq!(page["items"][0]["beneficiary_id"], families[0]);
    assert_eq!(page["items"][0]["is_enrolled"], false);
    let next = format!("{path}?limit=1&cursor={}", page["next"].as_str().unwrap());
    let last = officer.get(&next).await.expect(200).body;
    assert_eq!((&last["items"][0]["beneficiary_id"], &last["next"]), (&json!(families[1]), &Value::Null));
    let village = officer.get(&format!("{path}?village_code=64.02.10.2005")).await.expect(200).body;
    assert_eq!(village["items"].as_array().unwrap().len(), 1);

    let before = officer.get(&format!("/v1/programs/{program}/eligibility?on=2025-12-31")).await;
    before.expect_problem(409, "no_rule_set_in_force");
    officer.get(&format!("{path}?decile=1")).await.expect_problem(400, "invalid_parameters");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_counts_its_own_families() {
    let app = TestApp::new().await;
    three_families(&app).await;
    let program = define_of_state(&app, "BLT").await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let counted = neighbour.get(&format!("/v1/programs/{program}/eligibility")).await.expect(200).body;
    assert_eq!((&counted["families"], &counted["villages"]), (&json!(0), &json!([])));
    let listed = neighbour.get(&format!("/v1/programs/{program}/eligible-beneficiaries")).await.expect(200).body;
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reasons_name_rule_facts_sources_and_legal_basis() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    define(&officer, &rice("TOOLS"), &rules("true", "1", "once")).await;
    let rule = "family.decile <= 4 && !(\"TOOLS\" in family.programs) && members.exists(m, m.age < 10)";
    let program = define(&officer, &rice("RICE"), &rules(rule, "10", "month")).await;
    let path = format!("/v1/programs/{program}/eligibility");
    let why = officer.get(&format!("{path}/{}?on=2026-11-24", families[0])).await.expect(200).body;
    assert_eq!((&why["is_eligible"], &why["answer"]), (&json!(true), &json!("yes")));
    assert_eq!(why["rule_set"]["legal_basis"]["number"], "1/2026");
    let decile = &why["reasons"]["children"][0];
    assert_eq!(decile["text"], "family.decile <= 4");
    assert_eq!(
        decile["facts"],
        json!([{ "name": "family.decile", "value": 1, "source": "DTSEN", "on": "2026-10-01" }])
    );
    // The child was born on 2019-05-02.
    let later = officer.get(&format!("{path}/{}?on=2029-05-02", families[0])).await.expect(200).body;
    assert_eq!((&later["is_eligible"], &later["reasons"]["children"][2]["answer"]), (&json!(false), &json!("no")));
    let rich = officer.get(&format!("{path}/{}", families[2])).await.expect(200).body;
    assert_eq!((&rich["answer"], &rich["reasons"]["children"][0]["answer"]), (&json!("no"), &json!("no")));

    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("{path}/{}", families[0])).await.expect_problem(404, "not_found");
    let state = define_of_state(&app, "BLT").await;
    neighbour.get(&format!("/v1/programs/{state}/eligibility/{}", families[0])).await.expect_problem(404, "not_found");
    officer.get(&format!("{path}/nonsense")).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_eligible_families_are_enrolled_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let village = enrol(&officer, &program, json!({ "village_codes": ["64.02.10.2005"] })).await;
    assert_eq!(counts(&village), [2, 1, 0, 0, 1]);
    let named = enrol(&officer, &program, json!({ "beneficiary_ids": [families[1], families[2]] })).await;
    assert_eq!(counts(&named), [2, 0, 1, 0, 1]);
    let all = enrol(&officer, &program, json!({})).await;
    assert_eq!(counts(&all), [3, 1, 1, 0, 1]);

    let listed = officer.get(&format!("/v1/enrollments?program_id={program}")).await.expect(200).body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let first = &listed["items"][0];
    assert_eq!((&first["beneficiary_id"], &first["status"]), (&json!(families[1]), &json!("active")));
    assert_eq!((&first["decree_number"], &first["decided_by"]), (&json!("140/07/2026"), &json!(officer.id)));
    let one = officer.get(&format!("/v1/enrollments/{}", first["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&one.body, one.header("etag")), (first, "\"1\""));
    let of_family = format!("/v1/enrollments?beneficiary_id={}&status=active", families[0]);
    assert_eq!(officer.get(&of_family).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    let of_village = "/v1/enrollments?village_code=64.02.10.2004&status=exited";
    assert_eq!(officer.get(of_village).await.expect(200).body["items"], json!([]));
    let eligible = format!("/v1/programs/{program}/eligible-beneficiaries?is_enrolled=false");
    assert_eq!(officer.get(&eligible).await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_enrol_nobody_twice() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    let runs = (0..6).map(|_| {
        let (officer, program) = (officer.clone(), program.clone());
        tokio::spawn(async move { enrol(&officer, &program, json!({})).await })
    });
    let mut enrolled = 0;
    for run in runs.collect::<Vec<_>>() {
        let [considered, new, already, exited, not_eligible] = counts(&run.await.unwrap());
        assert_eq!((considered, new + already, exited, not_eligible), (3, 3, 0, 0));
        enrolled += new;
    }
    assert_eq!(enrolled, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_ended_by_a_resumption_only() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let listed = officer.get("/v1/enrollments").await.expect(200).body;
    let path = format!("/v1/enrollments/{}", listed["items"][0]["id"].as_str().unwrap());
    let paused =
        officer.post(&format!("{path}/suspensions"), &json!({ "reason": "Away until March" })).await.expect(200);
    assert_eq!((&paused.body["status"], paused.header("etag")), (&json!("suspended"), "\"2\""));
    assert_eq!(paused.body["suspension_reason"], "Away until March");

    let again = enrol(&officer, &program, json!({ "include_exited": true })).await;
    assert_eq!(counts(&again), [3, 0, 3, 0, 0]);
    assert_eq!(officer.get(&path).await.expect(200).body, paused.body);
    let refused = officer.post(&format!("{path}/suspensions"), &json!({ "reason": "Twice" })).await;
    assert_eq!(refused.expect_problem(409, "command_not_possible").body["possible"], json!(["resumptions", "exits"]));

    let resumed = officer.post(&format!("{path}/resumptions"), &json!({})).await.expect(200);
    assert_eq!((&resumed.body["status"], &resumed.body["suspension_reason"]), (&json!("active"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_comes_back_only_when_asked() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let listed = officer.get("/v1/enrollments").await.expect(200).body;
    let exits = format!("/v1/enrollments/{}/exits", listed["items"][0]["id"].as_str().unwrap());
    let early = officer.post(&exits, &json!({ "reason": "moved", "ended_on": "2020-01-01" })).await;
    assert_eq!(early.expect_problem(422, "invalid_fields").body["errors"][0]["code"], "dates_out_of_order");
    officer.post(&exits, &json!({ "reason": "tired" })).await.expect_problem(422, "invalid_fields");
    let left = officer.post(&exits, &json!({ "reason": "graduated" })).await.expect(200).body;
    assert_eq!((&left["status"], &left["exit_reason"]), (&json!("exited"), &json!("graduated")));
    let refused = officer.post(&exits, &json!({ "reason": "moved" })).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!([]));

    assert_eq!(counts(&enrol(&officer, &program, json!({})).await), [3, 0, 2, 1, 0]);
    assert_eq!(counts(&enrol(&officer, &program, json!({ "include_exited": true })).await), [3, 1, 2, 0, 0]);
    assert_eq!(officer.get("/v1/enrollments").await.expect(200).body["items"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_names_villages_and_families_of_the_sub_district() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let program = define_of_state(&app, "BLT").await;
    let path = format!("/v1/programs/{program}/enrollment-runs");
    let wrong = json!({
        "decree_number": "1", "village_codes": ["64.02.10.2004", "64.02.09.2001"],
        "beneficiary_ids": [uuid::Uuid::now_v7(), families[0]],
    });
    let refused = officer.post(&path, &wrong).await.expect_problem(422, "invalid_fields").body;
    let faults: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
    assert_eq!(faults, ["/village_codes/1", "/beneficiary_ids/0"]);

    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let foreign = json!({ "decree_number": "1", "beneficiary_ids": [families[0]] });
    neighbour.post(&path, &foreign).await.expect_problem(422, "invalid_fields");
    // Who acts in several sub-districts says in which.
    let regency = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let unclear = regency.post(&path, &json!({ "decree_number": "1" })).await.expect_problem(422, "invalid_fields");
    assert_eq!(unclear.body["errors"][0]["pointer"], "/district_code");
    let named = enrol(&regency, &program, json!({ "district_code": "64.02.10" })).await;
    assert_eq!(counts(&named), [3, 3, 0, 0, 0]);
    let local = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    let elsewhere = json!({ "decree_number": "1", "district_code": "64.02.09" });
    let refused = regency.post(&format!("/v1/programs/{local}/enrollment-runs"), &elsewhere).await;
    assert_eq!(refused.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/district_code");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_no_part_in_an_enrollment() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define_of_state(&app, "BLT").await;
    enrol(&officer, &program, json!({})).await;
    let id = officer.get("/v1/enrollments").await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/enrollments").await.expect(200).body["items"], json!([]));
    neighbour.get(&format!("/v1/enrollments/{id}")).await.expect_problem(404, "not_found");
    for (step, body) in
        [("suspensions", json!({ "reason": "x" })), ("resumptions", json!({})), ("exits", json!({ "reason": "moved" }))]
    {
        neighbour.post(&format!("/v1/enrollments/{id}/{step}"), &body).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_an_enrollment_is_told_recorded_and_kept() {
    use diesel::prelude::*;
    use diesel_async::RunQueryDsl;
    use sinergi::schema::enrollments_history;
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 1", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let id = officer.get("/v1/enrollments").await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
    officer.post(&format!("/v1/enrollments/{id}/suspensions"), &json!({ "reason": "Away" })).await.expect(200);
    officer.post(&format!("/v1/enrollments/{id}/resumptions"), &json!({})).await.expect(200);
    officer.post(&format!("/v1/enrollments/{id}/exits"), &json!({ "reason": "own_wish" })).await.expect(200);
    let told = app.told(&officer).await;
    let own = ["program.families_enrolled", "enrollment.suspended", "enrollment.resumed", "enrollment.exited"];
    assert_eq!(told[told.len() - 4..], own);
    let recorded = app.recorded().await;
    let own = ["enrol_eligible_beneficiaries", "suspend_enrollment", "resume_enrollment", "exit_enrollment"];
    assert_eq!(recorded[recorded.len() - 4..], own);
    let kept: Vec<Value> = enrollments_history::table
        .order(enrollments_history::version)
        .select(enrollments_history::record)
        .load(&mut app.database.owner().await)
        .await
        .unwrap();
    let statuses: Vec<_> = kept.iter().map(|record| &record["status"]).collect();
    assert_eq!(statuses, ["active", "suspended", "active"]);
}
