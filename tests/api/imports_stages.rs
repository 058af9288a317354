//! Imports that wait for a review, and those that were lost on the way.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::imports::{assert_counts, assert_plan, check, faults, file, finished, import, row, send_file, two_families};
use crate::support::{Client, KENOHAN, TestApp, texts};

async fn count(app: &TestApp, table: &str) -> String {
    texts(app, &format!("select count(*)::text as found from {table}")).await.remove(0)
}

/// What the service recorded of its own accord.
async fn by_the_service(app: &TestApp) -> Vec<String> {
    let query = "select operation || ' ' || resource as found from audit_records
        where client_id = 'sinergi' order by at, id";
    texts(app, query).await
}

fn path(import: &Value) -> String {
    format!("/v1/imports/{}", import["id"].as_str().unwrap())
}

async fn review_and_apply(client: &Client, import: &Value, application: &Value) -> Value {
    let path = path(import);
    let reviewed = client.post(&format!("{path}/reviews"), &json!({ "note": "Seen" })).await.expect(200);
    assert_eq!((&reviewed.body["status"], &reviewed.body["review_note"]), (&json!("reviewed"), &json!("Seen")));
    let applying = client.post(&format!("{path}/applications"), application).await.expect(202);
    assert_eq!(applying.body["status"], "running");
    finished(client, &path).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checked_file_writes_nothing_until_it_is_reviewed_and_applied() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families()[2..])).await;
    let before = officer.get("/v1/beneficiaries").await.body;
    let mut rows = two_families();
    rows.push(row("6402101001209003", "123", "Salah", "head"));
    rows[2] = rows[2].replace("RT 03", "RT 09");
    let checked = check(&officer, "", file(&rows)).await;
    assert_eq!((&checked["status"], &checked["rows_faulty"]), (&json!("checked"), &json!(1)));
    assert_plan(&checked, [1, 1, 0], [2, 0, 1]);
    assert_eq!(faults(&officer, &checked).await, [(5, "nik".to_owned(), "nik_malformed".to_owned())]);
    assert_eq!(officer.get("/v1/beneficiaries").await.body, before);
    assert_eq!(count(&app, "identity_claims").await, "1");
    let path = path(&checked);
    let early = officer.post(&format!("{path}/applications"), &json!({})).await;
    let early = early.expect_problem(409, "command_not_possible");
    assert_eq!(early.body["possible"], json!(["review", "cancel"]));
    let applied = review_and_apply(&officer, &checked, &json!({})).await;
    assert_counts(&applied, [1, 1, 0], [2, 0, 1]);
    assert_eq!(applied["rows_faulty"], 1, "told once, however often it is found");
    assert_eq!(faults(&officer, &applied).await.len(), 1);
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect_problem(409, "command_not_possible");
    let told = app.told(&officer).await;
    let told: Vec<&str> = told.iter().map(String::as_str).filter(|kind| kind.starts_with("import.")).collect();
    assert_eq!(
        told[2..],
        ["import.uploaded", "import.checked", "import.reviewed", "import.applying", "import.applied"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_is_forgotten() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let checked = check(&officer, "", file(&two_families())).await;
    assert_eq!(count(&app, "import_parts").await, "1");
    let path = path(&checked);
    let cancelled = officer.post(&format!("{path}/cancellations"), &json!({})).await.expect(200);
    assert_eq!((&cancelled.body["status"], &cancelled.body["decided_by"]), (&json!("cancelled"), &json!(officer.id)));
    officer.post(&format!("{path}/reviews"), &json!({})).await.expect_problem(409, "command_not_possible");
    assert_eq!((count(&app, "import_parts").await, count(&app, "members").await), ("0".to_owned(), "0".to_owned()));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for (part, body) in [("reviews", json!({})), ("applications", json!({})), ("cancellations", json!({}))] {
        neighbour.post(&format!("{path}/{part}"), &body).await.expect_problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_at_fault_when_it_was_checked_stays_out() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let mut theirs = crate::beneficiaries::family("6402091001209001", "6402104101909001");
    theirs["village_code"] = json!("64.02.09.2001");
    let theirs = neighbour.post("/v1/beneficiaries", &theirs).await.expect(201);
    let checked = check(&officer, "", file(&two_families())).await;
    assert_plan(&checked, [1, 0, 0], [1, 0, 0]);
    // The number becomes free before the import is applied; another one is taken.
    let members = neighbour.get(&format!("/v1/beneficiaries/{}/members", theirs.id())).await.body["items"].clone();
    let successor = &members[1]["id"];
    let departure = json!({ "reason": "moved", "on": "2026-11-02", "successor_id": successor });
    let path = format!("/v1/members/{}/departures", members[0]["id"].as_str().unwrap());
    neighbour.post(&path, &departure).await.expect(201);
    let applied = review_and_apply(&officer, &checked, &json!({})).await;
    assert_counts(&applied, [1, 0, 0], [1, 0, 0]);
    let told: Vec<_> = faults(&officer, &applied).await.into_iter().map(|(row, _, code)| (row, code)).collect();
    assert_eq!(told, [(2, "nik_already_registered".to_owned()), (3, "family_row_faulty".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_whose_name_stands_for_two_members_is_at_fault() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let rows = [
        row("6402101001209001", "6402104101909001", "Ibu Contoh", "head"),
        row("6402101001209001", "6402104101909002", "Kembar Contoh", "child"),
        row("6402101001209001", "6402104101909003", "Kembar Contoh", "child"),
    ];
    assert_counts(&import(&officer, file(&rows)).await, [1, 0, 0], [3, 0, 0]);
    assert_counts(&import(&officer, file(&rows)).await, [0, 0, 1], [0, 0, 3]);
    let nameless = [row("6402101001209001", "", "Kembar Contoh", "other")];
    let done = import(&officer, file(&nameless)).await;
    assert_eq!(faults(&officer, &done).await, [(2, "name".to_owned(), "member_ambiguous".to_owned())]);
}

/// A file that takes a moment.
fn many() -> Vec<String> {
    let rows = (1..8_000).filter(|n| n % 10_000 != 0);
    rows.map(|n| row(&format!("64021010012{n:05}"), &format!("64021041019{n:05}"), "Contoh", "head")).collect()
}

const KILL: &str = "select count(pg_terminate_backend(pid))::text as found from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_begins_again_and_has_one_effect() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let sent = send_file(&officer, "", "text/csv", file(&many())).await.expect(202);
    let mut killed = "0".to_owned();
    while killed == "0" {
        killed = texts(&app, KILL).await.remove(0);
    }
    // Rolled back whole: nobody sees a part of it.
    let import = finished(&officer, sent.header("location")).await;
    assert_counts(&import, [7_999, 0, 0], [7_999, 0, 0]);
    assert_eq!(texts(&app, "select attempts::text as found from imports").await, ["1"]);
    for table in ["beneficiaries", "members", "identity_claims", "card_claims"] {
        assert_eq!(count(&app, table).await, "7999", "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_lost_with_its_process_is_resumed_by_the_next_one() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let checked = check(&officer, "", file(&two_families())).await;
    // As a process leaves it that was killed: once while it checked, once while it wrote.
    for (status, becomes) in [("uploaded", "checked"), ("running", "applied")] {
        texts(&app, "delete from import_faults returning code as found").await;
        texts(&app, &format!("update imports set status = '{status}' returning status as found")).await;
        let (db, keys) = (app.services.db.clone(), Arc::clone(&app.services.keys));
        let watch = tokio::spawn(sinergi::beneficiaries::watch_imports(db, keys));
        assert_eq!(finished(&officer, &path(&checked)).await["status"], becomes);
        watch.abort();
    }
    assert_eq!((count(&app, "beneficiaries").await, count(&app, "members").await), ("2".to_owned(), "3".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_whose_file_is_gone_fails_and_says_so() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let insert = "insert into imports (area_id, id, client_id, status, file_digest, created_at)
        values (1, gen_random_uuid(), 'nobody', 'running', '', now()) returning id::text as found";
    let lost = format!("/v1/imports/{}", texts(&app, insert).await[0]);
    let (db, keys) = (app.services.db.clone(), Arc::clone(&app.services.keys));
    tokio::spawn(sinergi::beneficiaries::watch_imports(db, keys));
    let lost = finished(&officer, &lost).await;
    assert_eq!((&lost["status"], &lost["failure_code"]), (&json!("failed"), &json!("file_lost")));
    assert_eq!(app.told(&officer).await, ["import.failed"]);
    assert_eq!(by_the_service(&app).await, ["fail_import imports"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_files_are_forgotten_and_waiting_imports_called_off() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let waiting = check(&officer, "", file(&two_families())).await;
    let faulty = import(&officer, file(&[row("6402101001209001", "123", "Salah", "head")])).await;
    assert_eq!(count(&app, "import_parts").await, "2");
    let now = chrono::Utc::now();
    let db = &app.services.db;
    assert_eq!(sinergi::beneficiaries::remove_old_imports(db, now).await.unwrap(), 0);
    let later = now + chrono::TimeDelta::days(31);
    assert_eq!(sinergi::beneficiaries::remove_old_imports(db, later).await.unwrap(), 2);
    assert_eq!(officer.get(&path(&waiting)).await.body["status"], "cancelled");
    assert_eq!(app.told(&officer).await.iter().filter(|kind| *kind == "import.cancelled").count(), 1);
    assert_eq!(by_the_service(&app).await, ["cancel_import imports"]);
    let wanted = json!({ "format": "csv", "purpose": "A test" });
    let gone = officer.post(&format!("{}/faults/file", path(&faulty)), &wanted).await;
    gone.expect_problem(409, "file_gone");
}
