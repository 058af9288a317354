//! Orders on a part of a program: what they reach is held, the rest goes on; what they would hold is told before.

use chrono::{Months, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, due, enrol_all, giving, home};
use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{delivery, left};
use crate::delivery_returns::came_back;
use crate::enrollments::three_families;
use crate::programs::{define, rice, rules};
use crate::support::{Client, KENOHAN, TestApp};
use crate::suspension_orders::{order, release, sums};

/// An order on a part of a program.
fn order_on(scope: Value) -> Value {
    let mut order = order();
    order["scope"] = scope;
    order
}

async fn lay(officer: &Client, program: &str, order: &Value) -> Value {
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), order).await.expect(201).body
}

async fn now(officer: &Client, order: &Value) -> Value {
    officer.get(&format!("/v1/suspension-orders/{}", order["id"].as_str().unwrap())).await.expect(200).body
}

async fn preview(officer: &Client, program: &str, order: &Value) -> Value {
    officer.post(&format!("/v1/programs/{program}/suspension-order-previews"), order).await.expect(200).body
}

/// What is held of an entitlement now.
async fn held(officer: &Client, entitlement: &Value) -> Value {
    let path = format!("/v1/entitlements/{}", entitlement["id"].as_str().unwrap());
    officer.get(&path).await.expect(200).body["held"].clone()
}

/// Pointer and code of each fault of an order.
async fn faults(officer: &Client, program: &str, order: &Value) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for noun in ["suspension-orders", "suspension-order-previews"] {
        let path = format!("/v1/programs/{program}/{noun}");
        let refused = officer.post(&path, order).await.expect_problem(422, "invalid_fields").body;
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
        let faults = refused["errors"].as_array().unwrap().iter();
        told.push(faults.map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect::<Vec<_>>());
    }
    assert_eq!(told[0], told[1], "a preview refuses what an order would be refused for");
    told.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_a_village_stops_that_village_alone() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let in_village = |code: &str| due.iter().filter(|due| due["village_code"] == code).collect::<Vec<_>>();
    let (free, stopped) = (in_village("64.02.10.2004")[0], in_village("64.02.10.2005"));
    let first = officer.post("/v1/deliveries", &delivery(free, "9")).await.expect(201).id();
    let laid = lay(&officer, &program, &order_on(json!({ "village_codes": ["64.02.10.2005"] }))).await;
    assert_eq!((&laid["holds"]["count"], sums(&laid)), (&json!(2), ["20", "20", "0", "0"]));
    let scope = json!({ "village_codes": ["64.02.10.2005"], "cycle_ids": [], "component": null });
    assert_eq!(laid["scope"], scope);

    officer.post("/v1/deliveries", &delivery(stopped[0], "1")).await.expect_problem(409, "program_suspended");
    officer.post("/v1/deliveries", &delivery(free, "1")).await.expect(201);
    officer.post(&format!("/v1/deliveries/{first}/returns"), &came_back("2", true)).await.expect(201);
    assert_eq!((held(&officer, free).await, left(&officer, free).await), (json!("0"), json!("2")));
    officer.post("/v1/deliveries", &delivery(free, "2")).await.expect(201);

    // A cycle that is approved later is held there and nowhere else.
    let next = json!({ "period": this_month() + Months::new(1) });
    let next = officer.post(&format!("/v1/programs/{program}/cycles"), &next).await.expect(201).id();
    let second = app.second_officer().await;
    second.post(&format!("/v1/cycles/{next}/approvals"), &json!({})).await.expect(200);
    let after = now(&officer, &laid).await;
    assert_eq!((&after["holds"]["count"], sums(&after)), (&json!(4), ["40", "40", "0", "0"]));
    let released = release(&officer, &laid, json!({ "outcome": "released" })).await;
    assert_eq!(sums(&released), ["40", "0", "40", "0"]);
    officer.post("/v1/deliveries", &delivery(stopped[0], "10")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_a_cycle_stops_that_cycle_alone() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    let next = json!({ "period": this_month() + Months::new(1) });
    let next = officer.post(&format!("/v1/programs/{program}/cycles"), &next).await.expect(201).id();
    let laid = lay(&officer, &program, &order_on(json!({ "cycle_ids": [next] }))).await;
    assert_eq!(laid["holds"]["count"], 0);
    let second = app.second_officer().await;
    second.post(&format!("/v1/cycles/{next}/approvals"), &json!({})).await.expect(200);
    assert_eq!(sums(&now(&officer, &laid).await), ["30", "30", "0", "0"]);
    officer.post("/v1/deliveries", &delivery(&due[0], "10")).await.expect(201);
    let later = officer.get(&format!("/v1/entitlements?cycle_id={next}")).await.expect(200).body["items"][0].clone();
    let mut early = delivery(&later, "1");
    early["delivered_on"] = json!((Utc::now() + TimeDelta::hours(8)).date_naive());
    officer.post("/v1/deliveries", &early).await.expect_problem(409, "program_suspended");
    officer.post(&format!("/v1/cycles/{next}/closures"), &json!({})).await.expect_problem(409, "cycle_has_holds");
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
}

