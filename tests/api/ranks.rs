//! Welfare ranks: a series, files of them, and where sources disagree.

use reqwest::Method;
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::beneficiaries_as_of::moment;
use crate::support::{Answer, Client, KENOHAN, TestApp, send};

const OLD: &str = "2026-07-01";
const NOW: &str = "2026-10-01";

/// A family whose rank by DTSEN for October is 2.
async fn ranked(client: &Client, number: u32, village: &str) -> Answer {
    let mut new = family(&format!("64021010012090{number:02}"), &format!("64021041019090{number:02}"));
    new["village_code"] = json!(village);
    client.post("/v1/beneficiaries", &new).await.expect(201)
}

fn rank(source: &str, period: &str, decile: i16) -> Value {
    json!({ "source": source, "period": period, "decile": decile })
}

fn ranks_of(family: &Answer) -> String {
    format!("/v1/beneficiaries/{}/ranks", family.id())
}

fn series(answer: &Answer) -> Vec<(String, String, i64)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = answer.body["items"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "source"), text(row, "period"), row["decile"].as_i64().unwrap())).collect()
}

fn told(source: &str, period: &str, decile: i64) -> (String, String, i64) {
    (source.to_owned(), period.to_owned(), decile)
}

#[tokio::test(flavor = "multi_thread")]
async fn ranks_are_a_series_that_nothing_overwrites() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = ranked(&puskesos, 1, "64.02.10.2004").await;
    let (ranks, path) = (ranks_of(&made), format!("/v1/beneficiaries/{}", made.id()));
    let first = puskesos.get(&ranks).await.expect(200);
    assert_eq!(series(&first), [told("DTSEN", NOW, 2)]);
    let added = puskesos.post(&ranks, &rank("DTSEN", OLD, 4)).await.expect(201);
    assert_eq!(added.header("location"), ranks);
    let earlier = puskesos.get(&path).await.expect(200).body;
    assert_eq!(
        (&earlier["decile"], &earlier["version"]),
        (&json!(2), &json!(1)),
        "an earlier period is not the latest"
    );
    puskesos.post(&ranks, &rank("DTSEN", NOW, 3)).await.expect_problem(409, "rank_differs");
    // A slip of the pen would be the latest for a hundred years.
    let slip = puskesos.post(&ranks, &rank("DTSEN", "2126-10-01", 3)).await.expect_problem(422, "invalid_fields");
    assert_eq!(
        (&slip.body["errors"][0]["pointer"], &slip.body["errors"][0]["code"]),
        (&json!("/period"), &json!("date_too_far_ahead"))
    );
    let same = puskesos.post(&ranks, &rank("DTSEN", NOW, 2)).await.expect(200);
    assert_eq!(same.body, first.body["items"][0]);
    puskesos.post(&ranks, &rank("REGSOSEK", "2026-11-01", 5)).await.expect(201);
    let latest = puskesos.get(&path).await.expect(200).body;
    assert_eq!(
        (&latest["decile"], &latest["decile_source"], &latest["version"]),
        (&json!(5), &json!("REGSOSEK"), &json!(2))
    );
    let all = [told("REGSOSEK", "2026-11-01", 5), told("DTSEN", NOW, 2), told("DTSEN", OLD, 4)];
    assert_eq!(series(&puskesos.get(&ranks).await.expect(200)), all);
    assert_eq!(series(&puskesos.get(&format!("{ranks}?source=DTSEN")).await.expect(200)), all[1..]);
    let then = added.body["recorded_at"].as_str().unwrap();
    assert_eq!(series(&puskesos.get(&format!("{ranks}?as_of={then}")).await.expect(200)), all[1..]);
    puskesos.get(&format!("{ranks}?as_of=2020-01-01T00:00:00Z")).await.expect_problem(404, "not_found");
    puskesos.post(&ranks, &rank("DTSEN", "2026-10-02", 2)).await.expect_problem(422, "invalid_fields");
    puskesos.post(&ranks, &rank("DTSEN", "2026-12-01", 11)).await.expect_problem(422, "invalid_fields");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&ranks).await.expect_problem(404, "not_found");
    neighbour.post(&ranks, &rank("DTSEN", "2026-12-01", 1)).await.expect_problem(404, "not_found");
    assert!(app.told(&puskesos).await.contains(&"rank.recorded".to_owned()));
}

