//! Files of families.

use reqwest::Method;
use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{Answer, Client, KENOHAN, TestApp, send, texts};

pub(crate) const HEADER: &str =
    "card_number,nik,name,sex,born_on,relationship,village_code,address,decile,decile_source,decile_period";

/// A row of a family of decile 2 in Kembang Janggut.
pub(crate) fn row(card: &str, nik: &str, name: &str, relationship: &str) -> String {
    format!("{card},{nik},{name},P,1990-01-01,{relationship},64.02.10.2004,RT 03,2,DTSEN,2026-10-01")
}

pub(crate) fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

async fn upload(client: &Client, key: &str, file: String) -> Answer {
    let request = client.request(Method::POST, "/v1/imports").header("Idempotency-Key", key);
    send(request.header("Content-Type", "text/csv").body(file)).await
}

/// Sends a file of any kind with a query.
pub(crate) async fn send_file(client: &Client, query: &str, media_type: &str, file: impl Into<Vec<u8>>) -> Answer {
    let request = client.request(Method::POST, &format!("/v1/imports{query}"));
    let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
    send(request.header("Content-Type", media_type).body(file.into())).await
}

/// Sends a file that is to be reviewed, and waits until it is checked.
pub(crate) async fn check(client: &Client, query: &str, file: String) -> Value {
    let sent = send_file(client, &format!("?apply=after_review{query}"), "text/csv", file).await.expect(202);
    assert_eq!(sent.body["status"], "uploaded");
    finished(client, sent.header("location")).await
}

/// Sends a file and waits for what becomes of it.
pub(crate) async fn import(client: &Client, file: String) -> Value {
    let started = upload(client, &uuid::Uuid::now_v7().to_string(), file).await.expect(202);
    let path = format!("/v1/imports/{}", started.id());
    assert_eq!(started.header("location"), path);
    finished(client, &path).await
}