/// A mother and two pupils of one family on a program by component, with a quarter approved: program, what is due.
async fn mother_and_pupils(app: &TestApp, officer: &Client) -> (String, Value) {
    let (family, _) = home(&app.puskesos().await, 1, true, 2).await;
    let program = define(officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(app, officer, &program).await;
    let cycle = approve_quarter(app, officer, &program, "2026-10-01").await;
    let due = due(officer, &cycle, &family).await;
    // What does not divide is in the last quarter: 750,000 and twice 225,003.
    assert_eq!(due["quantity"], "1200006");
    (program, due)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_on_a_component_holds_what_is_due_for_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, due) = mother_and_pupils(&app, &officer).await;
    let mut on_all = order_between("2026-10-01", Value::Null);
    let mut on_pupils = on_all.clone();
    on_pupils["scope"] = json!({ "component": "pupil" });
    let laid = lay(&officer, &program, &on_pupils).await;
    assert_eq!(sums(&laid), ["450006", "450006", "0", "0"]);
    let refused = officer.post("/v1/deliveries", &delivery(&due, "750001")).await;
    let refused = refused.expect_problem(409, "program_suspended");
    assert!(refused.body["detail"].as_str().unwrap().contains("(750000 IDR)"), "{}", refused.text);
    assert_eq!(refused.body["related"]["id"], laid["id"]);
    officer.post("/v1/deliveries", &delivery(&due, "1200007")).await.expect_problem(409, "entitlement_used_up");
    let made = officer.post("/v1/deliveries", &delivery(&due, "750000")).await.expect(201).id();
    officer.post("/v1/deliveries", &delivery(&due, "1")).await.expect_problem(409, "program_suspended");

    // What comes back of the rest is not the pupils'.
    officer.post(&format!("/v1/deliveries/{made}/returns"), &came_back("100000", true)).await.expect(201);
    assert_eq!(held(&officer, &due).await, "450006");
    // An order on all of it holds the rest, and takes over what the first one lets go.
    on_all["scope"] = json!({});
    let whole = lay(&officer, &program, &on_all).await;
    assert_eq!(sums(&whole), ["100000", "100000", "0", "0"]);
    let reduced = release(&officer, &laid, json!({ "outcome": "reduced", "factor": "0.5" })).await;
    assert_eq!(sums(&reduced), ["450006", "0", "225003", "225003"]);
    let whole = now(&officer, &whole).await;
    assert_eq!((&whole["holds"]["count"], sums(&whole)), (&json!(1), ["325003", "325003", "0", "0"]));
    let ended = release(&officer, &whole, json!({ "outcome": "reduced", "released_quantity_each": "300000" })).await;
    assert_eq!(sums(&ended), ["325003", "0", "300000", "25003"]);

    // Of the pupils' part 225,003 are left that no order took away.
    let again = lay(&officer, &program, &on_pupils).await;
    assert_eq!(sums(&again), ["225003", "225003", "0", "0"]);
    let voided = release(&officer, &again, json!({ "outcome": "voided" })).await;
    assert_eq!(sums(&voided), ["225003", "0", "0", "225003"]);
    assert_eq!(sums(&lay(&officer, &program, &on_pupils).await), ["0", "0", "0", "0"]);
    officer.post("/v1/deliveries", &delivery(&due, "74997")).await.expect(201);
    assert_eq!(left(&officer, &due).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_scope_names_has_to_be_there() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, _) = rice_for_three(&app, &officer).await;
    let other = define(&officer, &rice("OTHER"), &rules("true", "10", "month")).await;
    let of_other = officer.post(&format!("/v1/programs/{other}/cycles"), &json!({ "period": this_month() })).await;
    let wrong = order_on(json!({
        "village_codes": ["64.02.10.2004", "64.02.11.2001"], "cycle_ids": [of_other.expect(201).id()],
        "component": "pupil",
    }));
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let expected = [
        fault("/scope/village_codes/1", "village_unknown"),
        fault("/scope/cycle_ids/0", "reference_unknown"),
        fault("/scope/component", "reference_unknown"),
    ];
    assert_eq!(faults(&officer, &program, &wrong).await, expected);
    let mut backwards = order();
    backwards["effective_to"] = json!("2020-01-01");
    assert_eq!(faults(&officer, &program, &backwards).await, [fault("/effective_to", "dates_out_of_order")]);
    let many: Vec<_> = (0..101).map(|_| uuid::Uuid::now_v7()).collect();
    let many = order_on(json!({ "cycle_ids": many }));
    assert_eq!(faults(&officer, &program, &many).await, [fault("/scope/cycle_ids", "wrong_type")]);
    let listed = officer.get(&format!("/v1/programs/{program}/suspension-orders")).await.expect(200);
    assert_eq!(listed.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_tells_what_an_order_then_holds_and_writes_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_for_three(&app, &officer).await;
    let poor = due.iter().find(|due| due["village_code"] == "64.02.10.2004").unwrap();
    officer.post("/v1/deliveries", &delivery(poor, "4")).await.expect(201);
    let (told, recorded) = (app.told(&officer).await, app.recorded().await);
    let shown = preview(&officer, &program, &order()).await;
    let part = |code: &str, families: u8, quantity: &str| {
        json!({ "cycle_id": cycle, "period": this_month(), "village_code": code, "families": families,
                "entitlements": families, "quantity": quantity })
    };
    assert_eq!(shown["parts"], json!([part("64.02.10.2004", 1, "6"), part("64.02.10.2005", 2, "20")]));
    assert_eq!(shown["total"], json!({ "families": 3, "entitlements": 3, "quantity": "26" }));
    assert_eq!((&shown["unit"], &shown["program_id"]), (&json!("kg"), &json!(program)));
    let on_village = order_on(json!({ "village_codes": ["64.02.10.2004"] }));
    let of_village = preview(&officer, &program, &on_village).await;
    assert_eq!(of_village["parts"], json!([part("64.02.10.2004", 1, "6")]));

    let listed = officer.get(&format!("/v1/programs/{program}/suspension-orders")).await.expect(200);
    assert_eq!((&listed.body["items"], held(&officer, poor).await), (&json!([]), json!("0")));
    assert_eq!((app.told(&officer).await, app.recorded().await), (told, recorded));
    officer.post("/v1/deliveries", &delivery(poor, "1")).await.expect(201);

    // What one order holds, another would not.
    let laid = lay(&officer, &program, &on_village).await;
    assert_eq!(sums(&laid)[1], "5");
    let rest = preview(&officer, &program, &order()).await;
    assert_eq!(rest["parts"], json!([part("64.02.10.2005", 2, "20")]));
    assert_eq!(lay(&officer, &program, &order()).await["holds"]["held_quantity"], rest["total"]["quantity"]);
    let nothing = preview(&officer, &program, &order()).await;
    assert_eq!((&nothing["parts"], &nothing["total"]["quantity"]), (&json!([]), &json!("0")));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let path = format!("/v1/programs/{program}/suspension-order-previews");
    neighbour.post(&path, &order()).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directive_tells_where_its_document_is() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, _) = rice_for_three(&app, &officer).await;
    let mut with_document = order();
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    with_document["directive"]["document_reference"] = json!("https://jdih.example.go.id/pmk-81-2025.pdf");
    with_document["directive"]["document_digest"] = json!(digest);
    let laid = lay(&officer, &program, &with_document).await;
    assert_eq!(laid["directive"], with_document["directive"]);
    assert_eq!(now(&officer, &laid).await["directive"], with_document["directive"]);
    with_document["directive"]["document_digest"] = json!("9f86");
    let path = format!("/v1/programs/{program}/suspension-orders");
    officer.post(&path, &with_document).await.expect_problem(422, "invalid_fields");
    let plain = lay(&officer, &program, &order()).await;
    assert_eq!(plain["directive"]["document_reference"], Value::Null);
}

