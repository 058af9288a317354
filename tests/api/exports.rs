//! Lists taken out as files.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::time::Duration;

use calamine::{Data, Reader};
use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sinergi::housekeeping::tidy_up;

use crate::authorization::world::World;
use crate::beneficiaries::family;
use crate::support::{Answer, Client, KEMBANG_JANGGUT, KENOHAN, TestApp, send, texts};

/// Asks for a file and answers where its export is.
async fn start(client: &Client, new: &Value) -> String {
    let started = client.post("/v1/exports", new).await.expect(202);
    assert_eq!(started.body["status"], "ready");
    started.header("location").to_owned()
}

/// The file of an export, whole.
async fn fetch(client: &Client, export: &str) -> reqwest::Response {
    let response = client.request(Method::GET, &format!("{export}/file")).send().await.unwrap();
    assert_eq!(response.status(), 200, "{export}");
    response
}

pub(crate) async fn file(client: &Client, new: &Value) -> Vec<u8> {
    let export = start(client, new).await;
    fetch(client, &export).await.bytes().await.unwrap().to_vec()
}

/// The rows of an NDJSON file.
pub(crate) async fn rows(client: &Client, mut new: Value) -> Vec<Value> {
    new["format"] = json!("ndjson");
    let text = String::from_utf8(file(client, &new).await).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Rows by their ids, without what is null: a list leaves some of it out.
fn by_id(rows: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    let told = |mut row: Value| {
        row.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        (row["id"].as_str().unwrap().to_owned(), row)
    };
    rows.into_iter().map(told).collect()
}

pub(crate) async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200).body["items"].as_array().unwrap().clone()
}

/// Lists whose rows one address tells, of the same name.
const LISTED_ALIKE: [&str; 14] = [
    "enrollments",
    "deliveries",
    "allocation_deliveries",
    "assets",
    "custodies",
    "asset_checks",
    "stock_lots",
    "stock_movements",
    "trainings",
    "training_certificates",
    "follow_ups",
    "visits",
    "deliberations",
    "change_requests",
];

