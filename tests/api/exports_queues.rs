//! Ranks, warnings, lists of rounds, change requests and pairs, taken out as files: each tells what its list tells.

use std::io::Cursor;

use calamine::{Data, Reader};
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::beneficiaries_as_of::moment;
use crate::duplicates::{pairs, person, registered, run, sulastri};
use crate::exports::{file, items, narrowed, records, rows};
use crate::support::{Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, KENOHAN, TestApp};
use crate::verification_rounds::open;

const LISTS: [&str; 5] = ["welfare_ranks", "warnings", "verification_tasks", "change_requests", "duplicate_pairs"];

/// Three families with something of each list.
struct Registry {
    app: TestApp,
    officer: Client,
    visitor: Client,
    /// In Hambau, with the person who is registered again.
    first: String,
    /// In Kelekat, with numbers of a district that no edition has, and with whom that person lives by now.
    third: String,
    /// The child of the third.
    child: String,
    /// A round over all three, and one over the two that are ranked.
    rounds: [String; 2],
    visit: String,
    run: String,
}

impl Registry {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (officer, visitor) = (app.kecamatan().await, app.client("pkh_facilitator", KEMBANG_JANGGUT).await);
        let first = registered(&officer, "6402101001209001", HAMBAU, &[sulastri()]).await.id();
        let again = person(None, "Sulastri Wahyuni Sintetis", "1987-12-15");
        let host = json!({ "name": "Maimun Contoh", "sex": "male", "born_on": "1951-02-08", "relationship": "head" });
        let second = registered(&officer, "6402101001209002", HAMBAU, &[host, again]).await.id();
        let third = officer.post("/v1/beneficiaries", &unknown_district()).await.expect(201).id();
        let child = member(&officer, &third, "Anak Contoh").await;
        let run = run(&officer, &json!({})).await["id"].as_str().unwrap().to_owned();
        let again = member(&officer, &second, "Sulastri Wahyuni Sintetis").await;
        let moves = json!({ "beneficiary_id": third, "relationship": "other_kin", "on": "2026-11-02" });
        officer.post(&format!("/v1/members/{again}/moves"), &moves).await.expect(201);
        rank(&officer, &first, "DTSEN", "2026-10-01", 1).await;
        rank(&officer, &third, "SURVEY", "2026-07-01", 9).await;
        let to_visit = json!({ "assignments": [{ "client_id": visitor.id, "village_code": HAMBAU }] });
        let rounds = [open(&officer, "true", to_visit).await, open(&officer, "family.decile <= 2", json!({})).await];
        let visit = json!({ "beneficiary_id": second, "round_id": id_of(&rounds[0]),
            "visited_at": "2026-11-20T03:15:00Z", "finding": "corrected",
            "family_correction": { "version": version(&officer, &format!("/v1/beneficiaries/{second}")).await,
                "changes": { "address": "RT 05" } } });
        let visit = visitor.post("/v1/visits", &visit).await.expect(201).id();
        let registry = Self { app, officer, visitor, first, third, child, rounds, visit, run };
        registry.change_requests().await;
        registry
    }

    /// Two that stand against each other, one of a NIK, one that is stale and one that was rejected.
    async fn change_requests(&self) {
        let (officer, [first, third]) = (&self.officer, [&self.first, &self.third]);
        let families = [format!("/v1/beneficiaries/{first}"), format!("/v1/beneficiaries/{third}")];
        self.propose(&families[0], json!({ "phone": "+628111", "address": "RT 07" })).await;
        self.propose(&families[0], json!({ "phone": "+628222" })).await;
        let nik = json!({ "nik": "6402100205199001", "work": "pelajar" });
        self.propose(&format!("/v1/members/{}", self.child), nik).await;
        self.propose(&families[1], json!({ "address": "RT 02" })).await;
        let etag = format!("\"{}\"", version(officer, &families[1]).await);
        officer.patch(&families[1], &etag, &json!({ "address": "RT 09" })).await.expect(200);
        let rejected = self.propose(&families[1], json!({ "phone": "+628333" })).await;
        let no = json!({ "reason": "=Tidak sesuai" });
        officer.post(&format!("/v1/change-requests/{rejected}/rejections"), &no).await.expect(200);
    }

    async fn propose(&self, path: &str, changes: Value) -> String {
        let evidence = json!({ "digest": "ab".repeat(32), "media_type": "image/jpeg", "latitude": -0.2345,
            "longitude": 116.0123 });
        let new = json!({ "version": version(&self.officer, path).await, "changes": changes,
            "reason": "Kata tetangga", "evidence": [evidence] });
        self.visitor.post(&format!("{path}/change-requests"), &new).await.expect(201).id()
    }

    /// The ranks of families as their lists tell them, each with its family.
    async fn ranks(&self, families: &[&str], query: &str) -> Vec<Value> {
        let mut told = Vec::new();
        for family in families {
            for mut rank in items(&self.officer, &format!("/v1/beneficiaries/{family}/ranks?{query}")).await {
                rank["beneficiary_id"] = json!(family);
                told.push(rank);
            }
        }
        told
    }
}

