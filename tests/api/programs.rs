//! Programs and their rule sets.

use serde_json::{Value, json};

use crate::support::{Client, KENOHAN, TestApp};

/// A goods program to define.
pub(crate) fn rice(code: &str) -> Value {
    json!({ "code": code, "name": "Bantuan beras", "kind": "goods", "unit": "kg", "description": "Rice each month." })
}

/// A rule set in force since the beginning of 2026.
pub(crate) fn rules(eligibility: &str, quantity: &str, period: &str) -> Value {
    json!({
        "eligibility": eligibility, "benefit_quantity": quantity, "benefit_period": period,
        "legal_basis": { "title": "Keputusan Contoh", "number": "1/2026", "article": "3" },
        "effective_from": "2026-01-01",
    })
}

/// Defines a program with one rule set; answers its id.
pub(crate) async fn define(officer: &Client, program: &Value, rules: &Value) -> String {
    let id = officer.post("/v1/programs", program).await.expect(201).id();
    officer.post(&format!("/v1/programs/{id}/rule-sets"), rules).await.expect(201);
    id
}

/// A program of the state, as a release of its data brings it.
pub(crate) async fn define_of_state(app: &TestApp, code: &str) -> String {
    use diesel_async::SimpleAsyncConnection;
    let id = uuid::Uuid::now_v7();
    let mut owner = app.database.owner().await;
    let statement = format!(
        "insert into programs (id, code, name, kind, unit, description, created_at, updated_at)
             values ('{id}', '{code}', 'Program negara', 'money', 'IDR', 'State', now(), now());
         insert into rule_sets (id, program_id, number, eligibility, benefit_quantity, benefit_period,
             legal_basis_title, legal_basis_number, effective_from, created_by, created_at, benefit)
             values ('{}', '{id}', 1, 'true', 300000, 'month', 'Contoh', '1/2025', '2025-01-01', 'state', now(),
                 '{{\"kind\": \"fixed\", \"quantity\": \"300000\"}}');",
        uuid::Uuid::now_v7()
    );
    owner.batch_execute(&statement).await.unwrap();
    id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_seen_in_the_sub_district_that_defined_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = officer.post("/v1/programs", &rice("RICE")).await.expect(201);
    assert_eq!(made.header("location"), format!("/v1/programs/{}", made.id()));
    assert_eq!(made.body["is_of_state"], false);
    let read = officer.get(&format!("/v1/programs/{}", made.id())).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, "\"1\""));

    let state = define_of_state(&app, "BLT").await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("/v1/programs/{}", made.id())).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/programs/{}/rule-sets", made.id())).await.expect_problem(404, "not_found");
    let listed = neighbour.get("/v1/programs").await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["items"][0]["id"], state);
    let local = officer.get("/v1/programs?is_of_state=false&kind=goods").await.expect(200);
    assert_eq!(local.body["items"], json!([made.body]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once_in_what_a_sub_district_sees() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    define_of_state(&app, "BLT").await;
    officer.post("/v1/programs", &rice("RICE")).await.expect(201);
    officer.post("/v1/programs", &rice("RICE")).await.expect_problem(409, "program_code_taken");
    officer.post("/v1/programs", &rice("BLT")).await.expect_problem(409, "program_code_taken");
    // What the neighbour has is nobody's to know.
    neighbour.post("/v1/programs", &rice("RICE")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_and_unit_are_checked_together() {
    let app = TestApp::new().await;
    let mut program = rice("rice");
    program["kind"] = json!("money");
    let refused = app.kecamatan().await.post("/v1/programs", &program).await.expect_problem(422, "invalid_fields");
    let codes: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(codes, ["program_code_malformed", "unit_unfit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_changed_under_a_condition_by_its_owner() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let path = format!("/v1/programs/{}", officer.post("/v1/programs", &rice("RICE")).await.expect(201).id());
    let changed = officer.patch(&path, "\"1\"", &json!({ "name": "Beras kecamatan" })).await.expect(200);
    assert_eq!((changed.header("etag"), &changed.body["name"]), ("\"2\"", &json!("Beras kecamatan")));
    officer.patch(&path, "\"1\"", &json!({ "name": "Lain" })).await.expect_problem(412, "version_stale");
    officer.patch(&path, "\"2\"", &json!({ "unit": "IDR" })).await.expect_problem(422, "invalid_fields");
    officer.patch(&path, "\"2\"", &json!({ "name": null })).await.expect_problem(422, "invalid_fields");
    let state = format!("/v1/programs/{}", define_of_state(&app, "BLT").await);
    officer.patch(&state, "\"1\"", &json!({ "name": "Lain" })).await.expect_problem(403, "program_not_yours");
    officer
        .post(&format!("{state}/rule-sets"), &rules("true", "1", "month"))
        .await
        .expect_problem(403, "program_not_yours");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_sets_are_numbered_dated_and_kept() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let path = format!("/v1/programs/{program}/rule-sets");
    let mut later = rules("family.decile <= 3", "12.5", "month");
    later["effective_from"] = json!("2026-07-01");
    later["effective_to"] = json!("2026-12-31");
    let second = officer.post(&path, &later).await.expect(201);
    assert_eq!((&second.body["number"], &second.body["benefit_quantity"]), (&json!(2), &json!("12.5")));
    assert_eq!(second.body["legal_basis"], json!({ "title": "Keputusan Contoh", "number": "1/2026", "article": "3" }));

    let in_force = async |on: &str| {
        officer.get(&format!("{path}?on={on}&limit=1")).await.expect(200).body["items"][0]["number"].clone()
    };
    assert_eq!(in_force("2026-06-30").await, 1);
    assert_eq!(in_force("2026-12-31").await, 2);
    assert_eq!(in_force("2027-01-01").await, 1);
    assert_eq!(in_force("2025-12-31").await, Value::Null);

    let one = format!("/v1/rule-sets/{}", second.id());
    assert_eq!(officer.get(&one).await.expect(200).body, second.body);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&one).await.expect_problem(404, "not_found");
    officer.patch(&one, "\"1\"", &json!({})).await.expect_problem(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_rule_is_refused_with_its_characters() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = officer.post("/v1/programs", &rice("RICE")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    let refuse = async |eligibility: &str| {
        let refused = officer.post(&path, &rules(eligibility, "10", "month")).await;
        refused.expect_problem(422, "invalid_fields").body["errors"][0].clone()
    };
    let syntax = refuse("family.decile <=").await;
    assert_eq!((&syntax["pointer"], &syntax["code"]), (&json!("/eligibility"), &json!("expression_invalid")));
    assert!(syntax["detail"].as_str().unwrap().starts_with("Character 17: "), "{syntax}");
    let unknown = refuse("family.decile <= 4 && \"NONE\" in family.programs").await;
    assert_eq!(unknown["detail"], "Character 23: no program has this code.");
    assert!(refuse("family.decile <= 44").await["detail"].as_str().unwrap().starts_with("Character 18: "));
    refuse(&"x".repeat(4001)).await;
    refuse("true // \u{0}").await;
    assert_eq!(officer.get(&path).await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_tells_a_hundred_faults_and_one_of_a_list_that_is_too_long() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = officer.post("/v1/programs", &rice("RICE")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    let refuse = async |needs: &[i64]| {
        let step = |number: i64| json!({ "number": number, "kind": "visit", "title": "Langkah", "due_after_days": 1, "needs": needs });
        let mut new = rules("true", "1", "month");
        new.as_object_mut().unwrap().remove("benefit_quantity");
        new["benefit"] = json!({ "kind": "package", "milestones": (1..=20).map(step).collect::<Vec<_>>() });
        let refused = officer.post(&path, &new).await.expect_problem(422, "invalid_fields");
        refused.body["errors"].as_array().unwrap().clone()
    };
    assert_eq!(refuse(&[0; 19]).await.len(), 100);
    let long = refuse(&[1; 500]).await;
    assert_eq!((long.len(), &long[19]["pointer"]), (20, &json!("/benefit/milestones/19/needs")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_of_facts_is_open_to_all_who_read_programs() {
    let app = TestApp::new().await;
    let facts = app.client("auditor", 1).await.get("/v1/facts").await.expect(200);
    let names: Vec<_> = facts.body["items"].as_array().unwrap().iter().map(|fact| fact["name"].clone()).collect();
    assert!(names.contains(&json!("family.decile")) && names.contains(&json!("family.programs")), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_a_program_is_told_and_recorded() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    officer.patch(&format!("/v1/programs/{program}"), "\"1\"", &json!({ "name": "Beras" })).await.expect(200);
    assert_eq!(app.told(&officer).await, ["program.defined", "rule_set.added", "program.updated"]);
    assert_eq!(app.recorded().await, ["define_program", "add_rule_set", "update_program"]);
}
