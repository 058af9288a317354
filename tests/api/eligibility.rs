//! Rules over ranks by source, attributes and aid; why, also for a past moment; and what other rules would do.

use chrono::Days;
use serde_json::{Value, json};

use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{deliver, delivery};
use crate::enrollments::{enrol, three_families};
use crate::programs::{define, rice, rules};
use crate::support::{Client, KENOHAN, TestApp};

fn attributes() -> Value {
    json!({
        "roof": { "type": "string", "enum": ["zinc", "palm leaf"] },
        "rooms": { "type": "integer", "minimum": 1, "maximum": 20 },
        "assets": { "type": "array", "maxItems": 5, "items": { "type": "string", "maxLength": 20 } },
    })
}

async fn register(officer: &Client, subject: &str, properties: &Value) {
    let definition = json!({ "type": "object", "properties": properties });
    officer.post("/v1/attribute-schemas", &json!({ "subject": subject, "definition": definition })).await.expect(201);
}

async fn describe(officer: &Client, family: &str, name: &str, value: Value) {
    let path = format!("/v1/beneficiaries/{family}");
    let etag = officer.get(&path).await.expect(200).header("etag").to_owned();
    let fact = json!({ "value": value, "source": "visit", "observed_on": "2026-11-01" });
    officer.patch(&path, &etag, &json!({ "attributes": { name: fact } })).await.expect(200);
}

async fn eligible(officer: &Client, program: &str) -> Value {
    officer.get(&format!("/v1/programs/{program}/eligibility")).await.expect(200).body["eligible"].clone()
}

