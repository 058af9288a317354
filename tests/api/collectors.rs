//! Collectors: who receives for a family, and what deliveries make of it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::cycles::{rice_for_three, this_month};
use crate::households::{members, settle};
use crate::support::{Client, KENOHAN, TestApp};

fn by_member(entitlement: &Value, member: &Value) -> Value {
    json!({ "entitlement_id": entitlement["id"], "quantity": "1", "delivered_on": this_month(),
            "collector_member_id": member, "handover_number": "BAST/1" })
}

fn by_paper(entitlement: &Value, number: &str, on: impl Serialize) -> Value {
    json!({ "entitlement_id": entitlement["id"], "quantity": "1", "delivered_on": on,
            "power_of_attorney": number, "receiver_name": "Contoh Kerabat", "handover_number": "BAST/1" })
}

fn alternate(number: &str, from: impl Serialize, to: &str) -> Value {
    json!({ "alternate": { "name": "Contoh Kerabat", "power_of_attorney": number, "valid_to": to }, "valid_from": from })
}

async fn register(client: &Client, path: &str, new: &Value) -> Value {
    client.post(&format!("{path}/collectors"), new).await.expect(201).body
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_heed_the_member_who_collects() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/beneficiaries/{}", due[0]["beneficiary_id"].as_str().unwrap());
    let persons = members(&officer, &path).await;
    let (head, child) = (&persons[0]["id"], &persons[1]["id"]);
    let spouse = json!({ "name": "Suami Contoh", "sex": "male", "relationship": "spouse" });
    let spouse = officer.post(&format!("{path}/members"), &spouse).await.expect(201).body["id"].clone();
    // With nobody on record every member collects.
    officer.post("/v1/deliveries", &by_member(&due[0], child)).await.expect(201);
    let made = register(&officer, &path, &json!({ "member_id": spouse, "valid_from": this_month() })).await;
    assert_eq!((&made["kind"], &made["valid_to"]), (&json!("member"), &Value::Null));
    let refused = officer.post("/v1/deliveries", &by_member(&due[0], child)).await;
    let refused = refused.expect_problem(422, "collector_not_registered");
    assert_eq!(refused.body["errors"][0]["pointer"], "/collector_member_id");
    officer.post("/v1/deliveries", &by_member(&due[0], &spouse)).await.expect(201);
    officer.post("/v1/deliveries", &by_member(&due[0], head)).await.expect(201);
    // Another one takes the place; the row of the one before stays.
    register(&officer, &path, &json!({ "member_id": child, "valid_from": this_month() })).await;
    let listed = officer.get(&format!("{path}/collectors")).await.expect(200).body;
    let ends: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["end_reason"]).collect();
    assert_eq!(ends, [&Value::Null, &json!("replaced")]);
    officer.post("/v1/deliveries", &by_member(&due[0], child)).await.expect(201);
    officer.post("/v1/deliveries", &by_member(&due[0], &spouse)).await.expect_problem(422, "collector_not_registered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_of_attorney_counts_within_its_dates() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/beneficiaries/{}", due[0]["beneficiary_id"].as_str().unwrap());
    let first = this_month();
    // A paper that nobody has registered is taken as it is shown at the handover.
    officer.post("/v1/deliveries", &by_paper(&due[0], "SK/1", first)).await.expect(201);
    let lapsed = register(&officer, &path, &alternate("SK/1", "2024-01-01", "2024-12-31")).await;
    let refused = officer.post("/v1/deliveries", &by_paper(&due[0], "SK/1", first)).await;
    let refused = refused.expect_problem(422, "power_of_attorney_not_in_force");
    assert_eq!(refused.body["errors"][0]["pointer"], "/power_of_attorney");
    let held = register(&officer, &path, &alternate("SK/2", first, "2199-12-31")).await;
    officer.post("/v1/deliveries", &by_paper(&due[0], "SK/2", first)).await.expect(201);
    officer
        .post("/v1/deliveries", &by_paper(&due[0], "SK/9", first))
        .await
        .expect_problem(422, "collector_not_registered");
    let again = officer.post(&format!("{path}/collectors"), &alternate("SK/2", first, "2199-12-31")).await;
    again.expect_problem(409, "power_of_attorney_registered");

    let address = format!("/v1/collectors/{}", held["id"].as_str().unwrap());
    let revocation = json!({ "on": first, "version": 1, "change_reason": "Dicabut keluarga" });
    let revoked = officer.post(&format!("{address}/revocations"), &revocation).await.expect(200);
    assert_eq!((&revoked.body["end_reason"], revoked.header("etag")), (&json!("revoked"), "\"2\""));
    assert_eq!(officer.get(&address).await.expect(200).body, revoked.body);
    officer.post(&format!("{address}/revocations"), &revocation).await.expect_problem(412, "version_stale");
    officer
        .post(&format!("{address}/revocations"), &json!({ "on": first }))
        .await
        .expect_problem(409, "collector_ended");
    officer
        .post("/v1/deliveries", &by_paper(&due[0], "SK/2", first))
        .await
        .expect_problem(422, "power_of_attorney_not_in_force");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let lapsed = format!("/v1/collectors/{}", lapsed["id"].as_str().unwrap());
    neighbour.get(&lapsed).await.expect_problem(404, "not_found");
    let told = app.told(&officer).await;
    assert!(told.contains(&"collector.registered".to_owned()) && told.contains(&"collector.ended".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_collects_no_longer_nor_does_whom_they_empowered() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/beneficiaries/{}", due[0]["beneficiary_id"].as_str().unwrap());
    let persons = members(&officer, &path).await;
    let (head, child) = (&persons[0]["id"], &persons[1]["id"]);
    register(&officer, &path, &json!({ "member_id": head, "valid_from": "2026-01-01" })).await;
    register(&officer, &path, &alternate("SK/1", "2026-01-01", "2199-12-31")).await;
    let death = json!({ "reason": "died", "on": "2026-02-03", "successor_id": child });
    let address = format!("/v1/members/{}/departures", head.as_str().unwrap());
    officer.post(&address, &death).await.expect(201);
    let listed = officer.get(&format!("{path}/collectors")).await.expect(200).body;
    for one in listed["items"].as_array().unwrap() {
        assert_eq!((&one["ended_on"], &one["end_reason"]), (&json!("2026-02-03"), &json!("left")), "{one}");
    }
    officer.post("/v1/deliveries", &by_member(&due[0], head)).await.expect_problem(422, "collector_not_member");
    officer
        .post("/v1/deliveries", &by_paper(&due[0], "SK/1", this_month()))
        .await
        .expect_problem(422, "power_of_attorney_not_in_force");
    officer.post("/v1/deliveries", &by_member(&due[0], child)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_to_a_merged_family_is_collected_by_the_one_that_goes_on() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let lasting = settle(&officer, 50).await;
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let path = format!("/v1/beneficiaries/{family}");
    let persons = members(&officer, &path).await;
    let placed: Vec<_> =
        persons.iter().map(|one| json!({ "member_id": one["id"], "relationship": "other_kin" })).collect();
    let merger = json!({ "into_beneficiary_id": lasting.id, "on": "2026-02-03", "members": placed });
    officer.post(&format!("{path}/mergers"), &merger).await.expect(201);
    officer.post("/v1/deliveries", &by_member(&due[0], &persons[0]["id"])).await.expect(201);
    officer.post("/v1/deliveries", &by_member(&due[0], &json!(lasting.members[0]))).await.expect(201);
    let stranger = settle(&officer, 51).await;
    officer
        .post("/v1/deliveries", &by_member(&due[0], &json!(stranger.members[0])))
        .await
        .expect_problem(422, "collector_not_member");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_of_the_family_and_dated() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let (home, other) = (settle(&puskesos, 1).await, settle(&puskesos, 2).await);
    let path = format!("{}/collectors", home.path);
    let cases = [
        (json!({ "valid_from": "2026-01-01" }), "/member_id", "required"),
        (json!({ "valid_from": "2026-01-01", "member_id": other.members[0] }), "/member_id", "reference_unknown"),
        (alternate("SK/1", "2026-03-01", "2026-02-01"), "/alternate/valid_to", "dates_out_of_order"),
    ];
    for (new, pointer, code) in cases {
        let refused = puskesos.post(&path, &new).await.expect_problem(422, "invalid_fields").body;
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    let mut foreign = alternate("SK/1", "2026-01-01", "2026-12-31");
    foreign["alternate"]["granted_by_id"] = json!(other.members[0]);
    let refused = puskesos.post(&path, &foreign).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(refused["errors"][0]["pointer"], "/alternate/granted_by_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alternate_who_is_not_on_record_is_known_by_name() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/beneficiaries/{}", due[0]["beneficiary_id"].as_str().unwrap());
    let persons = members(&officer, &path).await;
    let fault = async |new: &Value| {
        let refused = officer.post("/v1/deliveries", new).await.expect_problem(422, "invalid_fields").body;
        (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["code"].clone())
    };
    let named = by_paper(&due[0], "SK/1", this_month());
    let mut nameless = named.clone();
    nameless.as_object_mut().unwrap().remove("receiver_name");
    assert_eq!(fault(&nameless).await, (json!("/receiver_name"), json!("required")));
    let mut both = by_member(&due[0], &persons[0]["id"]);
    both["receiver_name"] = json!("Contoh Kerabat");
    assert_eq!(fault(&both).await, (json!("/receiver_name"), json!("unknown_field")));
    let made = officer.post("/v1/deliveries", &named).await.expect(201).body;
    assert_eq!(made["receiver_name"], "Contoh Kerabat");

    // Of a paper on record the family has told the name.
    register(&officer, &path, &alternate("SK/2", this_month(), "2199-12-31")).await;
    let mut on_record = by_paper(&due[0], "SK/2", this_month());
    on_record.as_object_mut().unwrap().remove("receiver_name");
    let made = officer.post("/v1/deliveries", &on_record).await.expect(201).body;
    assert_eq!(made["receiver_name"], Value::Null);

    // All of another family have died: who takes what was due to it is known all the same.
    let path = format!("/v1/beneficiaries/{}", due[1]["beneficiary_id"].as_str().unwrap());
    let persons = members(&officer, &path).await;
    for (person, successor) in [(&persons[0]["id"], &persons[1]["id"]), (&persons[1]["id"], &Value::Null)] {
        let mut death = json!({ "reason": "died", "on": this_month() });
        if !successor.is_null() {
            death["successor_id"] = successor.clone();
        }
        let address = format!("/v1/members/{}/departures", person.as_str().unwrap());
        officer.post(&address, &death).await.expect(201);
    }
    let mut unknown = by_paper(&due[1], "SK/3", this_month());
    unknown.as_object_mut().unwrap().remove("receiver_name");
    assert_eq!(fault(&unknown).await, (json!("/receiver_name"), json!("required")));
    officer.post("/v1/deliveries", &by_paper(&due[1], "SK/3", this_month())).await.expect(201);
    let feed = officer.get("/v1/events?limit=200").await.expect(200).body.to_string();
    assert!(!feed.contains("Kerabat"), "{feed}");
}