fn unknown_district() -> Value {
    let mut new = family("9999991001209003", "6402104101909003");
    new["village_code"] = json!(KELEKAT);
    new["members"][1]["nik"] = json!("9999990205190001");
    new
}

async fn rank(officer: &Client, family: &str, source: &str, period: &str, decile: u8) {
    let rank = json!({ "source": source, "period": period, "decile": decile });
    officer.post(&format!("/v1/beneficiaries/{family}/ranks"), &rank).await.expect(201);
}

async fn member(officer: &Client, family: &str, name: &str) -> String {
    let members = items(officer, &format!("/v1/beneficiaries/{family}/members")).await;
    members.iter().find(|member| member["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn version(officer: &Client, path: &str) -> i64 {
    officer.get(path).await.expect(200).body["version"].as_i64().unwrap()
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Rows in an order of their own.
fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_cached_key(ToString::to_string);
    rows
}

/// A filter as the query of the list.
fn query(filter: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let pairs = filter.as_object().unwrap().iter().map(|(name, value)| format!("{name}={}", plain(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_leaves_in_a_file_what_it_leaves_in_the_list() {
    let there = Registry::new().await;
    let officer = &there.officer;
    let pair = pairs(officer, "finding=same").await.remove(0);
    let decision = json!({ "decision": "same", "reason": "One person on two cards" });
    let decisions = format!("/v1/duplicates/pairs/{}/decisions", pair["id"].as_str().unwrap());
    officer.post(&decisions, &decision).await.expect(201);
    let (warnings, requests, pairs) = ("/v1/warnings?", "/v1/change-requests?", "/v1/duplicates/pairs?");
    let tasks = there.rounds.each_ref().map(|round| format!("{round}/tasks?"));
    let [all, ranked] = tasks.each_ref().map(String::as_str);
    let [round, other] = there.rounds.each_ref().map(|round| id_of(round));
    // The list, its address, the filter, what of it the address says already, and how many rows there are.
    let cases = [
        ("warnings", warnings, json!({}), json!({}), 2),
        ("warnings", warnings, json!({ "code": "nik_district_unknown" }), json!({}), 1),
        ("warnings", warnings, json!({ "village_code": KELEKAT }), json!({}), 2),
        ("warnings", warnings, json!({ "village_code": HAMBAU }), json!({}), 0),
        ("verification_tasks", all, json!({}), json!({ "round_id": round }), 3),
        ("verification_tasks", ranked, json!({}), json!({ "round_id": other }), 2),
        ("verification_tasks", all, json!({ "is_visited": true }), json!({ "round_id": round }), 1),
        ("verification_tasks", all, json!({ "is_visited": false }), json!({ "round_id": round }), 2),
        ("verification_tasks", all, json!({ "village_code": HAMBAU }), json!({ "round_id": round }), 2),
        (
            "verification_tasks",
            all,
            json!({ "assigned_to": there.visitor.id, "is_visited": false }),
            json!({ "round_id": round }),
            1,
        ),
        ("change_requests", requests, json!({}), json!({}), 6),
        ("change_requests", requests, json!({ "status": "pending" }), json!({}), 5),
        ("change_requests", requests, json!({ "status": "rejected" }), json!({}), 1),
        ("change_requests", requests, json!({ "beneficiary_id": there.third }), json!({}), 3),
        ("change_requests", requests, json!({ "member_id": there.child }), json!({}), 1),
        ("change_requests", requests, json!({ "visit_id": there.visit }), json!({}), 1),
        ("duplicate_pairs", pairs, json!({}), json!({}), 1),
        ("duplicate_pairs", pairs, json!({ "status": "same" }), json!({}), 1),
        ("duplicate_pairs", pairs, json!({ "status": "open" }), json!({}), 0),
        ("duplicate_pairs", pairs, json!({ "finding": "look" }), json!({}), 0),
        ("duplicate_pairs", pairs, json!({ "run_id": there.run }), json!({}), 1),
        ("duplicate_pairs", pairs, json!({ "run_id": there.visit }), json!({}), 0),
        ("duplicate_pairs", pairs, json!({ "beneficiary_id": there.first }), json!({}), 1),
        // She lives there by now.
        ("duplicate_pairs", pairs, json!({ "beneficiary_id": there.third }), json!({}), 1),
        ("duplicate_pairs", pairs, json!({ "village_code": KELEKAT }), json!({}), 1),
        ("duplicate_pairs", pairs, json!({ "village_code": "64.02.10.2006" }), json!({}), 0),
    ];
    for (list, path, mut filter, said, expected) in cases {
        let told = items(officer, &format!("{path}{}", query(&filter))).await;
        filter.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        assert_eq!(told.len(), expected, "{list} {filter}: {told:?}");
        let file = rows(officer, json!({ "list": list, "filter": filter })).await;
        assert_eq!(sorted(file), sorted(told), "{list} {filter}");
    }
    assert_eq!(rows(officer, json!({ "list": "verification_tasks" })).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_ranks_tells_the_series_of_each_family() {
    let there = Registry::new().await;
    let (officer, first, third) = (&there.officer, there.first.as_str(), there.third.as_str());
    let file = async |filter: Value| sorted(rows(officer, json!({ "list": "welfare_ranks", "filter": filter })).await);
    let all = sorted(there.ranks(&[first, third], "").await);
    assert_eq!(all.len(), 3);
    assert_eq!(file(json!({})).await, all);
    assert_eq!(file(json!({ "beneficiary_id": third })).await, sorted(there.ranks(&[third], "").await));
    let of_survey = there.ranks(&[third], "source=SURVEY").await;
    assert_eq!(of_survey.len(), 1);
    assert_eq!(file(json!({ "source": "SURVEY" })).await, of_survey);
    assert_eq!(file(json!({ "period": "2026-07-01" })).await, of_survey);
    assert_eq!(file(json!({ "village_code": HAMBAU })).await, there.ranks(&[first], "").await);
    // As of before the survey, the series had one rank, and the family of another village none that is told with it.
    let then = moment().await;
    rank(officer, third, "SURVEY", "2026-11-01", 8).await;
    let path = format!("/v1/beneficiaries/{third}");
    let etag = format!("\"{}\"", version(officer, &path).await);
    officer.patch(&path, &etag, &json!({ "village_code": HAMBAU })).await.expect(200);
    let as_of = async |village: &str| {
        let new = json!({ "list": "welfare_ranks", "as_of": then.trim_start_matches("as_of="),
            "filter": { "village_code": village } });
        sorted(rows(officer, new).await)
    };
    assert_eq!(as_of(KELEKAT).await, sorted(there.ranks(&[third], &then).await));
    assert_eq!(as_of(HAMBAU).await, there.ranks(&[first], &then).await);
    assert_eq!(file(json!({ "village_code": HAMBAU })).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_are_taken_out_as_they_were() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let odd = officer.post("/v1/beneficiaries", &unknown_district()).await.expect(201).id();
    let then = moment().await;
    let child = format!("/v1/members/{}", member(&officer, &odd, "Anak Contoh").await);
    officer.patch(&child, "\"1\"", &json!({ "nik": "6402100205199001" })).await.expect(200);
    let told = items(&officer, &format!("/v1/warnings?{then}")).await;
    assert_eq!(told.len(), 2);
    let new = json!({ "list": "warnings", "as_of": then.trim_start_matches("as_of=") });
    assert_eq!(rows(&officer, new).await, told, "in the order of the list");
    let now = rows(&officer, json!({ "list": "warnings" })).await;
    assert_eq!(now.iter().map(|warning| &warning["code"]).collect::<Vec<_>>(), ["card_district_unknown"]);
}

/// A value as CSV has it.
fn expect_cell(told: &Value, cell: &str, name: &str) {
    match told {
        Value::Null => assert_eq!(cell, "", "{name}"),
        Value::Bool(flag) => assert_eq!(cell, flag.to_string(), "{name}"),
        Value::Number(number) => assert_eq!(cell.parse::<f64>().ok(), number.as_f64(), "{name}"),
        Value::String(text) if text.starts_with('=') => assert_eq!(cell, format!("'{text}"), "{name}"),
        Value::String(text) => assert_eq!(cell, text, "{name}"),
        // No texts are nothing, no documents are a document without any.
        Value::Array(items) if items.is_empty() => assert!(matches!(cell, "" | "[]"), "{name}: {cell}"),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            assert_eq!(cell, items.join(" "), "{name}");
        }
        other => assert_eq!(&serde_json::from_str::<Value>(cell).unwrap(), other, "{name}"),
    }
}

/// What a workbook has in the place of a cell of CSV; days are days there.
fn expect_same(sheet: &Data, cell: &str, name: &str) {
    match sheet {
        Data::Empty => assert_eq!(cell, "", "{name}"),
        Data::Bool(flag) => assert_eq!(cell, flag.to_string(), "{name}"),
        Data::Float(number) => assert_eq!(cell.parse().ok(), Some(*number), "{name}"),
        Data::DateTime(_) => assert!(cell.parse::<chrono::NaiveDate>().is_ok(), "{name}: {cell}"),
        other => assert_eq!(other.to_string(), cell, "{name}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_them_has_the_same_rows() {
    let there = Registry::new().await;
    for list in LISTS {
        let told = rows(&there.officer, json!({ "list": list })).await;
        let form = async |format: &str| file(&there.officer, &json!({ "list": list, "format": format })).await;
        let (csv, workbook) = (form("csv").await, form("xlsx").await);
        let names = csv::Reader::from_reader(csv.as_slice()).headers().unwrap().clone();
        let csv = records(&csv);
        assert!(!told.is_empty(), "{list}");
        assert_eq!(csv.len(), told.len(), "{list}");
        let mut workbook = calamine::Xlsx::new(Cursor::new(workbook)).unwrap();
        let sheet = workbook.worksheet_range("1").unwrap();
        assert_eq!(sheet.height(), told.len() + 1, "{list}");
        for (at, (told, record)) in told.iter().zip(&csv).enumerate() {
            assert_eq!(told.as_object().unwrap().len(), names.len(), "{list}");
            for (column, name) in names.iter().enumerate() {
                let whose = format!("{list} {at} {name}");
                expect_cell(&told[name], &record[name], &whose);
                expect_same(&sheet[(at + 1, column)], &record[name], &whose);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_nik_is_masked_in_every_file() {
    let there = Registry::new().await;
    for numbers in ["masked", "full"] {
        let new = json!({ "list": "change_requests", "format": "csv", "numbers": numbers, "purpose": "Pencocokan" });
        let text = String::from_utf8(file(&there.officer, &new).await).unwrap();
        assert!(text.contains("6402********9001") && text.contains("9999********0001"), "{text}");
        assert!(!text.contains("6402100205199001") && !text.contains("9999990205190001"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_such_a_list_does_not_take_is_refused() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let cases = [
        ("welfare_ranks", json!({ "status": "live" }), "/filter/status", "unknown_field"),
        ("welfare_ranks", json!({ "decile_max": 4 }), "/filter/decile_max", "unknown_field"),
        ("warnings", json!({ "code": "odd" }), "/filter/code", "value_unknown"),
        ("warnings", json!({ "source": "DTSEN" }), "/filter/source", "unknown_field"),
        ("verification_tasks", json!({ "finding": "same" }), "/filter/finding", "unknown_field"),
        ("change_requests", json!({ "status": "open" }), "/filter/status", "value_unknown"),
        ("change_requests", json!({ "village_code": HAMBAU }), "/filter/village_code", "unknown_field"),
        ("duplicate_pairs", json!({ "finding": "confirmed" }), "/filter/finding", "value_unknown"),
        ("duplicate_pairs", json!({ "is_visited": true }), "/filter/is_visited", "unknown_field"),
        ("needs", json!({ "round_id": uuid::Uuid::now_v7() }), "/filter/round_id", "unknown_field"),
    ];
    for (list, filter, pointer, code) in cases {
        let new = json!({ "list": list, "format": "csv", "filter": filter });
        let refused = officer.post("/v1/exports", &new).await.expect_problem(422, "invalid_fields");
        let fault = &refused.body["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{new}");
    }
    for list in &LISTS[2..] {
        let new = json!({ "list": list, "format": "csv", "as_of": "2026-01-01T00:00:00Z" });
        let refused = officer.post("/v1/exports", &new).await.expect_problem(422, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["pointer"], "/as_of", "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_them_needs_the_permission_of_its_list() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let scopes = ["beneficiaries:read", "verification:read", "duplicates:read"];
    let needed = [scopes[0], scopes[0], scopes[1], scopes[1], scopes[2]];
    for scope in scopes {
        let client = narrowed(&officer, &format!("exports:write {scope}")).await;
        for (list, needed) in LISTS.into_iter().zip(needed) {
            let asked = client.post("/v1/exports", &json!({ "list": list, "format": "csv" })).await;
            if needed == scope {
                asked.expect(202);
            } else {
                let refused = asked.expect_problem(403, "insufficient_scope");
                assert!(refused.header("www-authenticate").contains(needed), "{list}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_finds_nothing_in_them() {
    let there = Registry::new().await;
    let neighbour = there.app.client("kecamatan_officer", KENOHAN).await;
    for list in LISTS {
        assert!(!rows(&there.officer, json!({ "list": list })).await.is_empty(), "{list}");
        assert_eq!(rows(&neighbour, json!({ "list": list })).await, [] as [Value; 0], "{list}");
    }
    let named = [
        ("welfare_ranks", json!({ "beneficiary_id": there.third })),
        ("warnings", json!({ "village_code": KELEKAT })),
        ("verification_tasks", json!({ "round_id": id_of(&there.rounds[0]) })),
        ("change_requests", json!({ "visit_id": there.visit })),
        ("duplicate_pairs", json!({ "beneficiary_id": there.first })),
    ];
    for (list, filter) in named {
        assert_eq!(rows(&neighbour, json!({ "list": list, "filter": filter })).await, [] as [Value; 0], "{list}");
    }
    for list in &LISTS[..2] {
        let then = json!({ "list": list, "as_of": moment().await.trim_start_matches("as_of=") });
        assert_eq!(rows(&neighbour, then).await, [] as [Value; 0], "{list}");
    }
}
