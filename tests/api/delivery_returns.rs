//! Returns: what came back is netted wherever what was given is added up, and never twice.

use serde_json::{Value, json};

use crate::beneficiaries_as_of::moment;
use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{deliver, delivery, left};
use crate::programs::{define, rice, rules};
use crate::support::{Answer, Client, KENOHAN, TestApp};
use crate::suspension_orders::order;

pub(crate) fn came_back(quantity: &str, is_due_again: bool) -> Value {
    json!({ "quantity": quantity, "returned_on": this_month(), "reason": "damaged", "is_due_again": is_due_again })
}

async fn give_back(officer: &Client, delivery: &str, new: &Value) -> Answer {
    officer.post_patiently(&format!("/v1/deliveries/{delivery}/returns"), new).await
}

/// Due, delivered, held, withdrawn, left.
async fn sums(officer: &Client, entitlement: &Value) -> [String; 5] {
    let path = format!("/v1/entitlements/{}", entitlement["id"].as_str().unwrap());
    let row = officer.get(&path).await.expect(200).body;
    ["quantity", "delivered", "held", "withdrawn", "left"].map(|field| row[field].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_counts_nowhere_as_given_and_may_be_given_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201);
    assert_eq!(made.body["returned"], "0");
    let before = moment().await;
    let mut new = came_back("4", true);
    new["handover_number"] = json!("BAST-R/1");
    let back = give_back(&officer, &made.id(), &new).await.expect(201);
    assert_eq!(back.header("location"), format!("/v1/delivery-returns/{}", back.id()));
    assert_eq!((&back.body["cycle_id"], &back.body["delivery_id"]), (&json!(cycle), &made.body["id"]));

    assert_eq!(sums(&officer, &due[0]).await, ["10", "6", "0", "0", "4"]);
    let shown = officer.get(&format!("/v1/deliveries/{}", made.id())).await.expect(200).body;
    assert_eq!((&shown["quantity"], &shown["returned"]), (&json!("10"), &json!("4")));
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let aid = async |query: &str| {
        let path = format!("/v1/aid?beneficiary_id={family}&{query}");
        let row = officer.get(&path).await.expect(200).body["items"][0].clone();
        (row["delivered"].clone(), row["left"].clone(), row["last_delivered_on"].clone())
    };
    assert_eq!(aid("").await, (json!("6"), json!("4"), json!(this_month())));
    assert_eq!(aid(&before).await, (json!("10"), json!("0"), json!(this_month())));

    for filter in [format!("cycle_id={cycle}"), format!("delivery_id={}", made.id()), "is_due_again=true".to_owned()] {
        let listed = officer.get(&format!("/v1/delivery-returns?{filter}")).await.expect(200);
        assert_eq!(listed.body["items"], json!([back.body]), "{filter}");
    }
    let none = officer.get("/v1/delivery-returns?is_due_again=false").await.expect(200);
    assert_eq!(none.body["items"], json!([]));
    let read = officer.get(&format!("/v1/delivery-returns/{}", back.id())).await.expect(200);
    assert_eq!(read.body, back.body);

    officer.post("/v1/deliveries", &delivery(&due[0], "4")).await.expect(201);
    let over = officer.post("/v1/deliveries", &delivery(&due[0], "1")).await;
    over.expect_problem(409, "entitlement_used_up");
    let rows = officer.get(&format!("/v1/deliveries?program_id={program}")).await.expect(200).body;
    assert_eq!(rows["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_due_again_is_withdrawn() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "8")).await.expect(201).id();
    give_back(&officer, &made, &came_back("3", false)).await.expect(201);
    assert_eq!(sums(&officer, &due[0]).await, ["10", "5", "0", "3", "2"]);
    let over = officer.post("/v1/deliveries", &delivery(&due[0], "2.5")).await;
    let over = over.expect_problem(409, "entitlement_used_up");
    assert!(over.body["detail"].as_str().unwrap().ends_with("(2 kg)"), "{}", over.text);
    officer.post("/v1/deliveries", &delivery(&due[0], "2")).await.expect(201);
    let path = format!("/v1/aid-totals?beneficiary_id={}", due[0]["beneficiary_id"].as_str().unwrap());
    let totals = officer.get(&path).await.expect(200).body["items"][0].clone();
    let [delivered, withdrawn, left] = ["delivered", "withdrawn", "left"].map(|field| totals[field].clone());
    assert_eq!((delivered, withdrawn, left), (json!("7"), json!("3"), json!("0")));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_returns_at_once_bring_back_exactly_what_was_given() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201).id();
    let attempts: Vec<_> = (0..15)
        .map(|_| {
            let (officer, made) = (officer.clone(), made.clone());
            tokio::spawn(async move { give_back(&officer, &made, &came_back("1", true)).await })
        })
        .collect();
    let (mut taken, mut refused) = (0, 0);
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        if answer.status.as_u16() == 201 {
            taken += 1;
        } else {
            let told = answer.expect_problem(409, "returned_more_than_given");
            assert!(told.body["detail"].as_str().unwrap().ends_with("(0 kg)"), "{}", told.text);
            refused += 1;
        }
    }
    assert_eq!((taken, refused), (10, 5));
    assert_eq!(sums(&officer, &due[0]).await, ["10", "0", "0", "0", "10"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_and_deliveries_at_once_never_give_more_than_is_due() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201).id();
    let attempts: Vec<_> = (0..20)
        .map(|number| {
            let (officer, made, new) = (officer.clone(), made.clone(), delivery(&due[0], "1"));
            tokio::spawn(async move {
                match number % 4 {
                    0 => (-1, give_back(&officer, &made, &came_back("1", true)).await),
                    _ => (1, deliver(&officer, &new).await),
                }
            })
        })
        .collect();
    let mut given = 10;
    for attempt in attempts {
        let (adds, answer) = attempt.await.unwrap();
        match answer.status.as_u16() {
            201 => given += adds,
            _ => assert_eq!(answer.body["code"], "entitlement_used_up", "{}", answer.text),
        }
    }
    assert!((5..=10).contains(&given), "{given}");
    let [_, delivered, .., left] = sums(&officer, &due[0]).await;
    assert_eq!((delivered, left), (given.to_string(), (10 - given).to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_ask_for_what_the_family_kept() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let rule = "family.deliveries(\"RICE\", 365) == 1 && family.received(\"RICE\", 365) > 3";
    let program = define(&officer, &rice("EXTRA"), &rules(rule, "1", "month")).await;
    let family = due[0]["beneficiary_id"].as_str().unwrap();
    let eligible = async |query: &str| {
        let base = format!("/v1/programs/{program}/eligibility");
        let count = officer.get(&base).await.expect(200).body["eligible"].clone();
        let one = officer.get(&format!("{base}/{family}?{query}")).await.expect(200).body;
        (count, one["answer"].clone())
    };
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "8")).await.expect(201).id();
    assert_eq!(eligible("").await, (json!(1), json!("yes")));
    let before = moment().await;
    give_back(&officer, &made, &came_back("5", true)).await.expect(201);
    assert_eq!(eligible("").await, (json!(0), json!("no")));
    assert_eq!(eligible(&before).await, (json!(0), json!("yes")));
    // Nothing of the first delivery is left, so that the second is the one that counts.
    give_back(&officer, &made, &came_back("3", true)).await.expect(201);
    officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201);
    assert_eq!(eligible("").await, (json!(1), json!("yes")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_under_an_order_is_held() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let whole = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201).id();
    let part = officer.post("/v1/deliveries", &delivery(&due[1], "6")).await.expect(201).id();
    let path = format!("/v1/programs/{program}/suspension-orders");
    let laid = officer.post(&path, &order()).await.expect(201).body;
    let before = moment().await;
    give_back(&officer, &whole, &came_back("4", true)).await.expect(201);
    give_back(&officer, &part, &came_back("1", true)).await.expect(201);
    give_back(&officer, &part, &came_back("2", false)).await.expect(201);
    assert_eq!(sums(&officer, &due[0]).await, ["10", "6", "4", "0", "4"]);
    assert_eq!(sums(&officer, &due[1]).await, ["10", "3", "5", "2", "5"]);
    let family = due[1]["beneficiary_id"].as_str().unwrap();
    let then =
        officer.get(&format!("/v1/aid?beneficiary_id={family}&{before}")).await.expect(200).body["items"][0].clone();
    assert_eq!((&then["delivered"], &then["held"], &then["left"]), (&json!("6"), &json!("4"), &json!("4")));
    let over = officer.post("/v1/deliveries", &delivery(&due[0], "1")).await;
    over.expect_problem(409, "program_suspended");
    let release = format!("/v1/suspension-orders/{}/releases", laid["id"].as_str().unwrap());
    officer.post(&release, &json!({ "outcome": "voided", "reason": "Dihentikan" })).await.expect(200);
    assert_eq!(sums(&officer, &due[0]).await, ["10", "6", "0", "4", "0"]);
    assert_eq!(sums(&officer, &due[1]).await, ["10", "3", "0", "7", "0"]);

    // An order that is laid later holds what came back before it.
    give_back(&officer, &whole, &came_back("1", true)).await.expect(201);
    officer.post(&path, &order()).await.expect(201);
    assert_eq!(sums(&officer, &due[0]).await, ["10", "5", "1", "4", "1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_closed_cycle_nothing_becomes_due_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201).id();
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
    give_back(&officer, &made, &came_back("1", true)).await.expect_problem(409, "cycle_not_approved");
    give_back(&officer, &made, &came_back("1", false)).await.expect(201);
    assert_eq!(sums(&officer, &due[0]).await, ["10", "9", "0", "1", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_return_lacks_is_told_all_together() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "1")).await.expect(201).id();
    let wrong = json!({ "quantity": "0", "returned_on": "2020-01-01", "reason": "other", "is_due_again": true });
    let told = give_back(&officer, &made, &wrong).await.expect_problem(422, "invalid_fields").body;
    let told: Vec<_> = told["errors"].as_array().unwrap().iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(told, ["quantity_zero", "dates_out_of_order", "remark_missing"]);
    let unclear = json!({ "quantity": "1", "returned_on": this_month(), "reason": "damaged" });
    give_back(&officer, &made, &unclear).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_one_told_recorded_and_of_its_sub_district() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let made = officer.post("/v1/deliveries", &delivery(&due[0], "6")).await.expect(201).id();
    let path = format!("/v1/deliveries/{made}/returns");
    let first = officer.post_keyed(&path, "return-key-1", &came_back("2", true)).await.expect(201);
    let again = officer.post_keyed(&path, "return-key-1", &came_back("2", true)).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &first.text));
    assert_eq!(left(&officer, &due[0]).await, "6");
    assert_eq!(app.told(&officer).await.last().unwrap(), "delivery.returned");
    assert_eq!(app.recorded().await.last().unwrap(), "record_delivery_return");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.post(&path, &came_back("1", true)).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/delivery-returns/{}", first.id())).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/delivery-returns").await.expect(200).body["items"], json!([]));
}
