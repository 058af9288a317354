//! Cycles and entitlements: opened by one, approved by another, frozen.

use chrono::{Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::enrollments::{enrol, register, three_families};
use crate::programs::{define, define_of_state, rice, rules};
use crate::support::{Client, KENOHAN, TestApp};

/// First day of this month where the sub-district is.
pub(crate) fn this_month() -> NaiveDate {
    (Utc::now() + TimeDelta::hours(8)).date_naive().with_day(1).unwrap()
}

/// Opens this month's cycle and has it approved; answers its id.
pub(crate) async fn approve(app: &TestApp, officer: &Client, program: &str) -> String {
    let opened = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": this_month() })).await;
    let id = opened.expect(201).id();
    let second = app.second_officer().await;
    second.post(&format!("/v1/cycles/{id}/approvals"), &json!({})).await.expect(200);
    id
}

/// Three families on a rice program of 10 kg a month, with this month's cycle approved: program, cycle, entitlements.
pub(crate) async fn rice_for_three(app: &TestApp, officer: &Client) -> (String, String, Vec<Value>) {
    three_families(app).await;
    let program = define(officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(officer, &program, json!({})).await;
    let cycle = approve(app, officer, &program).await;
    let due = officer.get(&format!("/v1/entitlements?cycle_id={cycle}")).await.expect(200).body["items"].clone();
    (program, cycle, due.as_array().unwrap().clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_is_approved_by_a_second_person() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let path = format!("/v1/programs/{program}/cycles");
    let opened = officer.post(&path, &json!({ "period": this_month() })).await.expect(201);
    assert_eq!((&opened.body["status"], &opened.body["entitlement_count"]), (&json!("planned"), &json!(0)));
    let one = format!("/v1/cycles/{}", opened.id());
    assert_eq!(opened.header("location"), one);
    let own = officer.post(&format!("{one}/approvals"), &json!({})).await;
    own.expect_problem(409, "second_person_needed");
    assert_eq!(officer.get("/v1/entitlements").await.expect(200).body["items"], json!([]));

    let second = app.second_officer().await;
    let approved = second.post(&format!("{one}/approvals"), &json!({})).await.expect(200);
    assert_eq!((&approved.body["approved_by"], approved.header("etag")), (&json!(second.id), "\"2\""));
    assert_eq!((&approved.body["entitlement_count"], &approved.body["entitled_quantity"]), (&json!(2), &json!("20")));
    assert_eq!(officer.get(&one).await.expect(200).body, approved.body);
    second.post(&format!("{one}/approvals"), &json!({})).await.expect_problem(409, "cycle_not_planned");
    let listed = officer.get(&format!("{path}?status=approved&period={}", this_month())).await.expect(200);
    assert_eq!(listed.body["items"], json!([approved.body]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constraint_itself_asks_for_a_second_person() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": this_month() })).await.expect(201);
    use diesel_async::SimpleAsyncConnection;
    let statement = "update cycles set status = 'approved', approved_by = planned_by, approved_at = now()";
    let refused = app.database.owner().await.batch_execute(statement).await.unwrap_err();
    assert!(refused.to_string().contains("cycles_second_person"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_has_one_cycle_that_begins_when_the_rules_say() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "quarter")).await;
    let path = format!("/v1/programs/{program}/cycles");
    let middle = officer.post(&path, &json!({ "period": "2026-11-01" })).await.expect_problem(422, "invalid_fields");
    assert_eq!(middle.body["errors"][0]["code"], "period_unfit");
    officer.post(&path, &json!({ "period": "2026-10-02" })).await.expect_problem(422, "invalid_fields");
    officer.post(&path, &json!({ "period": "2025-10-01" })).await.expect_problem(409, "no_rule_set_in_force");
    officer.post(&path, &json!({ "period": "2026-10-01" })).await.expect(201);
    officer.post(&path, &json!({ "period": "2026-10-01" })).await.expect_problem(409, "cycle_exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_month_of_a_cycle_is_made_where_it_is_missing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let far = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": "2150-05-01" })).await;
    let path = format!("/v1/cycles/{}/approvals", far.expect(201).id());
    let approved = app.second_officer().await.post(&path, &json!({})).await.expect(200);
    assert_eq!(approved.body["entitlement_count"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_later_does_not_move_the_frozen_list() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    assert_eq!(due.len(), 3);
    let first = due.iter().find(|due| due["snapshot"]["decile"] == 1).unwrap();
    assert_eq!(
        (&first["quantity"], &first["unit"], &first["left"], &first["delivered"], &first["held"]),
        (&json!("10"), &json!("kg"), &json!("10"), &json!("0"), &json!("0"))
    );
    assert_eq!((&first["snapshot"]["member_count"], &first["snapshot"]["decile_source"]), (&json!(2), &json!("DTSEN")));

    // The family gets richer, moves and leaves; another one comes; the rules change.
    let family = first["beneficiary_id"].as_str().unwrap();
    use diesel_async::SimpleAsyncConnection;
    let moved = format!("update beneficiaries set decile = 9, village_code = '64.02.10.2011' where id = '{family}'");
    app.database.owner().await.batch_execute(&moved).await.unwrap();
    let enrollment = first["enrollment_id"].as_str().unwrap();
    let left = officer.post(&format!("/v1/enrollments/{enrollment}/exits"), &json!({ "reason": "graduated" })).await;
    left.expect(200);
    register(&app.puskesos().await, 4, "64.02.10.2004", 1).await;
    enrol(&officer, &program, json!({})).await;
    let mut later = rules("family.decile <= 1", "20", "month");
    later["effective_from"] = json!(this_month());
    officer.post(&format!("/v1/programs/{program}/rule-sets"), &later).await.expect(201);

    let now = officer.get(&format!("/v1/entitlements?cycle_id={cycle}")).await.expect(200).body["items"].clone();
    assert_eq!(now, json!(due));
    let kept = officer.get(&format!("/v1/cycles/{cycle}")).await.expect(200).body;
    assert_eq!((&kept["entitlement_count"], &kept["entitled_quantity"]), (&json!(3), &json!("30")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_rests_or_left_is_not_on_a_later_list() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let enrolled = officer.get("/v1/enrollments").await.expect(200).body["items"].as_array().unwrap().clone();
    let path = |index: usize| format!("/v1/enrollments/{}", enrolled[index]["id"].as_str().unwrap());
    officer.post(&format!("{}/suspensions", path(0)), &json!({ "reason": "Away" })).await.expect(200);
    officer.post(&format!("{}/exits", path(1)), &json!({ "reason": "moved" })).await.expect(200);
    let cycle = approve(&app, &officer, &program).await;
    let due = officer.get(&format!("/v1/entitlements?cycle_id={cycle}")).await.expect(200).body["items"].clone();
    assert_eq!(due.as_array().unwrap().len(), 1);
    assert_eq!(due[0]["enrollment_id"], enrolled[2]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entitlements_are_filtered_and_paged() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    let found = async |query: &str| {
        let page = officer.get(&format!("/v1/entitlements?{query}")).await.expect(200).body;
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(found("village_code=64.02.10.2005").await, 2);
    assert_eq!(found(&format!("program_id={program}&period={}", this_month())).await, 3);
    assert_eq!(found(&format!("beneficiary_id={}", due[0]["beneficiary_id"].as_str().unwrap())).await, 1);
    assert_eq!(found(&format!("cycle_id={}", uuid::Uuid::now_v7())).await, 0);
    let mut path = format!("/v1/entitlements?cycle_id={cycle}&limit=1");
    for expected in &due {
        let page = officer.get(&path).await.expect(200).body;
        assert_eq!(&page["items"][0], expected);
        let next = page["next"].as_str().unwrap_or_default();
        path = format!("/v1/entitlements?cycle_id={cycle}&limit=1&cursor={next}");
    }
    let one = officer.get(&format!("/v1/entitlements/{}", due[0]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(one.body, due[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_cycles_of_its_own() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define_of_state(&app, "BLT").await;
    enrol(&officer, &program, json!({})).await;
    let cycle = approve(&app, &officer, &program).await;
    let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();

    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for path in [format!("/v1/cycles/{cycle}"), format!("/v1/entitlements/{due}")] {
        neighbour.get(&path).await.expect_problem(404, "not_found");
    }
    for step in ["approvals", "closures"] {
        neighbour.post(&format!("/v1/cycles/{cycle}/{step}"), &json!({})).await.expect_problem(404, "not_found");
    }
    let path = format!("/v1/programs/{program}/cycles");
    assert_eq!(neighbour.get(&path).await.expect(200).body["items"], json!([]));
    assert_eq!(neighbour.get(&format!("/v1/entitlements?cycle_id={cycle}")).await.expect(200).body["items"], json!([]));
    neighbour.post(&path, &json!({ "period": this_month() })).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_cycle_is_told_and_recorded() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, _) = rice_for_three(&app, &officer).await;
    let closed = officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200).body;
    assert_eq!((&closed["status"], &closed["closed_by"]), (&json!("closed"), &json!(officer.id)));
    let again = officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await;
    again.expect_problem(409, "cycle_not_approved");
    let told = app.told(&officer).await;
    assert_eq!(told[told.len() - 3..], ["cycle.opened", "cycle.approved", "cycle.closed"]);
    let recorded = app.recorded().await;
    assert_eq!(recorded[recorded.len() - 3..], ["open_cycle", "approve_cycle", "close_cycle"]);
}
