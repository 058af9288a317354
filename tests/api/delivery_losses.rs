//! Losses on the way: told with who answers for them, while what is due stays due.

use serde_json::{Value, json};

use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{delivery, left};
use crate::programs::{define, rice, rules};
use crate::support::{KENOHAN, TestApp};

fn loss(quantity: &str) -> Value {
    json!({
        "quantity": quantity, "stage": "transport", "reason": "accident", "lost_on": this_month(),
        "liable": "Angkutan sungai", "police_report_number": "LP/12",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_on_the_way_stays_due() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/cycles/{cycle}/losses");
    let mut new = loss("10");
    new["entitlement_id"] = due[0]["id"].clone();
    new["village_code"] = due[0]["village_code"].clone();
    let lost = officer.post(&path, &new).await.expect(201);
    assert_eq!(lost.body["liable"], "Angkutan sungai");
    assert_eq!(left(&officer, &due[0]).await, "10");
    officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201);

    let other = officer.post(&path, &loss("25")).await.expect(201);
    let list = async |filter: &str| {
        officer.get(&format!("/v1/delivery-losses?{filter}")).await.expect(200).body["items"].clone()
    };
    assert_eq!(list(&format!("cycle_id={cycle}")).await, json!([other.body, lost.body]));
    assert_eq!(list(&format!("village_code={}", due[0]["village_code"].as_str().unwrap())).await, json!([lost.body]));
    assert_eq!(list(&format!("from={}&sort=id", this_month())).await, json!([lost.body, other.body]));
    assert_eq!(list("to=2020-01-01").await, json!([]));
    let read = officer.get(&format!("/v1/delivery-losses/{}", lost.id())).await.expect(200);
    assert_eq!(read.body, lost.body);
    assert_eq!(app.told(&officer).await.last().unwrap(), "delivery.lost");
    assert_eq!(app.recorded().await.last().unwrap(), "record_delivery_loss");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_lost_at_once_than_was_due() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/cycles/{cycle}/losses");
    let told = officer.post(&path, &loss("30.001")).await.expect_problem(409, "loss_too_large");
    assert!(told.body["detail"].as_str().unwrap().ends_with("(30 kg)"), "{}", told.text);
    let mut of_one = loss("10.5");
    of_one["entitlement_id"] = due[0]["id"].clone();
    officer.post(&path, &of_one).await.expect_problem(409, "loss_too_large");
    let wrong = json!({
        "quantity": "0", "stage": "storage", "reason": "other", "lost_on": "2199-01-01", "liable": "Gudang",
        "village_code": "64.02.09.2001", "entitlement_id": uuid::Uuid::now_v7(),
    });
    let told = officer.post(&path, &wrong).await.expect_problem(422, "invalid_fields").body;
    let told: Vec<_> = told["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    assert_eq!(told, ["/quantity", "/lost_on", "/remark", "/village_code", "/entitlement_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_of_an_approved_cycle_of_the_own_sub_district() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, _) = rice_for_three(&app, &officer).await;
    let path = format!("/v1/cycles/{cycle}/losses");
    let made = officer.post(&path, &loss("1")).await.expect(201).id();
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
    // What is missing is found when the store is counted after the end.
    officer.post(&path, &loss("1")).await.expect(201);
    let program = define(&officer, &rice("OTHER"), &rules("true", "10", "month")).await;
    let period = json!({ "period": this_month() });
    let planned = officer.post(&format!("/v1/programs/{program}/cycles"), &period).await.expect(201).id();
    let refused = officer.post(&format!("/v1/cycles/{planned}/losses"), &loss("1")).await;
    refused.expect_problem(409, "cycle_not_approved");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &loss("1")).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/delivery-losses/{made}")).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/delivery-losses").await.expect(200).body["items"], json!([]));
}
