//! Deliveries: never more than is due, with collector and proof.

use serde_json::{Value, json};

use crate::cycles::{approve, rice_for_three, this_month};
use crate::enrollments::{enrol, three_families};
use crate::programs::{define, rules};
use crate::support::{Answer, Client, KENOHAN, TestApp};

/// A delivery to an alternate collector.
pub(crate) fn delivery(entitlement: &Value, quantity: &str) -> Value {
    json!({
        "entitlement_id": entitlement["id"], "quantity": quantity, "delivered_on": this_month(),
        "power_of_attorney": "SK/12/2026", "receiver_name": "Contoh Kerabat", "handover_number": "BAST/11/2026/001",
    })
}

/// What is left of an entitlement now.
pub(crate) async fn left(officer: &Client, entitlement: &Value) -> Value {
    let path = format!("/v1/entitlements/{}", entitlement["id"].as_str().unwrap());
    officer.get(&path).await.expect(200).body["left"].clone()
}

/// Delivers, one of many at once.
pub(crate) async fn deliver(officer: &Client, new: &Value) -> Answer {
    officer.post_patiently("/v1/deliveries", new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_names_its_collector_and_its_proof() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let members = officer.get(&format!("/v1/beneficiaries/{family}/members")).await.expect(200).body;
    let mut new = delivery(&due[0], "7.5");
    new.as_object_mut().unwrap().retain(|name, _| name != "power_of_attorney" && name != "receiver_name");
    new["collector_member_id"] = members["items"][0]["id"].clone();
    new["proof_digest"] = json!("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    new["proof_media_type"] = json!("image/jpeg");
    let made = app.client("village_office", 1).await.post("/v1/deliveries", &new).await.expect(201);
    assert_eq!((&made.body["collector_kind"], &made.body["quantity"]), (&json!("member"), &json!("7.5")));
    assert_eq!(made.body["proof_digest"], new["proof_digest"]);
    let read = officer.get(&format!("/v1/deliveries/{}", made.id())).await.expect(200);
    assert_eq!(read.body, made.body);
    let listed = officer.get(&format!("/v1/deliveries?program_id={program}&beneficiary_id={family}")).await.expect(200);
    assert_eq!(listed.body["items"], json!([made.body]));
    assert_eq!(left(&officer, &due[0]).await, "2.5");

    // A member of another family does not collect for this one.
    let other = due[1]["beneficiary_id"].as_str().unwrap();
    let others = officer.get(&format!("/v1/beneficiaries/{other}/members")).await.expect(200).body;
    new["collector_member_id"] = others["items"][0]["id"].clone();
    officer.post("/v1/deliveries", &new).await.expect_problem(422, "collector_not_member");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_delivery_lacks_is_told_all_together() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let mut new = delivery(&due[0], "0");
    new.as_object_mut().unwrap().remove("power_of_attorney");
    new["delivered_on"] = json!("2199-01-01");
    new["proof_media_type"] = json!("image/png");
    let refused = officer.post("/v1/deliveries", &new).await.expect_problem(422, "invalid_fields").body;
    let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
    assert_eq!(pointers, ["/quantity", "/delivered_on", "/collector_member_id", "/proof_digest"]);
    let unknown = delivery(&json!({ "id": uuid::Uuid::now_v7() }), "1");
    let refused = officer.post("/v1/deliveries", &unknown).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/entitlement_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_delivered_than_is_due() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    officer.post("/v1/deliveries", &delivery(&due[0], "6")).await.expect(201);
    let over = officer.post("/v1/deliveries", &delivery(&due[0], "4.001")).await;
    let over = over.expect_problem(409, "entitlement_used_up");
    assert!(over.body["detail"].as_str().unwrap().ends_with("(4 kg)"), "{}", over.text);
    officer.post("/v1/deliveries", &delivery(&due[0], "4")).await.expect(201);
    let more = officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect_problem(409, "entitlement_used_up");
    assert!(more.body["detail"].as_str().unwrap().ends_with("(0 kg)"), "{}", more.text);
    assert_eq!(left(&officer, &due[0]).await, "0");
    assert_eq!(left(&officer, &due[1]).await, "10");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_deliveries_at_once_hand_over_exactly_what_is_due() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let attempts: Vec<_> = (0..40)
        .map(|_| {
            let (officer, new) = (officer.clone(), delivery(&due[0], "1"));
            tokio::spawn(async move { deliver(&officer, &new).await })
        })
        .collect();
    let (mut taken, mut refused) = (0, 0);
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        match answer.status.as_u16() {
            201 => taken += 1,
            _ => {
                answer.expect_problem(409, "entitlement_used_up");
                refused += 1;
            }
        }
    }
    assert_eq!((taken, refused), (10, 30));
    assert_eq!(left(&officer, &due[0]).await, "0");
    let listed = officer.get(&format!("/v1/deliveries?entitlement_id={}", due[0]["id"].as_str().unwrap())).await;
    assert_eq!(listed.expect(200).body["items"].as_array().unwrap().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_handed_over_in_whole_rupiah() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let cash = json!({ "code": "CASH", "name": "Tunai", "kind": "money", "unit": "IDR", "description": "Cash." });
    let program = define(&officer, &cash, &rules("true", "300000", "month")).await;
    let half = officer.post(&format!("/v1/programs/{program}/rule-sets"), &rules("true", "300000.5", "month")).await;
    assert_eq!(half.expect_problem(422, "invalid_fields").body["errors"][0]["code"], "quantity_not_whole");
    enrol(&officer, &program, json!({})).await;
    approve(&app, &officer, &program).await;
    let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
    assert_eq!((&due["quantity"], &due["unit"]), (&json!("300000"), &json!("IDR")));
    let part = officer.post("/v1/deliveries", &delivery(&due, "0.5")).await.expect_problem(422, "invalid_fields");
    assert_eq!(part.body["errors"][0]["code"], "quantity_not_whole");
    officer.post("/v1/deliveries", &delivery(&due, "300000")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_delivered_of_a_closed_cycle() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_for_three(&app, &officer).await;
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
    officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect_problem(409, "cycle_not_approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_retried_with_its_key_is_one_delivery() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let new = delivery(&due[0], "6");
    let first = officer.post_keyed("/v1/deliveries", "delivery-key-1", &new).await.expect(201);
    let again = officer.post_keyed("/v1/deliveries", "delivery-key-1", &new).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &first.text));
    assert_eq!(left(&officer, &due[0]).await, "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_has_no_part_in_a_delivery() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect(201).id();
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("/v1/deliveries/{made}")).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/deliveries").await.expect(200).body["items"], json!([]));
    neighbour.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect_problem(422, "invalid_fields");
    assert_eq!(app.told(&officer).await.last().unwrap(), "delivery.recorded");
    assert_eq!(app.recorded().await.last().unwrap(), "record_delivery");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handover_is_not_before_its_period_unless_the_list_was_ready_then() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let mut early = delivery(&due[0], "1");
    early["delivered_on"] = json!(this_month().pred_opt().unwrap());
    let refused = officer.post("/v1/deliveries", &early).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/delivered_on"), &json!("handover_too_early"))
    );
    // On paper it went out on the first, before the list was typed in.
    officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect(201);
    // The list of next month is ready today: its rice can go out with that of this month.
    let next = this_month() + chrono::Months::new(1);
    let cycle = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": next })).await.expect(201);
    let approvals = format!("/v1/cycles/{}/approvals", cycle.id());
    app.second_officer().await.post(&approvals, &json!({})).await.expect(200);
    let listed = officer.get(&format!("/v1/entitlements?cycle_id={}", cycle.id())).await.expect(200).body;
    let mut ahead = delivery(&listed["items"][0], "1");
    ahead["delivered_on"] = json!(crate::households::today());
    officer.post("/v1/deliveries", &ahead).await.expect(201);
    ahead["delivered_on"] = json!(this_month().pred_opt().unwrap());
    officer.post("/v1/deliveries", &ahead).await.expect_problem(422, "invalid_fields");
}
