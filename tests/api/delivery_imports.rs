//! Files of results: rows become deliveries under the guards of a single one, and the same file twice is harmless.

use reqwest::Method;
use serde_json::{Value, json};

use crate::benefits::{approve_quarter, cash, components, due, enrol_all, giving, home};
use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{deliver, delivery, left};
use crate::programs::define;
use crate::support::{Answer, Client, KENOHAN, TestApp, send};
use crate::suspension_orders::order;

const HEADER: &str = "entitlement_id,card_number,nik,quantity,on,outcome,reference,failure_reason";

/// What is due to each family, in the order of their card numbers.
async fn rice_in_order(app: &TestApp, officer: &Client) -> (String, String, Vec<Value>) {
    let (program, cycle, mut due) = rice_for_three(app, officer).await;
    // Ids of families grow as they are registered.
    due.sort_by_key(|one| one["beneficiary_id"].to_string());
    (program, cycle, due)
}

/// A file of rows, each day being the first of this month.
pub(crate) fn file(rows: &[&str]) -> String {
    let day = this_month().to_string();
    let rows: Vec<String> = rows.iter().map(|row| row.replace("DAY", &day)).collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

async fn upload(client: &Client, cycle: &str, key: &str, file: &str) -> Answer {
    let path = format!("/v1/cycles/{cycle}/delivery-imports");
    let request = client.request(Method::POST, &path).header("Idempotency-Key", key);
    send(request.header("Content-Type", "text/csv").body(file.to_owned())).await
}

/// Sends a file and waits for what becomes of it.
pub(crate) async fn import(client: &Client, cycle: &str, file: &str) -> Value {
    let started = upload(client, cycle, &uuid::Uuid::now_v7().to_string(), file).await.expect(202);
    let path = started.header("location").to_owned();
    for _ in 0..600 {
        let import = client.get(&path).await.expect(200).body;
        if import["status"] != "running" {
            assert_eq!(import["status"], "applied", "{import}");
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}

/// Read, faulty, failed, added, known.
pub(crate) fn counts(import: &Value) -> [i64; 5] {
    ["rows_read", "rows_faulty", "rows_failed", "deliveries_added", "deliveries_known"]
        .map(|count| import[count].as_i64().unwrap())
}

/// Line, column and code of each fault.
async fn faults(client: &Client, import: &Value) -> Vec<(i64, String, String)> {
    let path = format!("/v1/delivery-imports/{}/rows?outcome=faulty", import["id"].as_str().unwrap());
    let listed = client.get(&path).await.expect(200).body;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("").to_owned();
    let rows = listed["items"].as_array().unwrap().iter();
    rows.map(|row| (row["row"].as_i64().unwrap(), text(row, "column"), text(row, "code"))).collect()
}

fn fault(row: i64, column: &str, code: &str) -> (i64, String, String) {
    (row, column.to_owned(), code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_become_deliveries_and_the_same_file_twice_changes_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_in_order(&app, &officer).await;
    let by_id = format!("{},,,4,DAY,delivered,TRX-1,", due[0]["id"].as_str().unwrap());
    let file = file(&[
        &by_id,
        ",6402101001209002,,10,DAY,delivered,TRX-2,",
        ",,6402104101909003,2.5,DAY,delivered,TRX-3,",
        ",6402101001209003,,,DAY,failed,,Rekening tidak aktif",
        ",6402101001209999,,1,DAY,delivered,TRX-4,",
        ",,,0,2199-01-01,given,,",
    ]);
    let done = import(&officer, &cycle, &file).await;
    assert_eq!((counts(&done), &done["quantity_added"]), ([6, 2, 1, 3, 0], &json!("16.5")));
    let expected = [
        fault(6, "card_number", "family_unknown"),
        fault(7, "on", "date_in_future"),
        fault(7, "outcome", "value_unknown"),
        fault(7, "quantity", "quantity_zero"),
        fault(7, "reference", "required"),
        fault(7, "", "family_not_named"),
    ];
    assert_eq!(faults(&officer, &done).await, expected);
    let path = format!("/v1/delivery-imports/{}/rows?outcome=failed", done["id"].as_str().unwrap());
    let failed = officer.get(&path).await.expect(200).body["items"].clone();
    assert_eq!(failed[0]["failure_reason"], "Rekening tidak aktif");
    assert_eq!((&failed[0]["row"], &failed[0]["entitlement_id"]), (&json!(5), &due[2]["id"]));

    let mut lefts = Vec::new();
    for one in &due {
        lefts.push(left(&officer, one).await);
    }
    assert_eq!(lefts, ["6", "0", "7.5"]);
    let path = format!("/v1/deliveries?delivery_import_id={}&sort=id", done["id"].as_str().unwrap());
    let made = officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone();
    assert_eq!(made.len(), 3);
    let first = made.iter().find(|one| one["entitlement_id"] == due[0]["id"]).unwrap();
    assert_eq!((&first["handover_number"], &first["collector_kind"]), (&json!("TRX-1"), &json!("member")));

    let again = import(&officer, &cycle, &file).await;
    assert_eq!((counts(&again), &again["quantity_added"]), ([6, 2, 1, 0, 3], &json!("0")));
    let listed = officer.get(&format!("/v1/delivery-imports?cycle_id={cycle}")).await.expect(200).body;
    assert_eq!(listed["items"], json!([again, done]));
    assert!(app.told(&officer).await.contains(&"delivery_import.applied".to_owned()));

    // As a killed process leaves it: a row that says it runs, and nobody who holds its lock.
    let path = format!("/v1/delivery-imports/{}", again["id"].as_str().unwrap());
    let lost = format!(
        "update delivery_imports set status = 'running', finished_at = null where id = '{}' returning status as found",
        again["id"].as_str().unwrap()
    );
    crate::support::texts(&app, &lost).await;
    let watch = tokio::spawn(sinergi::programs::deliveries::watch_imports(app.services.db.clone()));
    while officer.get(&path).await.expect(200).body["status"] == "running" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    watch.abort();
    assert_eq!(officer.get(&path).await.expect(200).body["status"], "failed");
    assert!(app.told(&officer).await.contains(&"delivery_import.failed".to_owned()));
    assert!(app.recorded().await.contains(&"fail_delivery_import".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_gives_more_than_is_left() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_in_order(&app, &officer).await;
    let taken = officer.post("/v1/deliveries", &delivery(&due[0], "6")).await.expect(201).id();
    let back = json!({ "quantity": "1", "returned_on": this_month(), "reason": "damaged", "is_due_again": false });
    officer.post(&format!("/v1/deliveries/{taken}/returns"), &back).await.expect(201);
    let row = |quantity: &str, reference: &str| {
        format!("{},,,{quantity},DAY,delivered,{reference},", due[0]["id"].as_str().unwrap())
    };
    let rows =
        [row("12", "A"), row("3", "B"), row("2", "C"), row("1", "D"), row("3", "B"), row("1", "E"), row("2", "E")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let done = import(&officer, &cycle, &file(&rows)).await;
    // B and its copy are one; of E nobody can tell which is right. C does not fit any more, nor what comes after it.
    assert_eq!(counts(&done), [7, 5, 0, 1, 1]);
    let expected = [
        fault(2, "quantity", "entitlement_used_up"),
        fault(4, "quantity", "entitlement_used_up"),
        fault(5, "quantity", "entitlement_used_up"),
        fault(7, "reference", "delivery_differs"),
        fault(8, "reference", "delivery_differs"),
    ];
    assert_eq!(faults(&officer, &done).await, expected);
    assert_eq!(left(&officer, &due[0]).await, "1");
    let other_day = file(&[&row("3", "B").replace("DAY", "2026-01-02"), &row("1", "D")]);
    let done = import(&officer, &cycle, &other_day).await;
    assert_eq!(faults(&officer, &done).await, [fault(2, "reference", "delivery_differs")]);
    assert_eq!(left(&officer, &due[0]).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_deliveries_at_once_give_what_is_due_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_in_order(&app, &officer).await;
    let rows: Vec<String> =
        (0..10).map(|n| format!("{},,,1,DAY,delivered,T-{n},", due[0]["id"].as_str().unwrap())).collect();
    let text = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let files = [text.clone(), text];
    let imports = files.map(|text| {
        let (officer, cycle) = (officer.clone(), cycle.clone());
        tokio::spawn(async move { import(&officer, &cycle, &text).await })
    });
    let singles: Vec<_> = (0..6)
        .map(|_| {
            let (officer, new) = (officer.clone(), delivery(&due[0], "1"));
            tokio::spawn(async move { deliver(&officer, &new).await.status.as_u16() })
        })
        .collect();
    let (mut added, mut single) = (0, 0);
    for import in imports {
        added += counts(&import.await.unwrap())[3];
    }
    for one in singles {
        single += i64::from(one.await.unwrap() == 201);
    }
    assert_eq!(added + single, 10, "{added} by files, {single} alone");
    assert_eq!(left(&officer, &due[0]).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_of_a_suspended_or_closed_cycle() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, due) = rice_in_order(&app, &officer).await;
    let laid = officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201).id();
    let file = file(&[",6402101001209001,,10,DAY,delivered,TRX-1,", ",6402101001209002,,,DAY,failed,,Tidak hadir"]);
    let done = import(&officer, &cycle, &file).await;
    assert_eq!(counts(&done), [2, 1, 1, 0, 0]);
    assert_eq!(faults(&officer, &done).await, [fault(2, "", "program_suspended")]);
    let release = json!({ "outcome": "released", "reason": "Arahan diterima" });
    officer.post(&format!("/v1/suspension-orders/{laid}/releases"), &release).await.expect(200);
    assert_eq!(counts(&import(&officer, &cycle, &file).await), [2, 0, 1, 1, 0]);
    assert_eq!(left(&officer, &due[0]).await, "0");
    officer.post(&format!("/v1/cycles/{cycle}/closures"), &json!({})).await.expect(200);
    upload(&officer, &cycle, "a-key-of-results", &file).await.expect_problem(409, "cycle_not_approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_file_only_the_rows_that_an_order_reaches_are_faults() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, cycle, _) = rice_in_order(&app, &officer).await;
    let mut on_village = order();
    on_village["scope"] = json!({ "village_codes": ["64.02.10.2005"] });
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), &on_village).await.expect(201);
    let file = file(&[",6402101001209001,,10,DAY,delivered,TRX-1,", ",6402101001209002,,10,DAY,delivered,TRX-2,"]);
    let done = import(&officer, &cycle, &file).await;
    assert_eq!(counts(&done), [2, 1, 0, 1, 0]);
    assert_eq!(faults(&officer, &done).await, [fault(3, "", "program_suspended")]);
    // What was delivered before an order is known, also under one on all of it.
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201);
    assert_eq!(counts(&import(&officer, &cycle, &file).await), [2, 1, 0, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_takes_what_an_order_on_a_component_leaves() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (family, _) = home(&app.puskesos().await, 1, true, 1).await;
    let program = define(&officer, &cash("PKH"), &giving(&components())).await;
    enrol_all(&app, &officer, &program).await;
    let cycle = approve_quarter(&app, &officer, &program, "2026-07-01").await;
    let due = due(&officer, &cycle, &family).await;
    let (id, cycle) = (due["id"].as_str().unwrap(), cycle["id"].as_str().unwrap());
    let mut on_pupils = order();
    (on_pupils["scope"], on_pupils["effective_from"]) = (json!({ "component": "pupil" }), json!("2026-07-01"));
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), &on_pupils).await.expect(201);
    let row = |quantity: &str, reference: &str| format!("{id},,,{quantity},DAY,delivered,{reference},");
    let file = file(&[&row("750001", "T-1"), &row("750000", "T-2"), &row("1", "T-3"), &row("200000", "T-4")]);
    let done = import(&officer, cycle, &file).await;
    assert_eq!(counts(&done), [4, 3, 0, 1, 0]);
    let expected = [2, 4, 5].map(|line| fault(line, "", "program_suspended"));
    assert_eq!(faults(&officer, &done).await, expected);
    assert_eq!(left(&officer, &due).await, "225000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_told_what_it_lacks_and_belongs_to_its_sub_district() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, _) = rice_for_three(&app, &officer).await;
    let told = upload(&officer, &cycle, "a-key-of-results", "quantity,on,6402101001209001\n").await;
    let told = told.expect_problem(422, "invalid_fields");
    assert!(!told.text.contains("6402101001209001"), "{}", told.text);
    let pointers: Vec<_> = told.body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
    assert_eq!(pointers, ["column 3", "outcome", "reference", "entitlement_id"]);

    let text = file(&[",6402101001209001,,10,DAY,delivered,TRX-1,"]);
    let first = upload(&officer, &cycle, "one-key-of-results", &text).await.expect(202);
    let again = upload(&officer, &cycle, "one-key-of-results", &text).await.expect(202);
    assert_eq!((again.header("idempotency-replayed"), again.id()), ("true", first.id()));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    upload(&neighbour, &cycle, "key-of-neighbour", &text).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/delivery-imports/{}", first.id())).await.expect_problem(404, "not_found");
    neighbour.get(&format!("/v1/delivery-imports/{}/rows", first.id())).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/delivery-imports").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_is_of_the_family_that_it_was_of_when_the_list_froze() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_in_order(&app, &officer).await;
    let family = |place: usize| due[place]["beneficiary_id"].as_str().unwrap().to_owned();
    let persons = async |place: usize| {
        let path = format!("/v1/beneficiaries/{}/members", family(place));
        officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
    };
    // The head of the first family goes to the second, that of the third dies.
    let first = persons(0).await;
    let goes = json!({ "beneficiary_id": family(1), "relationship": "other_kin", "on": this_month(),
                       "successor_id": first[1]["id"] });
    officer.post(&format!("/v1/members/{}/moves", first[0]["id"].as_str().unwrap()), &goes).await.expect(201);
    let third = persons(2).await;
    let dies = json!({ "reason": "died", "on": this_month(), "successor_id": third[1]["id"] });
    officer.post(&format!("/v1/members/{}/departures", third[0]["id"].as_str().unwrap()), &dies).await.expect(201);
    let done = import(
        &officer,
        &cycle,
        &file(&[
            ",,6402104101909001,10,DAY,delivered,TRX-1,",
            ",,6402104101909002,10,DAY,delivered,TRX-2,",
            ",,6402104101909003,4,DAY,delivered,TRX-3,",
        ]),
    )
    .await;
    assert_eq!(faults(&officer, &done).await, []);
    assert_eq!(counts(&done), [3, 0, 0, 3, 0]);
    for (one, expected) in due.iter().zip(["0", "0", "6"]) {
        assert_eq!(left(&officer, one).await, expected);
    }

    // Two families on the list had the number: nobody can tell which of them was paid.
    let twice = "update members set nik_digest = (select nik_digest from members where id = 'A') where id = 'B'";
    let (one, other) = (third[0]["id"].as_str().unwrap(), persons(1).await[0]["id"].as_str().unwrap().to_owned());
    app.arrange(&twice.replace("'A'", &format!("'{one}'")).replace("'B'", &format!("'{other}'"))).await;
    app.arrange("update memberships set valid_from = now() where ended_on is null").await;
    app.arrange(
        "insert into memberships_history select area_id, id, valid_from - interval '1 day', valid_from, to_jsonb(m), ''
        from memberships m where ended_on is null and not exists (
            select from memberships_history h where h.area_id = m.area_id and h.id = m.id)",
    )
    .await;
    let done = import(&officer, &cycle, &file(&[",,6402104101909003,1,DAY,delivered,TRX-4,"])).await;
    assert_eq!(faults(&officer, &done).await, [fault(2, "nik", "family_ambiguous")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_was_handed_over_before_the_period_and_the_list() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, cycle, due) = rice_in_order(&app, &officer).await;
    let before = this_month().pred_opt().unwrap().to_string();
    let row = format!("{},,,4,{before},delivered,TRX-1,", due[0]["id"].as_str().unwrap());
    let done = import(&officer, &cycle, &file(&[&row])).await;
    assert_eq!(faults(&officer, &done).await, [fault(2, "on", "handover_too_early")]);
}
