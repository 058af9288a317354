//! Suspension orders: what is due is held, and later released, reduced or voided, to the last kilogram.

use serde_json::{Value, json};

use crate::cycles::{approve, rice_for_three, this_month};
use crate::deliveries::{deliver, delivery, left};
use crate::enrollments::{enrol, three_families};
use crate::programs::{define, define_of_state, rice, rules};
use crate::support::{Client, KENOHAN, TestApp};

/// An order from this month on.
pub(crate) fn order() -> Value {
    json!({
        "directive": {
            "title": "Penundaan penyaluran", "number": "PMK 81/2025", "article": "29B", "dated_on": "2025-11-19",
        },
        "reason": "Menunggu arahan", "effective_from": this_month(),
    })
}

async fn lay(officer: &Client, program: &str) -> Value {
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201).body
}

pub(crate) async fn release(officer: &Client, order: &Value, how: Value) -> Value {
    let mut body = json!({ "reason": "Arahan sudah diterima" });
    body.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
    let path = format!("/v1/suspension-orders/{}/releases", order["id"].as_str().unwrap());
    officer.post(&path, &body).await.expect(200).body
}

pub(crate) fn sums(order: &Value) -> [&str; 4] {
    ["quantity", "held_quantity", "released_quantity", "withdrawn_quantity"]
        .map(|sum| order["holds"][sum].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_under_an_order_is_refused_and_told_the_directive() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    officer.post("/v1/deliveries", &delivery(&due[0], "4")).await.expect(201);
    officer.post("/v1/deliveries", &delivery(&due[1], "10")).await.expect(201);
    let laid = lay(&officer, &program).await;
    assert_eq!((&laid["status"], &laid["holds"]["count"]), (&json!("in_force"), &json!(2)));
    assert_eq!(sums(&laid), ["16", "16", "0", "0"]);

    let refused =
        officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect_problem(409, "program_suspended");
    assert!(refused.body["detail"].as_str().unwrap().contains("PMK 81/2025"), "{}", refused.text);
    let href = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
    assert_eq!(refused.body["related"], json!({ "resource": "suspension_orders", "id": laid["id"], "href": href }));
    assert_eq!(officer.get(&href).await.expect(200).body, laid);
    let listed = officer.get(&format!("/v1/programs/{program}/suspension-orders?status=in_force")).await.expect(200);
    assert_eq!(listed.body["items"][0]["id"], laid["id"]);

    let first = officer.get(&format!("/v1/entitlements/{}", due[0]["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!((&first["held"], &first["left"]), (&json!("6"), &json!("6")));
    let enrolled = officer.get("/v1/enrollments?status=active").await.expect(200).body;
    assert_eq!(enrolled["items"].as_array().unwrap().len(), 3);
    let closing = officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await;
    closing.expect_problem(409, "cycle_has_holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn holds_are_listed_page_by_page() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let laid = lay(&officer, &program).await;
    let path = format!("/v1/suspension-orders/{}/holds?limit=2", laid["id"].as_str().unwrap());
    let page = officer.get(&path).await.expect(200).body;
    let rest = officer.get(&format!("{path}&cursor={}", page["next"].as_str().unwrap())).await.expect(200).body;
    let holds: Vec<_> = [&page, &rest].iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
    assert_eq!((holds.len(), &rest["next"]), (3, &Value::Null));
    let mut held: Vec<_> = holds.iter().map(|hold| hold["entitlement_id"].as_str().unwrap()).collect();
    let mut expected: Vec<_> = due.iter().map(|due| due["id"].as_str().unwrap()).collect();
    held.sort_unstable();
    expected.sort_unstable();
    assert_eq!(held, expected);
    assert!(holds.iter().all(|hold| hold["status"] == "held" && hold["quantity"] == "10"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_lets_go_what_was_held() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    officer.post("/v1/deliveries", &delivery(&due[0], "4")).await.expect(201);
    let laid = lay(&officer, &program).await;
    let released = release(&app.second_officer().await, &laid, json!({ "outcome": "released" })).await;
    assert_eq!((&released["status"], &released["outcome"]), (&json!("released"), &json!("released")));
    assert_eq!(sums(&released), ["26", "0", "26", "0"]);
    officer.post("/v1/deliveries", &delivery(&due[0], "6")).await.expect(201);
    let path = format!("/v1/suspension-orders/{}/releases", laid["id"].as_str().unwrap());
    let twice = officer.post(&path, &json!({ "outcome": "voided", "reason": "x" })).await;
    twice.expect_problem(409, "order_not_in_force");
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reduced_away_is_never_delivered() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    officer.post("/v1/deliveries", &delivery(&due[0], "3")).await.expect(201);
    let laid = lay(&officer, &program).await;
    let reduced = release(&officer, &laid, json!({ "outcome": "reduced", "factor": "0.5" })).await;
    // Of 7, 10 and 10 half is let go.
    assert_eq!(sums(&reduced), ["27", "0", "13.5", "13.5"]);
    assert_eq!((left(&officer, &due[0]).await, left(&officer, &due[1]).await), (json!("3.5"), json!("5")));
    officer.post("/v1/deliveries", &delivery(&due[0], "3.501")).await.expect_problem(409, "entitlement_used_up");
    officer.post("/v1/deliveries", &delivery(&due[0], "3.5")).await.expect(201);
    let one = officer.get(&format!("/v1/entitlements/{}", due[0]["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(
        (&one["quantity"], &one["delivered"], &one["withdrawn"], &one["held"], &one["left"]),
        (&json!("10"), &json!("6.5"), &json!("3.5"), &json!("0"), &json!("0"))
    );
    // A second order holds what the first one left.
    let again = lay(&officer, &program).await;
    assert_eq!(sums(&again), ["10", "10", "0", "0"]);
    let cut = release(&officer, &again, json!({ "outcome": "reduced", "released_quantity_each": "1" })).await;
    assert_eq!(sums(&cut), ["10", "0", "2", "8"]);
    assert_eq!(left(&officer, &due[1]).await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_voided_is_never_delivered() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let laid = lay(&officer, &program).await;
    let voided = release(&officer, &laid, json!({ "outcome": "voided" })).await;
    assert_eq!(sums(&voided), ["30", "0", "0", "30"]);
    officer.post("/v1/deliveries", &delivery(&due[0], "0.001")).await.expect_problem(409, "entitlement_used_up");
    let holds =
        officer.get(&format!("/v1/suspension-orders/{}/holds?status=voided", laid["id"].as_str().unwrap())).await;
    assert_eq!(holds.expect(200).body["items"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_told_with_the_tag_that_a_read_of_it_has() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, _) = rice_for_three(&app, &officer).await;
    let laid = officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201);
    let path = laid.header("location").to_owned();
    assert_eq!(officer.get(&path).await.expect(200).header("etag"), laid.header("etag"));
    let how = json!({ "reason": "Arahan sudah diterima", "outcome": "released" });
    let released = officer.post(&format!("{path}/releases"), &how).await.expect(200);
    assert_eq!(officer.get(&path).await.expect(200).header("etag"), released.header("etag"));
    assert_ne!(laid.header("etag"), released.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_release_changes_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, _) = rice_for_three(&app, &officer).await;
    let laid = lay(&officer, &program).await;
    let path = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
    for how in [
        json!({ "outcome": "reduced", "reason": "x" }),
        json!({ "outcome": "reduced", "reason": "x", "factor": "1" }),
        json!({ "outcome": "released", "reason": "x", "factor": "0.5" }),
    ] {
        let refused = officer.post(&format!("{path}/releases"), &how).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["code"], "reduction_unclear");
    }
    assert_eq!(officer.get(&path).await.expect(200).body, laid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_approved_under_an_order_is_held_at_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define(&officer, &rice("RICE"), &rules("true", "10", "month")).await;
    enrol(&officer, &program, json!({})).await;
    let laid = lay(&officer, &program).await;
    assert_eq!(sums(&laid), ["0", "0", "0", "0"]);
    approve(&app, &officer, &program).await;
    let path = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
    assert_eq!(sums(&officer.get(&path).await.expect(200).body), ["30", "30", "0", "0"]);
    let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
    officer.post("/v1/deliveries", &delivery(&due, "1")).await.expect_problem(409, "program_suspended");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_reaches_the_periods_in_its_dates_only() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let mut past = order();
    past["effective_from"] = json!("2024-01-01");
    past["effective_to"] = json!("2024-12-31");
    let path = format!("/v1/programs/{program}/suspension-orders");
    let laid = officer.post(&path, &past).await.expect(201).body;
    assert_eq!(laid["holds"]["count"], 0);
    officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect(201);
    past["effective_to"] = json!("2023-12-31");
    let refused = officer.post(&path, &past).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "dates_out_of_order");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_in_one_sub_district_stops_no_other() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    three_families(&app).await;
    let program = define_of_state(&app, "BLT").await;
    enrol(&officer, &program, json!({})).await;
    approve(&app, &officer, &program).await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let laid = lay(&neighbour, &program).await;
    assert_eq!(laid["holds"]["count"], 0);
    let path = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
    officer.get(&path).await.expect_problem(404, "not_found");
    officer.get(&format!("{path}/holds")).await.expect_problem(404, "not_found");
    let how = json!({ "outcome": "released", "reason": "x" });
    officer.post(&format!("{path}/releases"), &how).await.expect_problem(404, "not_found");
    let listed = officer.get(&format!("/v1/programs/{program}/suspension-orders")).await.expect(200);
    assert_eq!(listed.body["items"], json!([]));
    let due = officer.get("/v1/entitlements").await.expect(200).body["items"][0].clone();
    officer.post("/v1/deliveries", &delivery(&due, "300000")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_race_with_an_order_are_delivered_or_held() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let attempts: Vec<_> = (0..30)
        .map(|turn| {
            let (officer, new) = (officer.clone(), delivery(&due[turn % 3], "1"));
            tokio::spawn(async move { deliver(&officer, &new).await })
        })
        .collect();
    let laid = lay(&officer, &program).await;
    let mut delivered = 0;
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        match answer.status.as_u16() {
            201 => delivered += 1,
            _ => drop(answer.expect_problem(409, "program_suspended")),
        }
    }
    let path = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
    let held: u32 = sums(&officer.get(&path).await.expect(200).body)[1].parse().unwrap();
    assert_eq!(delivered + held, 30, "what was not delivered before the order is held");
    officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect_problem(409, "program_suspended");
    let released = release(&officer, &laid, json!({ "outcome": "released" })).await;
    assert_eq!(sums(&released)[2], held.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_races_with_an_order_is_held() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    three_families(&app).await;
    for turn in 0..8 {
        let program = define(&officer, &rice(&format!("RICE-{turn}")), &rules("true", "10", "month")).await;
        enrol(&officer, &program, json!({})).await;
        let opened = officer.post(&format!("/v1/programs/{program}/cycles"), &json!({ "period": this_month() })).await;
        let approvals = format!("/v1/cycles/{}/approvals", opened.expect(201).id());
        let nothing = json!({});
        let (laid, approved) = tokio::join!(lay(&officer, &program), second.post(&approvals, &nothing));
        approved.expect(200);
        let path = format!("/v1/suspension-orders/{}", laid["id"].as_str().unwrap());
        assert_eq!(sums(&officer.get(&path).await.expect(200).body), ["30", "30", "0", "0"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_and_releases_are_told_and_recorded() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, _) = rice_for_three(&app, &officer).await;
    let laid = lay(&officer, &program).await;
    release(&officer, &laid, json!({ "outcome": "released" })).await;
    let told = app.told(&officer).await;
    assert_eq!(told[told.len() - 2..], ["suspension_order.laid", "suspension_order.released"]);
    let recorded = app.recorded().await;
    assert_eq!(recorded[recorded.len() - 2..], ["lay_suspension_order", "release_suspension_order"]);
}
