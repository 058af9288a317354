//! Attributes: facts beyond the fixed fields, checked by registered schemas.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{Answer, Client, KENOHAN, TestApp};

const SCHEMAS: &str = "/v1/attribute-schemas";

fn fact(value: impl Into<Value>) -> Value {
    json!({ "value": value.into(), "source": "visit", "observed_on": "2026-11-01" })
}

fn schema(properties: impl Into<Value>) -> Value {
    json!({ "type": "object", "properties": properties.into() })
}

async fn register(officer: &Client, subject: &str, properties: Value) -> Answer {
    let new = json!({ "subject": subject, "definition": schema(properties) });
    officer.post_patiently(SCHEMAS, &new).await.expect(201)
}

fn roofs() -> Value {
    json!({ "roof": { "type": "string", "enum": ["palm leaf", "zinc"] },
            "rooms": { "type": "integer", "minimum": 1, "maximum": 20 } })
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let faults = answer.body["errors"].as_array().unwrap().iter();
    faults.map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

fn told(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

async fn registered(client: &Client, attributes: Value) -> Answer {
    let mut new = family("6402101001209001", "6402104101909001");
    new["attributes"] = attributes;
    client.post("/v1/beneficiaries", &new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_are_registered_version_by_version() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let first = register(&officer, "beneficiaries", roofs()).await;
    assert_eq!((&first.body["version"], &first.body["subject"]), (&json!(1), &json!("beneficiaries")));
    assert_eq!(first.header("location"), format!("{SCHEMAS}/{}", first.id()));
    let of_members = register(&officer, "members", json!({ "vaccinated": { "type": "boolean" } })).await;
    assert_eq!(of_members.body["version"], 1, "each subject counts its own");
    let second = register(&officer, "beneficiaries", json!({ "roof": { "type": "boolean" } })).await;
    assert_eq!(second.body["version"], 2);
    let in_force = async |at: &Value| {
        let query = format!("subject=beneficiaries&limit=1&count=exact&as_of={}", at.as_str().unwrap());
        let listed = officer.get(&format!("{SCHEMAS}?{query}")).await.expect(200).body;
        (listed["items"][0]["version"].clone(), listed["total"].clone())
    };
    assert_eq!(in_force(&of_members.body["created_at"]).await, (json!(1), json!(1)));
    assert_eq!(in_force(&second.body["created_at"]).await, (json!(2), json!(2)));
    let then =
        |schema: &Answer| format!("{}?as_of={}", schema.header("location"), first.body["created_at"].as_str().unwrap());
    assert_eq!(officer.get(&then(&first)).await.expect(200).body, first.body);
    officer.get(&then(&second)).await.expect_problem(404, "not_found");
    let read = officer.get(first.header("location")).await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&first.body, "\"1\""));
    let listed = officer.get(&format!("{SCHEMAS}?subject=beneficiaries")).await.expect(200);
    assert_eq!(listed.body["items"], json!([second.body, first.body]));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(first.header("location")).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get(SCHEMAS).await.expect(200).body["items"], json!([]));
    let new = json!({ "subject": "members", "definition": schema(roofs()) });
    app.puskesos().await.post(SCHEMAS, &new).await.expect_problem(403, "insufficient_scope");
    assert!(app.told(&officer).await.contains(&"attribute_schema.registered".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_have_no_gap_and_none_twice_however_many_register_at_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let many = (0..8).map(|_| register(&officer, "beneficiaries", roofs()));
    let made = futures_util::future::join_all(many).await;
    let mut versions: Vec<i64> = made.iter().map(|one| one.body["version"].as_i64().unwrap()).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=8).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_could_do_harm_is_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let refused = async |schema: Value| {
        let new = json!({ "subject": "beneficiaries", "definition": schema });
        faults(&officer.post(SCHEMAS, &new).await.expect_problem(422, "invalid_fields"))
    };
    let roof = |property: Value| schema(json!({ "roof": property }));
    let remote = json!({ "$ref": "http://127.0.0.1:1/schema.json", "type": "string", "maxLength": 5 });
    assert_eq!(refused(roof(remote)).await, [told("/definition", "schema_refers")]);
    let endless = json!({ "type": "string" });
    assert_eq!(refused(roof(endless)).await, [told("/definition/properties/roof", "schema_unbounded")]);
    let broken = json!({ "type": "string", "maxLength": 5, "pattern": "[" });
    assert_eq!(refused(roof(broken)).await, [told("/definition", "schema_malformed")]);
    assert_eq!(refused(json!({ "type": "array" })).await, [told("/definition/type", "schema_not_object")]);
    assert_eq!(refused(json!(7)).await, [told("/definition/type", "schema_not_object")]);
    let long = json!({ "type": "string", "enum": vec!["x".repeat(400); 50] });
    assert_eq!(refused(roof(long)).await, [told("/definition", "schema_too_large")]);
    let name = schema(json!({ "6402104101909001": { "type": "boolean" } }));
    assert_eq!(refused(name).await, [told("/definition/properties", "attribute_name_malformed")]);
    assert_eq!(officer.get(SCHEMAS).await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_come_with_source_and_day_and_name_their_schema() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let first = registered(&officer, json!({ "roof": fact(json!("zinc")) })).await;
    assert_eq!(faults(&first), [told("/attributes", "attribute_schema_missing")]);
    let schema_id = register(&officer, "beneficiaries", roofs()).await.id();
    let attributes = json!({ "roof": fact(json!("zinc")), "rooms": fact(json!(3)) });
    let made = registered(&officer, attributes.clone()).await.expect(201);
    assert_eq!(made.body["attributes"], attributes);
    assert_eq!(made.body["attribute_schema_id"], schema_id);
    let path = format!("/v1/beneficiaries/{}", made.id());
    assert_eq!(officer.get(&path).await.expect(200).body, made.body);
    assert_eq!(officer.get("/v1/beneficiaries").await.expect(200).body["items"], json!([made.body]));
    let few = officer.get("/v1/beneficiaries?fields=id,attributes").await.expect(200);
    assert_eq!(few.body["items"], json!([{ "id": made.id(), "attributes": attributes }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attribute_at_fault_is_pointed_at_without_its_value() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    register(&officer, "beneficiaries", roofs()).await;
    register(&officer, "members", json!({ "vaccinated": { "type": "boolean" } })).await;
    let mut new = family("6402101001209001", "6402104101909001");
    let later = json!({ "value": 3, "source": "visit", "observed_on": "2199-01-01" });
    new["attributes"] =
        json!({ "roof": fact(json!("6402104101909001")), "rooms": later, "colour": fact(json!("6402104101909001")) });
    new["members"][1]["attributes"] = json!({ "vaccinated": fact(json!("6402104101909001")) });
    let refused = officer.post("/v1/beneficiaries", &new).await.expect_problem(422, "invalid_fields");
    let mut found = faults(&refused);
    found.sort();
    let expected = [
        told("/attributes/colour", "attribute_unknown"),
        told("/attributes/roof/value", "attribute_misfit"),
        told("/attributes/rooms/observed_on", "date_in_future"),
        told("/members/1/attributes/vaccinated/value", "attribute_misfit"),
    ];
    assert_eq!(found, expected);
    assert!(!refused.text.contains("6402104101909001"), "{}", refused.text);
    for (attributes, pointer, code) in [
        (json!({ "roof": "zinc" }), "/attributes/roof", "wrong_type"),
        (json!({ "roof": { "value": "zinc", "source": "visit" } }), "/attributes/roof/observed_on", "required"),
        (
            json!({ "roof": { "value": "zinc", "source": "", "observed_on": "2026-11-01" } }),
            "/attributes/roof/source",
            "text_empty",
        ),
        (
            json!({ "roof": { "value": "zinc", "source": "visit", "observed_on": "-5000-01-01" } }),
            "/attributes/roof/observed_on",
            "date_malformed",
        ),
        (json!({ "6402104101909001": fact(json!(1)) }), "/attributes", "attribute_name_malformed"),
    ] {
        let refused = registered(&officer, attributes).await.expect_problem(422, "invalid_fields");
        assert_eq!(faults(&refused), [told(pointer, code)]);
        assert!(!refused.text.contains("6402104101909001"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_patch_sets_and_removes_attributes_and_the_past_keeps_them() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    register(&officer, "beneficiaries", roofs()).await;
    let made = registered(&officer, json!({ "roof": fact(json!("zinc")), "rooms": fact(json!(3)) })).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let same = officer.patch(&path, "\"1\"", &json!({ "attributes": { "rooms": fact(json!(3)) } })).await.expect(200);
    assert_eq!(same.header("etag"), "\"1\"", "what changes nothing keeps the version");
    let change = json!({ "attributes": { "roof": null, "rooms": fact(json!(4)) } });
    let changed = officer.patch(&path, "\"1\"", &change).await.expect(200);
    assert_eq!(changed.body["attributes"], json!({ "rooms": fact(json!(4)) }));
    let misfit = json!({ "attributes": { "rooms": fact(json!(21)) } });
    let refused = officer.patch(&path, "\"2\"", &misfit).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&refused), [told("/attributes/rooms/value", "attribute_misfit")]);
    let none = officer.patch(&path, "\"2\"", &json!({ "attributes": null })).await.expect(200);
    assert_eq!((none.body.get("attributes"), none.body.get("attribute_schema_id")), (None, None));
    let then = made.body["updated_at"].as_str().unwrap();
    assert_eq!(officer.get(&format!("{path}?as_of={then}")).await.expect(200).body, made.body);
    let then = changed.body["updated_at"].as_str().unwrap();
    assert_eq!(officer.get(&format!("{path}?as_of={then}")).await.expect(200).body, changed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_records_stay_valid_under_their_own_schema() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let old = register(&officer, "beneficiaries", roofs()).await.id();
    let made = registered(&officer, json!({ "roof": fact(json!("zinc")) })).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let newer = json!({ "rooms": { "type": "integer", "minimum": 1, "maximum": 20 } });
    let new = register(&officer, "beneficiaries", newer).await.id();
    let moved = officer.patch(&path, "\"1\"", &json!({ "address": "RT 04" })).await.expect(200);
    assert_eq!(
        (&moved.body["attributes"]["roof"]["value"], &moved.body["attribute_schema_id"]),
        (&json!("zinc"), &json!(old))
    );
    let kept = json!({ "attributes": { "rooms": fact(json!(2)) } });
    let refused = officer.patch(&path, "\"2\"", &kept).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&refused), [told("/attributes/roof", "attribute_unknown")]);
    let without = json!({ "attributes": { "rooms": fact(json!(2)), "roof": null } });
    let changed = officer.patch(&path, "\"2\"", &without).await.expect(200);
    assert_eq!(changed.body["attribute_schema_id"], new);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_have_attributes_of_their_own() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let schema_id = register(&officer, "members", json!({ "vaccinated": { "type": "boolean" } })).await.id();
    let made = registered(&officer, json!({})).await.expect(201);
    let members = format!("/v1/beneficiaries/{}/members", made.id());
    let new = json!({ "name": "Ipar Contoh", "sex": "female", "relationship": "other_kin",
                      "attributes": { "vaccinated": fact(json!(true)) } });
    let added = officer.post(&members, &new).await.expect(201);
    assert_eq!(added.body["attributes"], json!({ "vaccinated": fact(json!(true)) }));
    assert_eq!(added.body["attribute_schema_id"], schema_id);
    let path = format!("/v1/members/{}", added.id());
    let change = json!({ "attributes": { "vaccinated": fact(json!(false)) } });
    let changed = officer.patch(&path, "\"1\"", &change).await.expect(200);
    assert_eq!(officer.get(&path).await.expect(200).body, changed.body);
    let then = added.body["updated_at"].as_str().unwrap();
    assert_eq!(officer.get(&format!("{path}?as_of={then}")).await.expect(200).body, added.body);
    let misfit = json!({ "attributes": { "vaccinated": fact(json!(1)) } });
    let refused = officer.patch(&path, "\"2\"", &misfit).await.expect_problem(422, "invalid_fields");
    assert_eq!(faults(&refused), [told("/attributes/vaccinated/value", "attribute_misfit")]);
}
