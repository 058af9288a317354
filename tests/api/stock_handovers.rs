//! What families get from stock: the last sack goes to one of them, and what comes back is there again.

use serde_json::{Value, json};
use sinergi::housekeeping::recount;

use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{deliver, delivery, left};
use crate::stock::{at, receive, rice_at, site};
use crate::support::{Client, TestApp};
use crate::suspension_orders::order;

/// Clients that race for the last sacks.
const RACERS: usize = 16;

/// Rice for a program at a site: site and lot.
async fn stocked(officer: &Client, program: &str, quantity: &str) -> (String, String) {
    let warehouse = site(officer, "Gudang").await;
    let mut new = rice_at(&warehouse, quantity);
    new["program_id"] = json!(program);
    (warehouse.clone(), receive(officer, &new).await)
}

fn from_stock(due: &Value, quantity: &str, (site, lot): (&str, &str)) -> Value {
    let mut new = delivery(due, quantity);
    new["stock_lot_id"] = json!(lot);
    new["stock_site_id"] = json!(site);
    new
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_takes_from_the_lot_that_it_names() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "12").await;
    let made = officer.post("/v1/deliveries", &from_stock(&due[0], "10", (&warehouse, &lot))).await.expect(201);
    assert_eq!((&made.body["stock_lot_id"], &made.body["stock_site_id"]), (&json!(lot), &json!(warehouse)));
    assert_eq!(at(&officer, &lot, &warehouse).await, "2");
    let over = officer.post("/v1/deliveries", &from_stock(&due[1], "10", (&warehouse, &lot))).await;
    let over = over.expect_problem(409, "not_enough_left");
    assert!(over.text.contains("2 kg free, 10 asked"), "{}", over.text);
    // Nothing of a refused delivery stays.
    assert_eq!(left(&officer, &due[1]).await, "10");
    let movements = officer.get(&format!("/v1/stock-movements?stock_lot_id={lot}")).await.expect(200).body;
    assert_eq!(movements["items"][0]["delivery_id"], json!(made.id()));
    assert_eq!(movements["items"].as_array().unwrap().len(), 2);

    let mut half = from_stock(&due[1], "1", (&warehouse, &lot));
    half.as_object_mut().unwrap().remove("stock_lot_id");
    let refused = officer.post("/v1/deliveries", &half).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/stock_lot_id");
    let unknown = from_stock(&due[1], "1", (&warehouse, &uuid::Uuid::now_v7().to_string()));
    officer.post("/v1/deliveries", &unknown).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_for_another_program_unit_or_time_are_not_handed_out() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_for_three(&app, &officer).await;
    let warehouse = site(&officer, "Gudang").await;
    let mut bags = rice_at(&warehouse, "5");
    bags["unit"] = json!("karung");
    let bags = receive(&officer, &bags).await;
    let mut old = rice_at(&warehouse, "5");
    old["expires_on"] = json!("2026-01-31");
    let old = receive(&officer, &old).await;
    for (lot, code) in [(&bags, "lot_not_for_program"), (&old, "lot_expired")] {
        let new = from_stock(&due[0], "1", (&warehouse, lot));
        officer.post("/v1/deliveries", &new).await.expect_problem(409, code);
        let out = json!({
            "stock_site_id": warehouse, "cycle_id": cycle, "quantity": "1", "moved_on": this_month(),
            "document_number": "BAST/9",
        });
        officer.post(&format!("/v1/stock-lots/{lot}/hand-outs"), &out).await.expect_problem(409, code);
    }
    let mut of_program = rice_at(&warehouse, "5");
    of_program["program_id"] = due[0]["program_id"].clone();
    of_program["unit"] = json!("karung");
    let refused = officer.post("/v1/stock-lots", &of_program).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "unit_differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_go_to_a_cycle_unless_an_order_stops_all_of_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, _) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "30").await;
    let out = json!({
        "stock_site_id": warehouse, "cycle_id": cycle, "quantity": "1", "moved_on": this_month(),
        "document_number": "BAST/9",
    });
    let hand_out = async || officer.post(&format!("/v1/stock-lots/{lot}/hand-outs"), &out).await;
    let orders = format!("/v1/programs/{program}/suspension-orders");
    let mut on_village = order();
    on_village["scope"] = json!({ "village_codes": ["64.02.10.2005"] });
    officer.post(&orders, &on_village).await.expect(201);
    hand_out().await.expect(201);
    officer.post(&orders, &order()).await.expect(201);
    hand_out().await.expect_problem(409, "program_suspended");
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_who_race_for_the_last_sacks_get_exactly_those() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "7").await;
    let attempts: Vec<_> = (0..RACERS)
        .map(|number| {
            let (officer, new) = (officer.clone(), from_stock(&due[number % 3], "1", (&warehouse, &lot)));
            tokio::spawn(async move { deliver(&officer, &new).await })
        })
        .collect();
    let mut taken = 0;
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        match answer.status.as_u16() {
            201 => taken += 1,
            _ => drop(answer.expect_problem(409, "not_enough_left")),
        }
    }
    assert_eq!(taken, 7);
    assert_eq!(at(&officer, &lot, &warehouse).await, "0");
    let read = officer.get(&format!("/v1/stock-lots/{lot}")).await.expect(200).body;
    assert_eq!((&read["delivered"], &read["in_stock"]), (&json!("7"), &json!("0")));
    let movements = officer.get(&format!("/v1/stock-movements?stock_lot_id={lot}&kind=deliver")).await.expect(200);
    assert_eq!(movements.body["items"].as_array().unwrap().len(), 7);
    assert!(recount(&app.services.db).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn usable_goods_that_come_back_are_in_stock_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "10").await;
    let made = officer.post("/v1/deliveries", &from_stock(&due[0], "10", (&warehouse, &lot))).await.expect(201).id();
    let path = format!("/v1/deliveries/{made}/returns");
    let mut back = json!({
        "quantity": "4", "returned_on": this_month(), "reason": "damaged", "is_due_again": true,
        "stock_site_id": warehouse,
    });
    let refused = officer.post(&path, &back).await.expect_problem(422, "invalid_fields");
    let codes: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(codes, ["required", "goods_unusable"]);
    back["reason"] = json!("refused");
    back["handover_number"] = json!("BAST-R/1");
    officer.post(&path, &back).await.expect(201);
    assert_eq!(at(&officer, &lot, &warehouse).await, "4");
    assert_eq!(left(&officer, &due[0]).await, "4");
    let read = officer.get(&format!("/v1/stock-lots/{lot}")).await.expect(200).body;
    assert_eq!(read["delivered"], "6");

    let other = officer.post("/v1/deliveries", &delivery(&due[1], "1")).await.expect(201).id();
    back["quantity"] = json!("1");
    let refused = officer.post(&format!("/v1/deliveries/{other}/returns"), &back).await;
    refused.expect_problem(409, "delivery_not_from_stock");
    assert!(recount(&app.services.db).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_day_gets_goods_in_bulk_and_brings_the_rest_back() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, _) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "30").await;
    let moves = async |verb: &str, quantity: &str| {
        let new = json!({
            "stock_site_id": warehouse, "cycle_id": cycle, "quantity": quantity, "moved_on": this_month(),
            "document_number": "BAST/2",
        });
        officer.post(&format!("/v1/stock-lots/{lot}/{verb}"), &new).await
    };
    moves("hand-outs", "20").await.expect(201);
    assert_eq!(at(&officer, &lot, &warehouse).await, "10");
    moves("take-backs", "3").await.expect(201);
    let over = moves("take-backs", "17.5").await.expect_problem(409, "not_enough_left");
    assert!(over.text.contains("17 kg handed out"), "{}", over.text);
    let listed = officer.get(&format!("/v1/stock-movements?cycle_id={cycle}")).await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
    moves("hand-outs", "1").await.expect_problem(409, "cycle_not_approved");
    moves("take-backs", "1").await.expect(201);
    let read = officer.get(&format!("/v1/stock-lots/{lot}")).await.expect(200).body;
    assert_eq!((&read["handed_out"], &read["in_stock"]), (&json!("16"), &json!("14")));
    assert!(recount(&app.services.db).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_of_a_cycle_proposes_the_loss_of_stock() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let (program, cycle, _) = rice_for_three(&app, &officer).await;
    let (warehouse, lot) = stocked(&officer, &program, "30").await;
    let mut new = json!({
        "quantity": "5", "stage": "storage", "reason": "theft", "lost_on": this_month(), "liable": "Gudang",
        "stock_lot_id": lot, "stock_site_id": warehouse,
    });
    let path = format!("/v1/cycles/{cycle}/losses");
    let refused = officer.post(&path, &new).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/handover_number");
    new["handover_number"] = json!("BA/5");
    let told = officer.post(&path, &new).await.expect(201).id();
    let open = officer.get("/v1/stock-losses?status=proposed").await.expect(200).body["items"][0].clone();
    assert_eq!((&open["delivery_loss_id"], &open["reason"]), (&json!(told), &json!("theft")));
    let agreement = format!("/v1/stock-losses/{}/agreements", open["id"].as_str().unwrap());
    officer.post(&agreement, &json!({})).await.expect_problem(409, "second_person_needed");
    second.post(&agreement, &json!({})).await.expect(200);
    assert_eq!(at(&officer, &lot, &warehouse).await, "25");
    assert!(recount(&app.services.db).await.unwrap().is_empty());
}