async fn upload(client: &Client, key: &str, file: &str) -> Answer {
    let request = client.request(Method::POST, "/v1/rank-imports").header("Idempotency-Key", key);
    send(request.header("Content-Type", "text/csv").body(file.to_owned())).await
}

/// Sends a file and waits for what becomes of it.
async fn import(client: &Client, file: &str) -> Value {
    let started = upload(client, &uuid::Uuid::now_v7().to_string(), file).await.expect(202);
    let path = started.header("location").to_owned();
    for _ in 0..600 {
        let import = client.get(&path).await.expect(200).body;
        if import["status"] != "running" {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}

async fn faults(client: &Client, import: &Value) -> Vec<(i64, String, String)> {
    let listed = client.get(&format!("/v1/rank-imports/{}/faults", import["id"].as_str().unwrap())).await.expect(200);
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or("").to_owned();
    let faults = listed.body["items"].as_array().unwrap().iter();
    faults.map(|fault| (fault["row"].as_i64().unwrap(), text(fault, "column"), text(fault, "code"))).collect()
}

fn counts(import: &Value) -> [i64; 5] {
    assert_eq!(import["status"], "applied", "{import}");
    ["rows_read", "rows_faulty", "ranks_added", "ranks_known", "families_changed"]
        .map(|name| import[name].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_ranks_is_in_and_the_same_file_again_changes_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = ranked(&officer, 1, "64.02.10.2004").await;
    let two = ranked(&officer, 2, "64.02.10.2005").await;
    let file = "decile,card_number,source,period\n\
        3,6402101001209001,DTSEN,2026-12-01\n\
        4,6402101001209001,DTSEN,2026-07-01\n\
        5,6402101001209002,REGSOSEK,2026-07-01\n";
    let first = import(&officer, file).await;
    assert_eq!(counts(&first), [3, 0, 3, 0, 1]);
    let read = officer.get(&format!("/v1/beneficiaries/{}", one.id())).await.expect(200).body;
    assert_eq!(
        (&read["decile"], &read["decile_period"], &read["version"]),
        (&json!(3), &json!("2026-12-01"), &json!(2))
    );
    let untouched = officer.get(&format!("/v1/beneficiaries/{}", two.id())).await.expect(200).body;
    assert_eq!(untouched, two.record());
    let then = one.body["updated_at"].as_str().unwrap();
    let past = officer.get(&format!("/v1/beneficiaries/{}?as_of={then}", one.id())).await.expect(200);
    assert_eq!(past.body, one.record());
    assert_eq!(counts(&import(&officer, file).await), [3, 0, 0, 3, 0]);
    let by_id = format!("beneficiary_id,source,period,decile\n{},SURVEY,2026-08-01,9\n", two.id());
    assert_eq!(counts(&import(&officer, &by_id).await), [1, 0, 1, 0, 0]);
    let all = [told("DTSEN", NOW, 2), told("SURVEY", "2026-08-01", 9), told("REGSOSEK", OLD, 5)];
    assert_eq!(series(&officer.get(&ranks_of(&two)).await.expect(200)), all);
    let again = upload(&officer, "one-key-for-all", file).await.expect(202);
    let replayed = upload(&officer, "one-key-for-all", file).await.expect(202);
    assert_eq!((again.id(), replayed.header("idempotency-replayed")), (replayed.id(), "true"));
    assert!(app.told(&officer).await.contains(&"rank_import.applied".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_ranks_are_told_row_by_row_and_the_good_ones_are_in() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = ranked(&officer, 1, "64.02.10.2004").await;
    let elsewhere = app.client("kecamatan_officer", KENOHAN).await;
    ranked(&elsewhere, 2, "64.02.09.2001").await;
    let file = "card_number,source,period,decile\n\
        6402101001209001,DTSEN,2026-10-01,3\n\
        6402101001209001,DTSEN,2026-11-01,3\n\
        6402101001209002,DTSEN,2026-11-01,3\n\
        6402101001209099,DTSEN,2026-11-01,3\n\
        123,,2026-11-02,0\n\
        6402101001209001,SURVEY,2026-11-01,3\n\
        6402101001209001,SURVEY,2026-11-01,4\n\
        6402101001209001,DTSEN,2026-11-01,3\n\
        6402101001209001,DTSEN,2126-10-01,3\n\
        short\n";
    let import = import(&officer, file).await;
    assert_eq!(counts(&import), [10, 8, 1, 1, 1]);
    let expected = [
        (2, "decile", "rank_differs"),
        (4, "card_number", "family_unknown"),
        (5, "card_number", "family_unknown"),
        (6, "card_number", "card_number_malformed"),
        (6, "decile", "decile_out_of_range"),
        (6, "period", "period_not_first_day"),
        (6, "source", "required"),
        (7, "decile", "rank_twice"),
        (8, "decile", "rank_twice"),
        (10, "period", "date_too_far_ahead"),
        (11, "", "row_not_csv"),
    ];
    let expected = expected.map(|(row, column, code)| (row, column.to_owned(), code.to_owned()));
    assert_eq!(faults(&officer, &import).await, expected);
    assert_eq!(
        series(&officer.get(&ranks_of(&one)).await.expect(200)),
        [told("DTSEN", "2026-11-01", 3), told("DTSEN", NOW, 2)]
    );
    let header = upload(&officer, "a-header-at-fault", "card_number,source,decile,decile\n").await;
    let header = header.expect_problem(422, "invalid_fields");
    let codes: Vec<_> = header.body["errors"].as_array().unwrap().iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(codes, ["column_twice", "column_missing"]);
    let path = format!("/v1/rank-imports/{}", import["id"].as_str().unwrap());
    elsewhere.get(&path).await.expect_problem(404, "not_found");
    elsewhere.get(&format!("{path}/faults")).await.expect_problem(404, "not_found");
    let puskesos = app.puskesos().await;
    upload(&puskesos, "not-of-puskesos", file).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_lie_apart_are_listed_and_counted() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = ranked(&officer, 1, "64.02.10.2004").await;
    let two = ranked(&officer, 2, "64.02.10.2004").await;
    let three = ranked(&officer, 3, "64.02.10.2005").await;
    // The latest of each source counts: the first family had lain apart before.
    for (family, rank) in [
        (&one, rank("REGSOSEK", OLD, 9)),
        (&one, rank("REGSOSEK", "2026-08-01", 3)),
        (&two, rank("REGSOSEK", OLD, 5)),
        (&three, rank("REGSOSEK", OLD, 8)),
        (&three, rank("SURVEY", OLD, 8)),
    ] {
        officer.post(&ranks_of(family), &rank).await.expect(201);
    }
    let list =
        async |query: &str| officer.get(&format!("/v1/welfare-ranks/disagreements?{query}")).await.expect(200).body;
    let pairs = |body: &Value| -> Vec<(String, String, i64)> {
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        let rows = body["items"].as_array().unwrap().iter();
        rows.map(|row| {
            let pair = format!("{}/{}", text(row, "source"), text(row, "other_source"));
            (text(row, "beneficiary_id"), pair, row["difference"].as_i64().unwrap())
        })
        .collect()
    };
    let pair = |family: &Answer, pair: &str, difference: i64| (family.id(), pair.to_owned(), difference);
    let (regsosek, survey) = ("DTSEN/REGSOSEK", "DTSEN/SURVEY");
    let all = [pair(&two, regsosek, 3), pair(&three, regsosek, 6), pair(&three, survey, 6)];
    let body = list("").await;
    assert_eq!(pairs(&body), all);
    let first = &body["items"][0];
    assert_eq!((&first["decile"], &first["period"]), (&json!(2), &json!(NOW)));
    assert_eq!((&first["other_decile"], &first["other_period"]), (&json!(5), &json!(OLD)));
    assert_eq!(pairs(&list("min_difference=4").await), all[1..]);
    assert_eq!(pairs(&list("min_difference=1").await).len(), 4);
    assert_eq!(pairs(&list("source=SURVEY").await), all[2..]);
    assert_eq!(pairs(&list("village_code=64.02.10.2004").await), all[..1]);
    assert_eq!(list("count=exact&limit=1").await["total"], 3);
    let next = list("limit=1").await["next"].as_str().unwrap().to_owned();
    assert_eq!(pairs(&list(&format!("limit=1&cursor={next}")).await), all[1..2]);
    officer.get("/v1/welfare-ranks/disagreements?min_difference=0").await.expect_problem(400, "invalid_parameters");
    let counts = officer.get("/v1/welfare-ranks/disagreement-counts").await.expect(200).body;
    let count = |village: &str, other: &str, source: &str, numbers: [i64; 3]| {
        json!({ "village_code": village, "source": source, "other_source": other, "families_compared": numbers[0],
                "families_apart": numbers[1], "largest_difference": numbers[2] })
    };
    let expected = json!([
        count("64.02.10.2004", "REGSOSEK", "DTSEN", [2, 1, 3]),
        count("64.02.10.2005", "REGSOSEK", "DTSEN", [1, 1, 6]),
        count("64.02.10.2005", "SURVEY", "DTSEN", [1, 1, 6]),
        count("64.02.10.2005", "SURVEY", "REGSOSEK", [1, 0, 0]),
    ]);
    assert_eq!(counts["items"], expected);
    let then = moment().await;
    officer.post(&ranks_of(&two), &rank("REGSOSEK", "2026-08-01", 2)).await.expect(201);
    let moves = json!({ "village_code": "64.02.10.2004" });
    officer.patch(&format!("/v1/beneficiaries/{}", three.id()), "\"1\"", &moves).await.expect(200);
    assert_eq!(pairs(&list("").await), all[1..], "the second family's sources agree by now");
    assert_eq!(list("village_code=64.02.10.2005").await["items"], json!([]));
    assert_eq!(list(&format!("count=exact&{then}")).await["total"], 3);
    assert_eq!(list(&then).await["items"], body["items"]);
    let past = officer.get(&format!("/v1/welfare-ranks/disagreement-counts?{then}")).await.expect(200).body;
    assert_eq!(past["items"], expected);
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for path in ["disagreements", "disagreement-counts"] {
        assert_eq!(neighbour.get(&format!("/v1/welfare-ranks/{path}")).await.expect(200).body["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_in_the_field_disagrees_with_sources_too() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let decile = json!({ "type": "integer", "minimum": 1, "maximum": 10 });
    let schema = json!({ "type": "object", "properties": { "assessed_decile": decile } });
    officer
        .post("/v1/attribute-schemas", &json!({ "subject": "beneficiaries", "definition": schema }))
        .await
        .expect(201);
    let made = ranked(&officer, 1, "64.02.10.2004").await;
    officer.post(&ranks_of(&made), &rank("REGSOSEK", OLD, 6)).await.expect(201);
    let found = json!({ "value": 7, "source": "visit", "observed_on": "2026-11-15" });
    let path = format!("/v1/beneficiaries/{}", made.id());
    officer.patch(&path, "\"1\"", &json!({ "attributes": { "assessed_decile": found } })).await.expect(200);
    let list =
        async |query: &str| officer.get(&format!("/v1/welfare-ranks/disagreements?{query}")).await.expect(200).body;
    let field = list("against=field").await;
    let row = &field["items"][0];
    assert_eq!(field["items"].as_array().unwrap().len(), 1, "{field}");
    assert_eq!((&row["source"], &row["other_source"]), (&json!("DTSEN"), &json!("field: visit")));
    assert_eq!((&row["other_period"], &row["other_decile"]), (&json!("2026-11-01"), &json!(7)));
    let sources = list("against=sources").await;
    assert_eq!(sources["items"].as_array().unwrap().len(), 1, "{sources}");
    assert_eq!(sources["items"][0]["other_source"], "REGSOSEK");
    assert_eq!(list("min_difference=1").await["items"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_ranks_that_was_lost_with_its_process_fails_and_says_so() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    // What a killed process leaves: a row that says it runs, and nobody who holds its lock.
    let lost = "insert into rank_imports (area_id, id, client_id, status, file_digest, rows_read, created_at)
        values (1, gen_random_uuid(), 'lost', 'running', '', 7, now()) returning id::text as found";
    let lost = format!("/v1/rank-imports/{}", crate::support::texts(&app, lost).await[0]);
    let watch = tokio::spawn(sinergi::beneficiaries::watch_rank_imports(app.services.db.clone()));
    while officer.get(&lost).await.expect(200).body["status"] == "running" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    watch.abort();
    let failed = officer.get(&lost).await.expect(200).body;
    assert_eq!(failed["status"], "failed");
    assert!(failed["finished_at"].is_string());
    assert_eq!(app.told(&officer).await, ["rank_import.failed"]);
    assert_eq!(app.recorded().await, ["fail_rank_import"]);
}