async fn moment() -> String {
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    now
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_ask_for_attributes_by_the_registered_schema() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let none = rules("family.attributes.roof == \"zinc\"", "10", "month");
    let program = officer.post("/v1/programs", &rice("RICE")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    let refused = officer.post(&path, &none).await.expect_problem(422, "invalid_fields").body["errors"][0].clone();
    assert_eq!(refused["place"], json!({ "offset": 18, "line": 1, "column": 19 }));
    register(&officer, "beneficiaries", &attributes()).await;
    register(&officer, "members", &json!({ "wage": { "type": "number", "minimum": 0, "maximum": 100_000_000 } })).await;
    let wrong = rules("family.verified\n  || family.attributes.rooms == \"3\"", "10", "month");
    let refused = officer.post(&path, &wrong).await.expect_problem(422, "invalid_fields").body["errors"][0].clone();
    assert_eq!(refused["place"], json!({ "offset": 39, "line": 2, "column": 24 }));
    officer.post(&path, &none).await.expect(201);
    describe(&officer, &families[0], "roof", json!("zinc")).await;
    describe(&officer, &families[1], "roof", json!("palm leaf")).await;
    assert_eq!(eligible(&officer, &program).await, 1);
    let why = officer.get(&format!("/v1/programs/{program}/eligibility/{}", families[1])).await.expect(200).body;
    let fact = json!({
        "name": "family.attributes.roof", "value": "palm leaf", "source": "visit", "on": "2026-11-01",
    });
    assert_eq!((&why["answer"], &why["reasons"]["facts"]), (&json!("no"), &json!([fact])));
    let turned = json!([{ "name": "family.attributes.roof", "from": "palm leaf", "to": "zinc" }]);
    assert_eq!(why["smallest_change"], turned);
    let third = officer.get(&format!("/v1/programs/{program}/eligibility/{}", families[2])).await.expect(200).body;
    assert_eq!(third["answer"], "unknown");

    // Another schema does not break the rule set: what it no longer is, is unknown.
    register(&officer, "beneficiaries", &json!({ "roof": { "type": "boolean" } })).await;
    describe(&officer, &families[0], "roof", json!(true)).await;
    assert_eq!(eligible(&officer, &program).await, 0);
    let facts = officer.get("/v1/facts").await.expect(200).body["items"].as_array().unwrap().clone();
    let kind = |name: &str| facts.iter().find(|fact| fact["name"] == name).map(|fact| fact["kind"].clone());
    assert_eq!(kind("family.attributes.roof"), Some(json!("boolean")));
    assert_eq!((kind("member.attributes.wage"), kind("family.attributes.rooms")), (Some(json!("number")), None));
    officer.get("/v1/facts/member.attributes.wage").await.expect(200);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get("/v1/facts/member.attributes.wage").await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_ask_for_ranks_by_a_source_that_has_ranked_somebody() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let rule = rules("family.ranks.REGSOSEK <= 2 && !(family.ranks.DTSEN in [1, 2])", "10", "month");
    let program = officer.post("/v1/programs", &rice("RICE")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/rule-sets");
    officer.post(&path, &rule).await.expect_problem(422, "invalid_fields");
    for (family, decile) in families.iter().zip([1, 2, 3]) {
        let rank = json!({ "source": "REGSOSEK", "period": "2026-10-01", "decile": decile });
        app.puskesos().await.post(&format!("/v1/beneficiaries/{family}/ranks"), &rank).await.expect(201);
    }
    officer.post(&path, &rule).await.expect(201);
    assert_eq!(eligible(&officer, &program).await, 1);
    let why = officer.get(&format!("/v1/programs/{program}/eligibility/{}", families[1])).await.expect(200).body;
    assert_eq!(why["answer"], "yes");
    let rank = json!({ "name": "family.ranks.REGSOSEK", "value": 2, "source": "REGSOSEK", "on": "2026-10-01" });
    assert_eq!(why["reasons"]["children"][0]["facts"], json!([rank]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_ask_for_aid_in_a_window() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    deliver(&officer, &delivery(&due[0], "7.5")).await.expect(201);
    let program = define(&officer, &rice("TOOLS"), &rules("family.received(\"RICE\", 30) > 7", "1", "month")).await;
    let count = async |on: chrono::NaiveDate| {
        let path = format!("/v1/programs/{program}/eligibility?on={on}");
        officer.get(&path).await.expect(200).body["eligible"].clone()
    };
    let delivered_on = this_month();
    assert_eq!(count(delivered_on).await, 1);
    assert_eq!(count(delivered_on + Days::new(29)).await, 1);
    assert_eq!(count(delivered_on + Days::new(30)).await, 0);
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let path = format!("/v1/programs/{program}/eligibility/{family}?on={delivered_on}");
    let why = officer.get(&path).await.expect(200).body;
    let fact = json!({
        "name": "family.received(\"RICE\", 30)", "value": "7.5", "source": "deliveries", "on": delivered_on,
    });
    assert_eq!(why["reasons"]["facts"], json!([fact]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reasons_of_a_past_moment_are_those_of_the_records_then() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    define(&officer, &rice("TOOLS"), &rules("true", "1", "once")).await;
    let rule =
        "family.decile <= 4 && !(\"TOOLS\" in family.programs) && family.ranks.DTSEN <= 4 && members.size() == 2";
    let program = define(&officer, &rice("RICE"), &rules(rule, "10", "month")).await;
    let path = format!("/v1/programs/{program}/eligibility/{}", families[0]);
    let poor = moment().await;
    let rank = json!({ "source": "DTSEN", "period": "2026-11-01", "decile": 7 });
    officer.post(&format!("/v1/beneficiaries/{}/ranks", families[0]), &rank).await.expect(201);
    let members = officer.get(&format!("/v1/beneficiaries/{}/members", families[0])).await.expect(200).body;
    let child = members["items"][1]["id"].as_str().unwrap();
    let leave = json!({ "reason": "moved", "on": "2026-01-05" });
    officer.post(&format!("/v1/members/{child}/departures"), &leave).await.expect(201);
    let tools = officer.get("/v1/programs").await.expect(200).body["items"].as_array().unwrap().clone();
    let tools = tools.iter().find(|program| program["code"] == "TOOLS").unwrap()["id"].as_str().unwrap();
    enrol(&officer, tools, json!({ "beneficiary_ids": [families[0]] })).await;
    let then = officer.get(&format!("{path}?as_of={poor}")).await.expect(200).body;
    assert_eq!(then["answer"], "yes", "{then}");
    let now = officer.get(&path).await.expect(200).body;
    let answers: Vec<_> =
        now["reasons"]["children"].as_array().unwrap().iter().map(|part| part["answer"].clone()).collect();
    assert_eq!(answers, ["no", "no", "no", "no"], "{now}");
    officer.get(&format!("{path}?as_of=2025-01-01T00:00:00Z&on=2026-11-01")).await.expect_problem(404, "not_found");
    officer.get(&format!("{path}?as_of=2999-01-01T00:00:00Z")).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_tried_without_writing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let tools = define(&officer, &rice("TOOLS"), &rules("true", "1", "once")).await;
    enrol(&officer, &tools, json!({ "beneficiary_ids": [families[2]] })).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let path = format!("/v1/programs/{program}/simulations");
    let (written, told) = (app.recorded().await, app.told(&officer).await);
    let new = json!({
        "eligibility": "family.decile >= 4 && members.filter(m, m.age >= 0).size() >= 1",
        "benefit_quantity": "2.5", "benefit_period": "quarter",
    });
    let tried = officer.post(&path, &new).await.expect(200).body;
    assert_eq!(tried["total"], json!({ "families": 3, "eligible": 2, "eligible_before": 2, "gained": 1, "lost": 1 }));
    assert_eq!(tried["cost"], json!({ "unit": "kg", "per_period": "5", "per_year": "20" }));
    assert_eq!(tried["cost_before"], json!({ "unit": "kg", "per_period": "20", "per_year": "240" }));
    assert_eq!(tried["overlaps"], json!([{ "program_code": "TOOLS", "families": 1 }]));
    let deciles: Vec<_> = tried["deciles"].as_array().unwrap().iter().map(|one| one["decile"].clone()).collect();
    assert_eq!(deciles, [1, 4, 7]);
    assert_eq!(
        tried["villages"][1],
        json!({
            "village_code": "64.02.10.2005", "families": 2, "eligible": 2, "eligible_before": 1, "gained": 1, "lost": 0,
        })
    );
    assert_eq!((app.recorded().await, app.told(&officer).await), (written, told), "nothing is written");

    let mut against = new.clone();
    let sets = officer.get(&format!("/v1/programs/{tools}/rule-sets")).await.expect(200).body;
    against["against_rule_set_id"] = sets["items"][0]["id"].clone();
    officer.post(&path, &against).await.expect_problem(422, "invalid_fields");
    against["on"] = json!("2025-01-01");
    against.as_object_mut().unwrap().remove("against_rule_set_id");
    let alone = officer.post(&path, &against).await.expect(200).body;
    assert_eq!((&alone["against_rule_set_id"], &alone["cost_before"]), (&Value::Null, &Value::Null));
    against["eligibility"] = json!("family.decile <= 44");
    let refused = officer.post(&path, &against).await.expect_problem(422, "invalid_fields").body["errors"][0].clone();
    assert_eq!(refused["place"]["column"], 18);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &new).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_set_that_came_later_explains_no_moment_before_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("family.decile <= 4", "10", "month")).await;
    let then = moment().await;
    let later = rules("family.decile > 9", "10", "month");
    officer.post(&format!("/v1/programs/{program}/rule-sets"), &later).await.expect(201);
    let path = format!("/v1/programs/{program}/eligibility/{}", families[0]);
    let now = officer.get(&path).await.expect(200).body;
    assert_eq!((&now["rule_set"]["number"], &now["answer"]), (&json!(2), &json!("no")));
    let before = officer.get(&format!("{path}?as_of={then}")).await.expect(200).body;
    assert_eq!((&before["rule_set"]["number"], &before["answer"]), (&json!(1), &json!("yes")));
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_of_the_day_in_the_sub_district() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let families = three_families(&app).await;
    let rule = "family.verified && family.member_count == 2 && head.sex == \"female\"";
    let program = define(&officer, &rice("RICE"), &rules(rule, "10", "month")).await;
    // Two in the morning of the second of March.
    app.arrange("update members set valid_from = '2026-03-01T18:00:00Z'").await;
    let verified = "verified_at = '2026-03-01T18:00:00Z', verified_by = 'officer'";
    app.arrange(&format!("update beneficiaries set {verified}, valid_from = '2026-03-01T18:00:00Z'")).await;
    let path = format!("/v1/programs/{program}/eligibility/{}", families[0]);
    let why = officer.get(&path).await.expect(200).body;
    for part in why["reasons"]["children"].as_array().unwrap() {
        assert_eq!(part["facts"][0]["on"], "2026-03-02", "{part}");
    }
}