/// A record of a CSV file by the names of its header.
pub(crate) fn records(bytes: &[u8]) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(|record| record.unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_the_rows_that_the_api_tells() {
    let app = TestApp::new().await;
    let here = World::new(&app, KEMBANG_JANGGUT).await;
    World::new(&app, KENOHAN).await;
    let officer = here.client("kecamatan_officer");
    let families = items(officer, "/v1/beneficiaries?limit=200").await;
    assert_eq!(by_id(rows(officer, json!({ "list": "beneficiaries" })).await), by_id(families.clone()));
    let (mut members, mut needs) = (Vec::new(), Vec::new());
    for family in &families {
        let path = format!("/v1/beneficiaries/{}", family["id"].as_str().unwrap());
        members.extend(items(officer, &format!("{path}/members")).await);
        needs.extend(items(officer, &format!("{path}/needs")).await);
    }
    assert_eq!(by_id(rows(officer, json!({ "list": "members" })).await), by_id(members));
    assert_eq!(by_id(rows(officer, json!({ "list": "needs" })).await), by_id(needs));
    for list in LISTED_ALIKE {
        let told = items(officer, &format!("/v1/{}?limit=200", list.replace('_', "-"))).await;
        assert!(!told.is_empty(), "{list}");
        assert_eq!(by_id(rows(officer, json!({ "list": list })).await), by_id(told), "{list}");
    }
    let mut due = items(officer, "/v1/entitlements?limit=200").await;
    assert!(!due.is_empty());
    for one in &mut due {
        let family = families.iter().find(|family| family["id"] == one["beneficiary_id"]).unwrap();
        one["head_name"] = family["head_name"].clone();
        for more in ["passed_to", "passed_from", "breakdown", "components", "snapshot"] {
            one.as_object_mut().unwrap().remove(more);
        }
    }
    assert_eq!(by_id(rows(officer, json!({ "list": "entitlements" })).await), by_id(due));
    let mut participants = Vec::new();
    for training in items(officer, "/v1/trainings?limit=200").await {
        participants
            .extend(items(officer, &format!("/v1/trainings/{}/participants", training["id"].as_str().unwrap())).await);
    }
    assert_eq!(by_id(rows(officer, json!({ "list": "training_participants" })).await), by_id(participants));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_has_the_same_rows() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for number in 1..=3 {
        let new = family(&format!("640210100120900{number}"), &format!("640210410190900{number}"));
        officer.post("/v1/beneficiaries", &new).await.expect(201);
    }
    let new = |format: &str| {
        json!({ "list": "members", "format": format,
            "fields": ["name", "nik", "born_on", "in_school", "version", "warnings", "work"] })
    };
    let told = rows(&officer, new("ndjson")).await;
    assert_eq!(told.len(), 6);
    let csv = records(&file(&officer, &new("csv")).await);
    let mut book = calamine::Xlsx::new(Cursor::new(file(&officer, &new("xlsx")).await)).unwrap();
    let sheet = book.worksheet_range("1").unwrap();
    let mut sheet = sheet.rows();
    let names = ["name", "nik", "born_on", "in_school", "version", "warnings", "work"];
    assert_eq!(sheet.next().unwrap(), names.map(|name| Data::String(name.to_owned())));
    let sheet: Vec<_> = sheet.collect();
    assert_eq!((csv.len(), sheet.len()), (6, 6));
    for ((told, record), cells) in told.iter().zip(&csv).zip(&sheet) {
        assert_eq!(record["name"], told["name"].as_str().unwrap());
        assert_eq!(cells[0].to_string(), record["name"]);
        assert_eq!(record["nik"], told["nik"].as_str().unwrap_or_default());
        assert_eq!(cells[1].to_string(), record["nik"]);
        assert_eq!(record["born_on"], told["born_on"].as_str().unwrap());
        let Data::DateTime(day) = &cells[2] else { panic!("{:?} is no day", cells[2]) };
        let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
        let born_on: chrono::NaiveDate = record["born_on"].parse().unwrap();
        assert_eq!(day.as_f64().to_string(), (born_on - epoch).num_days().to_string());
        assert_eq!((record["in_school"].as_str(), &cells[3]), ("false", &Data::Bool(false)));
        assert_eq!((record["version"].as_str(), &cells[4]), ("1", &Data::Float(1.0)));
        let warnings: Vec<&str> =
            told["warnings"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(record["warnings"], warnings.join(" "));
        assert_eq!((told["work"].clone(), record["work"].as_str()), (Value::Null, ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_computed_by_who_opens_a_file() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let starts = ["=HYPERLINK(\"x\",\"y\")", "+62 812", "-2+3", "@SUM(A1)"];
    for (number, start) in starts.iter().enumerate() {
        let mut new = family(&format!("640210100120900{number}"), &format!("640210410190{}", 9_001 + number));
        new["address"] = json!(start);
        officer.post("/v1/beneficiaries", &new).await.expect(201);
    }
    let new = |format: &str| json!({ "list": "beneficiaries", "format": format, "fields": ["address", "decile"] });
    let told: Vec<_> = rows(&officer, new("ndjson")).await.iter().map(|row| row["address"].clone()).collect();
    assert_eq!(told, starts);
    let csv = records(&file(&officer, &new("csv")).await);
    let mut book = calamine::Xlsx::new(Cursor::new(file(&officer, &new("xlsx")).await)).unwrap();
    assert!(book.worksheet_formula("1").is_ok_and(|formulas| formulas.is_empty()));
    let sheet = book.worksheet_range("1").unwrap();
    for ((start, record), cells) in starts.iter().zip(&csv).zip(sheet.rows().skip(1)) {
        assert_eq!(record["address"], format!("'{start}"));
        assert_eq!(cells[0], Data::String(format!("'{start}")));
    }
    // A tab, a line break and what came in by other ways are met here as well.
    app.arrange("update beneficiaries set address = E'\\t=1+1' where address like '=%'").await;
    let csv = file(&officer, &new("csv")).await;
    assert!(String::from_utf8(csv).unwrap().contains("\"'\t=1+1\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn full_numbers_need_the_permission_and_a_purpose() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    officer.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    officer.post("/v1/beneficiaries", &family("6402101001209002", "6402104101909002")).await.expect(201);
    let masked = json!({ "list": "members", "format": "csv" });
    let text = String::from_utf8(file(&officer, &masked).await).unwrap();
    assert!(text.contains("6402********9001") && !text.contains("6402104101909001"));
    let mut full = json!({ "list": "members", "format": "csv", "numbers": "full" });
    let refused = officer.post("/v1/exports", &full).await.expect_problem(422, "invalid_fields");
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        (&json!("/purpose"), &json!("required"))
    );
    full["purpose"] = json!("Matching with the civil registry");
    let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
    let refused = auditor.post("/v1/exports", &full).await.expect_problem(403, "insufficient_scope");
    assert!(refused.header("www-authenticate").contains("nik:read"));
    let members = String::from_utf8(file(&officer, &full).await).unwrap();
    assert!(members.contains("6402104101909001") && members.contains("6402104101909002"));
    full["list"] = json!("beneficiaries");
    let families = records(&file(&officer, &full).await);
    assert_eq!(families[0]["card_number"], "6402101001209001");
    // The masked one is written behind the answer.
    app.reads_recorded().await;
    let records = items(&auditor, "/v1/audit-records?operation=get_export_file&sort=at").await;
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            (record["resource"].as_str().unwrap(), record["record_count"].as_i64().unwrap(), &record["purpose"])
        })
        .collect();
    let purpose = json!("Matching with the civil registry");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.contains(&("members", 4, &Value::Null)));
    assert!(told.contains(&("members", 4, &purpose)) && told.contains(&("beneficiaries", 2, &purpose)));
}

/// The same client with fewer permissions.
pub(crate) async fn narrowed(client: &Client, scope: &str) -> Client {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret.as_str()),
        ("scope", scope),
    ];
    let mut request = client.request(Method::POST, "/oauth2/token").form(&form).build().unwrap();
    request.headers_mut().remove("authorization");
    let token: Value = reqwest::Client::new().execute(request).await.unwrap().json().await.unwrap();
    client.with_token(token["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_needs_the_permission_that_reads_it() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let export = start(&officer, &json!({ "list": "deliveries", "format": "csv" })).await;
    let narrowed = narrowed(&officer, "exports:write beneficiaries:read").await;
    start(&narrowed, &json!({ "list": "needs", "format": "csv" })).await;
    for list in ["enrollments", "deliveries"] {
        let refused = narrowed.post("/v1/exports", &json!({ "list": list, "format": "csv" })).await;
        let refused = refused.expect_problem(403, "insufficient_scope");
        assert!(refused.header("www-authenticate").contains("enrollments:read"));
    }
    narrowed.get(&format!("{export}/file")).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_another_area_are_in_no_file() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    officer.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let mut theirs = family("6402091001209001", "6402094101909001");
    theirs["village_code"] = json!("64.02.09.2001");
    neighbour.post("/v1/beneficiaries", &theirs).await.expect(201);
    let villages = async |client: &Client, list: &str| -> Vec<Value> {
        rows(client, json!({ "list": list })).await.iter().map(|row| row["village_code"].clone()).collect()
    };
    assert_eq!(villages(&officer, "beneficiaries").await, ["64.02.10.2004"]);
    assert_eq!(villages(&neighbour, "beneficiaries").await, ["64.02.09.2001"]);
    assert_eq!(villages(&neighbour, "members").await.len(), 2);
    let other = json!({ "list": "beneficiaries", "filter": { "village_code": "64.02.10.2004" } });
    assert_eq!(rows(&neighbour, other).await, [] as [Value; 0]);
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    assert_eq!(villages(&both, "beneficiaries").await, ["64.02.10.2004", "64.02.09.2001"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_seen_by_who_asked_for_it() {
    let app = TestApp::new().await;
    let (officer, other) = (app.kecamatan().await, app.kecamatan().await);
    let export = start(&officer, &json!({ "list": "beneficiaries", "format": "csv" })).await;
    for path in [export.clone(), format!("{export}/file")] {
        other.get(&path).await.expect_problem(404, "not_found");
    }
    other.post(&format!("{export}/cancellations"), &json!({})).await.expect_problem(404, "not_found");
    assert_eq!(items(&other, "/v1/exports").await, [] as [Value; 0]);
    assert_eq!(items(&officer, "/v1/exports").await.len(), 1);
    let told = officer.get(&export).await.expect(200);
    let request = officer.request(Method::GET, &export).header("If-None-Match", told.header("etag"));
    send(request).await.expect(304);
    app.arrange("update exports set expires_at = now()").await;
    officer.get(&export).await.expect_problem(404, "not_found");
    officer.get(&format!("{export}/file")).await.expect_problem(404, "not_found");
    assert_eq!(tidy_up(&app.services.db, Utc::now() + TimeDelta::seconds(1)).await.unwrap().exports, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_told_of_before_and_after() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for number in 1..=2 {
        let new = family(&format!("640210100120900{number}"), &format!("640210410190900{number}"));
        officer.post("/v1/beneficiaries", &new).await.expect(201);
    }
    let new = json!({ "list": "beneficiaries", "format": "csv", "filter": { "decile_max": 4 }, "fields": ["id"] });
    let export = start(&officer, &new).await;
    let before = officer.get(&export).await.expect(200).body;
    let day = before["created_at"].as_str().unwrap()[..10].replace('-', "");
    assert_eq!((&before["rows_written"], &before["started_at"]), (&json!(0), &Value::Null));
    assert_eq!((&before["filter"], &before["fields"]), (&new["filter"], &new["fields"]));
    let response = fetch(&officer, &export).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv");
    assert_eq!(header("cache-control"), "no-store");
    let name = format!("attachment; filename=\"beneficiaries-{day}.csv\"");
    assert_eq!(header("content-disposition"), name);
    response.bytes().await.unwrap();
    let after = officer.get(&export).await.expect(200).body;
    assert_eq!((&after["status"], &after["rows_written"]), (&json!("done"), &json!(2)));
    assert!(after["finished_at"].is_string());
    let request = officer.request(Method::GET, &format!("{export}/file")).header("Accept", "application/json");
    let refused = send(request).await.expect_problem(406, "not_acceptable");
    let known = "(text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/x-ndjson)";
    assert!(refused.body["detail"].as_str().unwrap().ends_with(known), "{}", refused.text);
    let request = officer.request(Method::GET, &format!("{export}/file")).header("Accept", "text/csv");
    send(request).await.expect(200);
    assert_eq!(app.recorded().await.iter().filter(|operation| *operation == "start_export").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_out_as_it_was() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = officer.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let members = items(&officer, &format!("{path}/members")).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let then = Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    tokio::time::sleep(Duration::from_millis(5)).await;
    officer.patch(&path, "\"1\"", &json!({ "village_code": "64.02.10.2005" })).await.expect(200);
    let child = format!("/v1/members/{}", members[1]["id"].as_str().unwrap());
    officer.patch(&child, "\"1\"", &json!({ "name": "Nama Lain" })).await.expect(200);
    let leave = json!({ "reason": "moved", "on": "2026-01-05" });
    officer.post(&format!("{child}/departures"), &leave).await.expect(201);
    officer.post("/v1/beneficiaries", &family("6402101001209002", "6402104101909002")).await.expect(201);
    let as_of =
        |list: &str, village: &str| json!({ "list": list, "as_of": then, "filter": { "village_code": village } });
    assert_eq!(by_id(rows(&officer, as_of("beneficiaries", "64.02.10.2004")).await), by_id([made.body]));
    assert_eq!(rows(&officer, as_of("beneficiaries", "64.02.10.2005")).await, [] as [Value; 0]);
    assert_eq!(by_id(rows(&officer, as_of("members", "64.02.10.2004")).await), by_id(members));
    assert_eq!(rows(&officer, json!({ "list": "beneficiaries" })).await.len(), 2);
    for list in ["enrollments", "deliveries"] {
        rows(&officer, json!({ "list": list, "as_of": then })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let refused = async |new: Value, pointer: &str, code: &str| {
        let refused = officer.post("/v1/exports", &new).await.expect_problem(422, "invalid_fields");
        assert_eq!(
            refused.body["errors"],
            json!([{ "pointer": pointer, "code": code,
            "detail": refused.body["errors"][0]["detail"] }]),
            "{new}"
        );
    };
    let new = |more: Value| {
        let mut new = json!({ "list": "needs", "format": "csv" });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    refused(new(json!({ "list": "pledges" })), "/list", "value_unknown").await;
    refused(new(json!({ "format": "pdf" })), "/format", "value_unknown").await;
    refused(new(json!({ "filter": { "colour": "red" } })), "/filter/colour", "unknown_field").await;
    refused(new(json!({ "filter": { "decile_max": 4 } })), "/filter/decile_max", "unknown_field").await;
    refused(new(json!({ "filter": { "status": "live" } })), "/filter/status", "value_unknown").await;
    refused(new(json!({ "filter": { "village_code": "Hambau" } })), "/filter/village_code", "village_code_malformed")
        .await;
    refused(new(json!({ "fields": ["id", "nik"] })), "/fields/1", "row_field_unknown").await;
    refused(new(json!({ "fields": [] })), "/fields", "required").await;
    refused(new(json!({ "as_of": "2026-01-01T00:00:00Z" })), "/as_of", "unknown_field").await;
    refused(new(json!({ "as_of": "2199-01-01T00:00:00Z" })), "/as_of", "date_in_future").await;
    let families = json!({ "list": "beneficiaries", "filter": { "decile_max": 11 } });
    refused(new(families), "/filter/decile_max", "decile_out_of_range").await;
    assert_eq!(items(&officer, "/v1/exports").await, [] as [Value; 0]);
}

/// So many synthetic families, straight into the table; their card numbers do not open.
async fn many_families(app: &TestApp, count: usize) {
    app.arrange(&format!(
        "insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, address, status, head_name,
            member_count, source, valid_from, created_at, updated_at)
        select 1, gen_random_uuid(), '64.02.10.2004', '\\x00', uuid_send(gen_random_uuid()), repeat('RT 03 ', 30),
            'live', 'Contoh Sintetis', 1, 'form', now(), now(), now()
        from generate_series(1, {count})"
    ))
    .await;
}

/// More than the connection itself holds on its way.
const MANY: usize = 60_000;

fn all_but_numbers(format: &str) -> Value {
    json!({ "list": "beneficiaries", "format": format,
        "fields": ["id", "village_code", "head_name", "member_count", "address", "status", "created_at", "updated_at"] })
}

/// Waits until an export stands so.
async fn stands(client: &Client, export: &str, status: &str) -> Answer {
    for _ in 0..400 {
        let told = client.get(export).await.expect(200);
        if told.body["status"] == status {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{export} does not become {status}");
}

/// Waits until no session of the database reads families any more.
async fn expect_no_session(app: &TestApp) {
    let reading = "select count(*)::text as found from pg_stat_activity
        where datname = current_database() and query like 'select b.id%'";
    for _ in 0..400 {
        if texts(app, reading).await == ["0"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a session goes on reading for nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_file_breaks_off() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    many_families(&app, MANY).await;
    let export = start(&officer, &all_but_numbers("ndjson")).await;
    let mut response = fetch(&officer, &export).await;
    response.chunk().await.unwrap().unwrap();
    let cancelled = officer.post(&format!("{export}/cancellations"), &json!({})).await.expect(200);
    assert_eq!(cancelled.body["status"], "cancelled");
    expect_no_session(&app).await;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(_)) => {}
            end => break end,
        }
    };
    assert!(broken.is_err(), "half a file must not look like a whole one");
    officer.get(&format!("{export}/file")).await.expect_problem(409, "command_not_possible");
    officer.post(&format!("{export}/cancellations"), &json!({})).await.expect_problem(409, "command_not_possible");
    let told = officer.get(&export).await.expect(200).body;
    assert_eq!(told["status"], "cancelled");
    assert!(told["rows_written"].as_u64().unwrap() < MANY as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_frees_the_database() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    many_families(&app, MANY).await;
    let export = start(&officer, &all_but_numbers("csv")).await;
    let mut response = fetch(&officer, &export).await;
    response.chunk().await.unwrap().unwrap();
    drop(response);
    let told = stands(&officer, &export, "failed").await;
    assert!(told.body["rows_written"].as_u64().unwrap() < MANY as u64);
    expect_no_session(&app).await;
    // What it may have seen is on record.
    app.reads_recorded().await;
    assert_eq!(app.audited("get_export_file").await, 1);
    let again = fetch(&officer, &export).await.text().await.unwrap();
    assert_eq!(again.lines().count(), MANY + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_client_are_few_at_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    many_families(&app, MANY).await;
    let mut exports = Vec::new();
    for _ in 0..3 {
        exports.push(start(&officer, &all_but_numbers("ndjson")).await);
    }
    let one = fetch(&officer, &exports[0]).await;
    let refused = officer.get(&format!("{}/file", exports[0])).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!(["cancel_export"]));
    let other = fetch(&officer, &exports[1]).await;
    let refused = officer.get(&format!("{}/file", exports[2])).await.expect_problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "5");
    // Somebody else is not held up by it.
    let colleague = app.kecamatan().await;
    let theirs = start(&colleague, &json!({ "list": "needs", "format": "csv" })).await;
    fetch(&colleague, &theirs).await.bytes().await.unwrap();
    drop((one, other));
    stands(&officer, &exports[0], "failed").await;
    stands(&officer, &exports[1], "failed").await;
    fetch(&officer, &exports[2]).await.bytes().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_lost_with_its_process_can_be_fetched_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let export = start(&officer, &json!({ "list": "beneficiaries", "format": "csv" })).await;
    let lost = "update exports set status = 'running', started_at = now() - interval '1 minute',
        progress_at = now() - interval '1 minute'";
    app.arrange(lost).await;
    fetch(&officer, &export).await.bytes().await.unwrap();
    stands(&officer, &export, "done").await;
    app.arrange(lost).await;
    tidy_up(&app.services.db, Utc::now()).await.unwrap();
    assert_eq!(officer.get(&export).await.expect(200).body["status"], "failed");
}

fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_takes_little_memory_and_lacks_no_row() {
    const ROWS: usize = 100_000;
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    many_families(&app, ROWS).await;
    let before = resident_bytes();
    let mut most = 0;
    for format in ["xlsx", "ndjson"] {
        let export = start(&officer, &all_but_numbers(format)).await;
        let mut response = fetch(&officer, &export).await;
        let (mut ids, mut line) = (Vec::new(), Vec::new());
        while let Some(bytes) = response.chunk().await.unwrap() {
            most = most.max(resident_bytes());
            if format == "ndjson" {
                take_ids(&mut line, &bytes, &mut ids);
            }
        }
        assert_eq!(stands(&officer, &export, "done").await.body["rows_written"], ROWS);
        if format == "ndjson" {
            assert_eq!(ids, texts(&app, "select id::text as found from beneficiaries order by id").await);
        }
    }
    // The ids of this test itself are six megabytes of it.
    assert!(most < before + (64 << 20), "{} MiB more than at rest", (most - before) >> 20);
}

/// Reads the ids of the lines that have come whole.
fn take_ids(line: &mut Vec<u8>, bytes: &[u8], ids: &mut Vec<String>) {
    for byte in bytes {
        if *byte != b'\n' {
            line.push(*byte);
            continue;
        }
        let row: Value = serde_json::from_slice(line).unwrap();
        ids.push(row["id"].as_str().unwrap().to_owned());
        line.clear();
    }
}