/// Three families on a program of 30 kg a quarter, with the third quarter approved: program, what is due to one.
async fn rice_of_a_quarter(app: &TestApp, officer: &Client) -> (String, Value) {
    three_families(app).await;
    let program = define(officer, &rice("RICE"), &rules("true", "30", "quarter")).await;
    enrol_all(app, officer, &program).await;
    let cycle = approve_quarter(app, officer, &program, "2026-07-01").await;
    let path = format!("/v1/entitlements?cycle_id={}", cycle["id"].as_str().unwrap());
    (program, officer.get(&path).await.expect(200).body["items"][0].clone())
}

fn order_between(first: &str, last: Value) -> Value {
    let mut order = order();
    (order["effective_from"], order["effective_to"]) = (json!(first), last);
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn without_arrears_the_months_of_the_order_lapse() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, due) = rice_of_a_quarter(&app, &officer).await;
    // One month of a quarter: all of the payment waits, and a third of it lapses.
    let august = lay(&officer, &program, &order_between("2026-08-01", json!("2026-08-31"))).await;
    assert_eq!((sums(&august), &august["pays_arrears"]), (["90", "90", "0", "0"], &Value::Null));
    let ended = release(&officer, &august, json!({ "outcome": "released", "pays_arrears": false })).await;
    assert_eq!((sums(&ended), &ended["holds"]["lapsed_quantity"]), (["90", "0", "60", "30"], &json!("30")));
    assert_eq!(ended["pays_arrears"], false);
    assert!(ended["resumes_on"].is_string());
    assert_eq!(left(&officer, &due).await, "20");
    officer.post("/v1/deliveries", &delivery(&due, "20.001")).await.expect_problem(409, "entitlement_used_up");

    // Paid again from August on: July lapses, and of the rest half is let go.
    let open = lay(&officer, &program, &order_between("2026-07-10", Value::Null)).await;
    let how = json!({ "outcome": "reduced", "factor": "0.5", "pays_arrears": false, "resumes_on": "2026-08-15" });
    let ended = release(&officer, &open, how).await;
    assert_eq!(sums(&ended), ["60", "0", "19.998", "40.002"]);
    assert_eq!((&ended["holds"]["lapsed_quantity"], &ended["resumes_on"]), (&json!("20.001"), &json!("2026-08-15")));
    assert_eq!(left(&officer, &due).await, "6.666");

    // With arrears, which is so where nothing is said, nothing lapses.
    let last = lay(&officer, &program, &order_between("2026-07-01", Value::Null)).await;
    let ended = release(&officer, &last, json!({ "outcome": "released" })).await;
    assert_eq!(sums(&ended), ["19.998", "0", "19.998", "0"]);
    assert_eq!((&ended["pays_arrears"], &ended["resumes_on"]), (&json!(true), &Value::Null));
    let holds = format!("/v1/suspension-orders/{}/holds", open["id"].as_str().unwrap());
    let hold = officer.get(&holds).await.expect(200).body["items"][0].clone();
    assert_eq!(
        (&hold["quantity"], &hold["released_quantity"], &hold["withdrawn_quantity"], &hold["lapsed_quantity"]),
        (&json!("20"), &json!("6.666"), &json!("13.334"), &json!("6.667"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unclear_arrears_change_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _) = rice_of_a_quarter(&app, &officer).await;
    let laid = lay(&officer, &program, &order_between("2026-08-10", Value::Null)).await;
    let path = format!("/v1/suspension-orders/{}/releases", laid["id"].as_str().unwrap());
    for (outcome, arrears, day, code) in [
        ("voided", json!(false), Value::Null, "arrears_unclear"),
        ("released", json!(true), json!("2026-09-01"), "arrears_unclear"),
        ("released", Value::Null, json!("2026-09-01"), "arrears_unclear"),
        ("released", json!(false), json!("2026-08-09"), "dates_out_of_order"),
    ] {
        let how = json!({ "outcome": outcome, "reason": "x", "pays_arrears": arrears, "resumes_on": day });
        let refused = officer.post(&path, &how).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["code"], code, "{how}");
    }
    assert_eq!(now(&officer, &laid).await, laid);
}
