//! Deliveries that name the component they are for, and those that do not.

use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, due, enrol_all, giving, home};
use crate::cycles::rice_for_three;
use crate::deliveries::delivery;
use crate::delivery_imports::import;
use crate::delivery_returns::came_back;
use crate::devices::{Device, item};
use crate::programs::define;
use crate::support::{Answer, Client, TestApp};
use crate::suspension_orders::order;

/// A mother and two pupils with a quarter approved: program, cycle, what is due: 750,000 and twice 225,003.
async fn mother_and_pupils(app: &TestApp, officer: &Client) -> (String, Value, Value) {
    let (family, _) = home(&app.puskesos().await, 1, true, 2).await;
    let program = define(officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(app, officer, &program).await;
    let cycle = approve_quarter(app, officer, &program, "2026-10-01").await;
    let due = due(officer, &cycle, &family).await;
    (program, cycle, due)
}

/// Delivers for a component, or for none.
async fn pay(officer: &Client, due: &Value, quantity: &str, component: Value) -> Answer {
    let mut new = delivery(due, quantity);
    new["component"] = component;
    officer.post("/v1/deliveries", &new).await
}

/// Due, delivered, of that unnamed, held and left of each component.
async fn stands(officer: &Client, due: &Value) -> Vec<[String; 6]> {
    let path = format!("/v1/entitlements/{}", due["id"].as_str().unwrap());
    let row = officer.get(&path).await.expect(200).body;
    let of = |one: &Value| {
        ["component", "quantity", "delivered", "delivered_unnamed", "held", "left"]
            .map(|name| one[name].as_str().unwrap().to_owned())
    };
    row["components"].as_array().unwrap().iter().map(of).collect()
}

fn told<const N: usize>(rows: [[&str; 6]; N]) -> Vec<[String; 6]> {
    rows.map(|row| row.map(str::to_owned)).to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_is_of_that_component_and_the_rest_is_told_in_order() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = mother_and_pupils(&app, &officer).await;
    assert_eq!(
        stands(&officer, &due).await,
        told([["pregnancy", "750000", "0", "0", "0", "750000"], ["pupil", "450006", "0", "0", "0", "450006"]])
    );
    let made = pay(&officer, &due, "450000", json!("pupil")).await.expect(201);
    assert_eq!(made.body["component"], "pupil");
    let over = pay(&officer, &due, "7", json!("pupil")).await.expect_problem(409, "entitlement_used_up");
    assert!(over.body["detail"].as_str().unwrap().contains("(pupil: 6 IDR)"), "{}", over.text);
    let unknown = pay(&officer, &due, "1", json!("elderly")).await.expect_problem(422, "invalid_fields");
    let fault = &unknown.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/component"), &json!("reference_unknown")));
    // What names none is told for the mother, who comes first, as far as that goes.
    pay(&officer, &due, "750002", Value::Null).await.expect(201);
    assert_eq!(
        stands(&officer, &due).await,
        told([["pregnancy", "750000", "750000", "750000", "0", "0"], ["pupil", "450006", "450002", "2", "0", "4"]])
    );
    // What came back is of the component that it was for; then the mother may be named after all.
    let path = format!("/v1/deliveries/{}/returns", made.id());
    let back = officer.post(&path, &came_back("100000", true)).await.expect(201);
    assert_eq!(back.body["component"], "pupil");
    pay(&officer, &due, "100005", json!("pregnancy")).await.expect_problem(409, "entitlement_used_up");
    pay(&officer, &due, "100004", json!("pregnancy")).await.expect(201);
    assert_eq!(
        stands(&officer, &due).await,
        told([
            ["pregnancy", "750000", "750000", "649996", "0", "0"],
            ["pupil", "450006", "450006", "100006", "0", "0"]
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_no_components_none_is_named() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, rice) = rice_for_three(&app, &officer).await;
    pay(&officer, &rice[0], "1", json!("pupil")).await.expect_problem(422, "invalid_fields");
    assert_eq!(stands(&officer, &rice[0]).await, told([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_a_component_lets_another_one_through() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = mother_and_pupils(&app, &officer).await;
    pay(&officer, &due, "50000", json!("pregnancy")).await.expect(201);
    let mut on_mothers = order();
    on_mothers["effective_from"] = json!("2026-10-01");
    on_mothers["scope"] = json!({ "component": "pregnancy" });
    let path = format!("/v1/programs/{program}/suspension-orders");
    // What was named of it is not held once more; what was not is.
    let laid = officer.post(&path, &on_mothers).await.expect(201);
    assert_eq!(laid.body["holds"]["held_quantity"], "700000");
    let stopped = pay(&officer, &due, "1", json!("pregnancy")).await.expect_problem(409, "program_suspended");
    assert_eq!(stopped.body["related"]["id"], laid.id());
    pay(&officer, &due, "700001", json!("pregnancy")).await.expect_problem(409, "entitlement_used_up");
    pay(&officer, &due, "200000", json!("pupil")).await.expect(201);

    // A device and a bank name components too.
    let device = Device::register(&officer).await;
    let named = |quantity: &str, component: &str| {
        let mut item = item(&due, quantity);
        item["component"] = json!(component);
        item
    };
    let batch = device.batch(1, &[named("100000", "pupil"), named("1", "pregnancy"), named("1", "elderly")]);
    let brought = officer.post("/v1/delivery-batches", &batch).await.expect(201).body;
    let outcomes: Vec<&str> =
        brought["items"].as_array().unwrap().iter().map(|item| item["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["accepted", "conflict", "conflict"]);
    let day = crate::cycles::this_month();
    let id = due["id"].as_str().unwrap();
    let row = |quantity: &str, reference: &str, component: &str| {
        format!("{id},{quantity},{day},delivered,{reference},{component}\n")
    };
    let rows = [
        row("150000", "T-1", "pupil"),
        row("7", "T-2", "pupil"),
        row("5", "T-3", "pregnancy"),
        row("5", "T-4", "elderly"),
        row("6", "T-5", ""),
    ];
    let file = format!("entitlement_id,quantity,on,outcome,reference,component\n{}", rows.concat());
    let told_of = import(&officer, cycle["id"].as_str().unwrap(), &file).await;
    let path = format!("/v1/delivery-imports/{}/rows?outcome=faulty", told_of["id"].as_str().unwrap());
    let faults = officer.get(&path).await.expect(200).body["items"].clone();
    let faults: Vec<_> =
        faults.as_array().unwrap().iter().map(|row| (row["row"].clone(), row["code"].clone())).collect();
    assert_eq!(
        faults.iter().map(|(_, code)| code.as_str().unwrap()).collect::<Vec<_>>(),
        ["entitlement_used_up", "program_suspended", "reference_unknown"],
        "{faults:?}"
    );
    assert_eq!(
        stands(&officer, &due).await,
        told([["pregnancy", "750000", "50000", "0", "700000", "700000"], ["pupil", "450006", "450006", "6", "0", "0"]])
    );
    // Once it is released the mother is paid.
    let release = json!({ "outcome": "released", "reason": "Arahan" });
    officer.post(&format!("/v1/suspension-orders/{}/releases", laid.id()), &release).await.expect(200);
    pay(&officer, &due, "700000", json!("pregnancy")).await.expect(201);
}