pub(crate) async fn finished(client: &Client, path: &str) -> Value {
    for _ in 0..1_200 {
        let import = client.get(path).await.expect(200).body;
        if import["status"] != "running" && import["status"] != "uploaded" {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}

pub(crate) async fn faults(client: &Client, import: &Value) -> Vec<(i64, String, String)> {
    let path = format!("/v1/imports/{}/faults", import["id"].as_str().unwrap());
    let listed = client.get(&path).await.expect(200);
    let fault = |fault: &Value| {
        let text = |name: &str| fault[name].as_str().unwrap_or("").to_owned();
        (fault["row"].as_i64().unwrap(), text("column"), text("code"))
    };
    listed.body["items"].as_array().unwrap().iter().map(fault).collect()
}

#[track_caller]
pub(crate) fn assert_counts(import: &Value, families: [i64; 3], members: [i64; 3]) {
    assert_eq!(import["status"], "applied", "{import}");
    assert_plan(import, families, members);
}

/// What an import did, or would do.
#[track_caller]
pub(crate) fn assert_plan(import: &Value, families: [i64; 3], members: [i64; 3]) {
    let counts = |noun: &str| ["created", "changed", "unchanged"].map(|what| import[format!("{noun}_{what}")].clone());
    assert_eq!(
        (counts("families"), counts("members")),
        (families.map(Value::from), members.map(Value::from)),
        "{import}"
    );
}

pub(crate) fn two_families() -> Vec<String> {
    vec![
        row("6402101001209001", "6402104101909001", "Satu Contoh", "head"),
        row("6402101001209001", "", "Dua Contoh", "child"),
        row("6402101001209002", "6402104101909002", "Tiga Contoh", "head"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_file_is_in_and_the_same_file_again_changes_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let first = import(&officer, file(&two_families())).await;
    assert_counts(&first, [2, 0, 0], [3, 0, 0]);
    assert_eq!((&first["rows_read"], &first["rows_done"], &first["rows_faulty"]), (&json!(3), &json!(3), &json!(0)));
    let families = officer.get("/v1/beneficiaries").await.expect(200).body;
    let one = &families["items"][0];
    assert_eq!((&one["head_name"], &one["member_count"]), (&json!("Satu Contoh"), &json!(2)));
    assert_eq!((&one["source"], &one["decile"], &one["version"]), (&json!("import"), &json!(2), &json!(1)));
    let again = import(&officer, file(&two_families())).await;
    assert_counts(&again, [0, 0, 2], [0, 0, 3]);
    assert_eq!(officer.get("/v1/beneficiaries").await.body, families);
    let shown = officer.post("/v1/beneficiaries/search", &json!({ "nik": "6402104101909001" })).await.expect(200);
    assert_eq!(shown.body["items"][0]["id"], one["id"]);
    let path = format!("/v1/beneficiaries/{}/number-disclosures", one["id"].as_str().unwrap());
    let numbers = officer.post(&path, &json!({ "purpose": "A test" })).await.expect(200).body;
    assert_eq!(numbers["card_number"], "6402101001209001");
    assert_eq!(numbers["members"][0]["nik"], "6402104101909001");
    assert_eq!(officer.get("/v1/imports").await.expect(200).body["items"], json!([again, first]));
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_rows_are_told_one_by_one_and_the_good_ones_are_in() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mut rows = two_families();
    rows.push("6402101001209003,123,,X,1990-13-01,boss,64.02.09.2001,RT 03,11,DTSEN,2026-10-02".to_owned());
    rows.push(row("6402101001209003", "6402104101909003", "Empat Contoh", "child"));
    rows.push("too,short".to_owned());
    let import = import(&officer, file(&rows)).await;
    assert_counts(&import, [2, 0, 0], [3, 0, 0]);
    assert_eq!(import["rows_faulty"], 3);
    let expected = [
        (5, "born_on", "date_malformed"),
        (5, "decile", "decile_out_of_range"),
        (5, "decile_period", "period_not_first_day"),
        (5, "name", "required"),
        (5, "nik", "nik_malformed"),
        (5, "relationship", "value_unknown"),
        (5, "sex", "value_unknown"),
        (5, "village_code", "village_unknown"),
        (6, "", "family_row_faulty"),
        (7, "", "row_not_csv"),
    ];
    let expected = expected.map(|(row, column, code)| (row, column.to_owned(), code.to_owned()));
    assert_eq!(faults(&officer, &import).await, expected);
    let path = format!("/v1/imports/{}/faults?limit=3", import["id"].as_str().unwrap());
    let request = officer.request(Method::GET, &path).header("Accept-Language", "id");
    let page = send(request).await.expect(200);
    assert!(page.body["items"][0]["detail"].as_str().unwrap().starts_with("Bukan tanggal."));
    let next = officer.get(&format!("{path}&cursor={}", page.body["next"].as_str().unwrap())).await.expect(200);
    assert_eq!(next.body["items"][0]["column"], "name");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_between_rows_hold() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let rows = [
        row("6402101001209001", "6402104101909001", "Tanpa Kepala", "child"),
        row("6402101001209002", "6402104101909002", "Kepala Satu", "head"),
        row("6402101001209002", "6402104101909003", "Kepala Dua", "head"),
        row("6402101001209003", "6402104101909004", "Nomor Sama", "head"),
        row("6402101001209004", "6402104101909004", "Nomor Sama Juga", "head"),
        row("6402101001209005", "6402104101909005", "Kepala", "head"),
        row("6402101001209005", "", "Anak Sama", "child"),
        row("6402101001209005", "", "Anak Sama", "child"),
        row("6402101001209006", "6402104101909006", "Kepala", "head"),
        row("6402101001209006", "", "Beda Desa", "child").replace("2004", "2005"),
        row("6402101001209007", "6402101001209007", "Nomor Kartu", "head"),
        row("6402101001209008", "6402104101909008", "Baik", "head"),
    ];
    let import = import(&officer, file(&rows)).await;
    assert_counts(&import, [1, 0, 0], [1, 0, 0]);
    let expected = [
        (2, "relationship", "head_missing"),
        (3, "relationship", "head_twice"),
        (4, "", "family_row_faulty"),
        (5, "nik", "nik_twice"),
        (6, "nik", "nik_twice"),
        (7, "", "family_row_faulty"),
        (8, "", "family_row_faulty"),
        (9, "name", "member_twice"),
        (10, "", "family_row_faulty"),
        (11, "village_code", "family_rows_differ"),
        (12, "nik", "card_number_is_nik"),
    ];
    let expected = expected.map(|(row, column, code)| (row, column.to_owned(), code.to_owned()));
    assert_eq!(faults(&officer, &import).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_claimed_elsewhere_is_a_fault_of_its_row() {
    let app = TestApp::new().await;
    let (officer, neighbour) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let mut theirs = family("6402091001209001", "6402094101909001");
    theirs["village_code"] = json!("64.02.09.2001");
    neighbour.post("/v1/beneficiaries", &theirs).await.expect(201);
    officer.post("/v1/beneficiaries", &family("6402101001209009", "6402104101909009")).await.expect(201);
    let rows = [
        row("6402091001209001", "", "Kartu Tetangga", "head"),
        row("6402101001209001", "6402094101909001", "Nomor Tetangga", "head"),
        row("6402101001209001", "", "Anak", "child"),
        row("6402101001209002", "6402104101909009", "Nomor Keluarga Lain", "head"),
        row("6402101001209003", "6402104101909003", "Baik", "head"),
    ];
    let done = import(&officer, file(&rows)).await;
    assert_counts(&done, [1, 0, 0], [1, 0, 0]);
    let expected = [
        (2, "card_number", "card_already_registered"),
        (3, "nik", "nik_already_registered"),
        (4, "", "family_row_faulty"),
        (5, "nik", "card_and_nik_differ"),
    ];
    let expected = expected.map(|(row, column, code)| (row, column.to_owned(), code.to_owned()));
    assert_eq!(faults(&officer, &done).await, expected);
    // What a family that was not taken had claimed is free.
    let free = [row("6402101001209001", "6402104101909011", "Baik Juga", "head")];
    assert_counts(&import(&officer, file(&free)).await, [1, 0, 0], [1, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_changes_the_record_and_keeps_the_one_before() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    import(&officer, file(&two_families())).await;
    let before = officer.get("/v1/beneficiaries").await.body["items"][0].clone();
    let path = format!("/v1/beneficiaries/{}", before["id"].as_str().unwrap());
    let members = officer.get(&format!("{path}/members")).await.body["items"].clone();
    let then = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let rows = [
        row("6402101001209001", "6402104101909001", "Satu Contoh", "parent"),
        row("6402101001209001", "6402104101909021", "Dua Contoh", "head")
            .replace("DTSEN,2026-10-01", "DTSEN,2027-01-01"),
        row("6402101001209001", "", "Lima Contoh", "child"),
    ];
    let rows = rows.map(|row| row.replace("RT 03,2", "RT 09,3").replace("2026-10-01", "2027-01-01"));
    let changed = import(&officer, file(&rows)).await;
    assert_eq!(faults(&officer, &changed).await, []);
    assert_counts(&changed, [0, 1, 0], [1, 2, 0]);
    let after = officer.get(&path).await.expect(200).body;
    assert_eq!((&after["head_name"], &after["member_count"]), (&json!("Dua Contoh"), &json!(3)));
    assert_eq!((&after["address"], &after["decile"], &after["version"]), (&json!("RT 09"), &json!(3), &json!(2)));
    assert_eq!(officer.get(&format!("{path}?as_of={then}")).await.expect(200).body, before);
    assert_eq!(officer.get(&format!("{path}/members?as_of={then}")).await.body["items"], members);
    // The NIK that a known member got is sealed for that member.
    let numbers = officer.post(&format!("{path}/number-disclosures"), &json!({ "purpose": "A test" })).await;
    let niks: Vec<_> = numbers.body["members"].as_array().unwrap().iter().map(|member| &member["nik"]).collect();
    assert_eq!(niks, ["6402104101909001", "6402104101909021"]);
    let ranks = texts(&app, "select decile::text as found from welfare_ranks order by period, beneficiary_id").await;
    assert_eq!(ranks, ["2", "2", "3"]);
    assert_counts(&import(&officer, file(&rows)).await, [0, 0, 1], [0, 0, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_at_fault_is_refused_at_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let file = "6402104101909001,name,name,sex,relationship,village_code\n".to_owned();
    let refused = upload(&officer, "header-fault-1", file).await.expect_problem(422, "invalid_fields");
    let told: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
    assert_eq!(told, ["column_unknown", "column_twice", "column_missing"]);
    assert!(!refused.text.contains("6402104101909001"));
    let open = format!("{HEADER}\n\"{}", "x".repeat(3 << 20));
    let refused = upload(&officer, "open-quote-1", open).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "row_not_csv");
    let request =
        officer.request(Method::POST, "/v1/imports").header("Idempotency-Key", "json-file-1").json(&json!({}));
    send(request).await.expect_problem(415, "media_type_unsupported");
    let request = officer.request(Method::POST, "/v1/imports").header("Content-Type", "text/csv").body(HEADER);
    send(request).await.expect_problem(400, "idempotency_key_missing");
    assert_eq!(officer.get("/v1/imports").await.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_of_an_import_has_one_effect() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let first = upload(&officer, "import-retry-1", file(&two_families())).await.expect(202);
    let again = upload(&officer, "import-retry-1", file(&two_families())).await.expect(202);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.text, first.text);
    let other = upload(&officer, "import-retry-1", file(&two_families()[2..])).await;
    other.expect_problem(422, "idempotency_key_reused");
    // The same file asked for otherwise is another command, not one that was answered before.
    let asked = officer.request(Method::POST, "/v1/imports?apply=after_review").header("Content-Type", "text/csv");
    let asked = asked.header("Idempotency-Key", "import-retry-1").body(file(&two_families()));
    send(asked).await.expect_problem(422, "idempotency_key_reused");
    finished(&officer, first.header("location")).await;
    assert_eq!(officer.get("/v1/imports").await.body["items"].as_array().unwrap().len(), 1);
    let kinds = texts(
        &app,
        "select kind as found from (select kind from outbox union all select kind from events) e order by 1",
    )
    .await;
    assert_eq!(kinds, ["import.applied", "import.uploaded"]);
    // What the second request sent is not kept beside what the first one did.
    assert_eq!(texts(&app, "select count(*)::text as found from import_parts").await, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_for_the_officers_of_the_area() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let done = import(&officer, file(&two_families())).await;
    let path = format!("/v1/imports/{}", done["id"].as_str().unwrap());
    app.puskesos().await.get(&path).await.expect_problem(403, "insufficient_scope");
    upload(&app.puskesos().await, "not-allowed-1", file(&two_families()))
        .await
        .expect_problem(403, "insufficient_scope");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    neighbour.get(&format!("{path}/faults")).await.expect_problem(404, "not_found");
    let both = app.client_of("kecamatan_officer", &[1, 2], None).await;
    upload(&both, "which-area-1", file(&two_families())).await.expect_problem(422, "invalid_fields");
    let theirs = import(&neighbour, file(&two_families())).await;
    assert!(faults(&neighbour, &theirs).await.iter().any(|(_, _, code)| code == "village_unknown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_and_a_form_at_once_share_no_number() {
    let app = TestApp::new().await;
    let (one, other) = (app.kecamatan().await, app.client("kecamatan_officer", KENOHAN).await);
    let rows = |area: &str, village: &str| -> Vec<String> {
        let row = |n: i32| {
            let nik = format!("64021041019{n:05}");
            row(&format!("{area}10012{n:05}"), &nik, "Contoh", "head").replace("64.02.10.2004", village)
        };
        (1..=300).map(row).collect()
    };
    let (ours, theirs) = (file(&rows("640210", "64.02.10.2004")), file(&rows("640209", "64.02.09.2001")));
    let form = family("6402101001200999", "6402104101900150");
    let (ours, theirs, form) =
        tokio::join!(import(&one, ours), import(&other, theirs), one.post("/v1/beneficiaries", &form));
    let created = |import: &Value| import["families_created"].as_i64().unwrap();
    let by_form = i64::from(form.status.as_u16() == 201);
    assert_eq!(created(&ours) + created(&theirs) + by_form, 300, "{ours} {theirs} {}", form.text);
    assert_eq!(texts(&app, "select count(*)::text as found from identity_claims").await, ["300"]);
    let cards = "select (select count(*) from card_claims)::text || ' ' || (select count(*) from beneficiaries)::text
        as found";
    assert_eq!(texts(&app, cards).await, ["300 300"]);
}
