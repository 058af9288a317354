//! Formats of files, and the faulty rows that go back to their sender.

use reqwest::Method;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::imports::{assert_counts, faults, file, finished, import, row, send_file, two_families};
use crate::support::{Client, TestApp, send, texts};

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends a file that is applied by itself and waits for it.
pub(crate) async fn take(client: &Client, media_type: &str, file: impl Into<Vec<u8>>) -> Value {
    let sent = send_file(client, "", media_type, file).await.expect(202);
    finished(client, sent.header("location")).await
}

fn told(faults: &[(i64, String, String)]) -> Vec<(i64, &str, &str)> {
    faults.iter().map(|(row, column, code)| (*row, column.as_str(), code.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_is_read_whatever_its_delimiter_and_mark() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let text = file(&two_families());
    assert_counts(&take(&officer, "text/csv", text.replace(',', ";")).await, [2, 0, 0], [3, 0, 0]);
    for same in [text.replace(',', "\t"), format!("\u{feff}{text}"), text.replace('\n', "\r\n")] {
        assert_counts(&take(&officer, "text/csv", same).await, [0, 0, 2], [0, 0, 3]);
    }
    let quoted = text.replace("Satu Contoh", "\"Satu Contoh\"").replace("RT 03", "\"RT 03, Gang; 2\"");
    assert_counts(&take(&officer, "text/csv", quoted).await, [0, 2, 0], [0, 0, 3]);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    send_file(&officer, "", "text/csv", wide).await.expect_problem(422, "invalid_fields");
    send_file(&officer, "", "text/csv", "").await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_json_object_on_each_line_is_a_row() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let head = r#"{"card_number":"6402101001209001","nik":6402104101909001,"name":"Satu Contoh","sex":"female","born_on":"1990-01-01","relationship":"head","village_code":"64.02.10.2004","is_pregnant":true,"phone":null}"#;
    let rows = [
        head,
        "",
        r#"{"card_number":"6402101001209002","nik":6.4021041019090E+15,"name":"Dua","sex":"P","relationship":"head","village_code":"64.02.10.2004"}"#,
        r#"{"card_number":"6402101001209003","nama":"Tiga"}"#,
        r#"{"card_number":"6402101001209003","name":"A","name":"B"}"#,
        r#"{"card_number":"6402101001209003","name":{"first":"A"}}"#,
        "[1]",
        r#"{"card_number":"6402101001209004"}"#,
    ];
    let done = take(&officer, "application/x-ndjson", rows.join("\n")).await;
    assert_counts(&done, [1, 0, 0], [1, 0, 0]);
    let found = faults(&officer, &done).await;
    let expected = [
        (3, "nik", "number_as_float"),
        (4, "", "column_unknown"),
        (5, "", "column_twice"),
        (6, "", "wrong_type"),
        (7, "", "row_not_json"),
        (8, "name", "required"),
        (8, "relationship", "required"),
        (8, "sex", "required"),
        (8, "village_code", "required"),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(texts(&app, "select is_pregnant::text as found from members").await, ["true"]);
}

const COLUMNS: [&str; 7] = ["card_number", "nik", "name", "sex", "born_on", "relationship", "village_code"];

/// A sheet with the columns and rows of text below them.
fn sheet(rows: &[[&str; 7]], change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (line, cells) in std::iter::once(&COLUMNS).chain(rows).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(line).unwrap(), u16::try_from(column).unwrap(), *cell).unwrap();
        }
    }
    change(sheet);
    workbook.save_to_buffer().unwrap()
}

const MOTHER: [&str; 7] =
    ["6402101001209001", "6402104101909001", "Satu Contoh", "P", "1990-01-01", "head", "64.02.10.2004"];

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_keeps_digits_and_dates_or_says_which_it_lost() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let numbered = |n: usize| {
        let mut row = MOTHER;
        row[0] = ["6402101001209002", "6402101001209003", "6402101001209004", "6402101001209005"][n];
        row[1] = ["6402104101909002", "6402104101909003", "6402104101909004", "6402104101909005"][n];
        row
    };
    let rows = [MOTHER, numbered(0), numbered(1), numbered(2), numbered(3)];
    let workbook = sheet(&rows, |sheet| {
        let date = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_datetime_with_format(1, 4, ExcelDateTime::from_ymd(1990, 1, 1).unwrap(), &date).unwrap();
        // The same day as a bare number, a name that a formula came to, and numbers that are no text.
        sheet.write_number(2, 4, 32_874).unwrap();
        sheet.write_formula(2, 2, Formula::new("=A1&\"x\"").set_result("Nama Rumus")).unwrap();
        sheet.write_number(3, 1, 6_402_104_101_909_003_f64).unwrap();
        sheet.write_number(3, 0, 6_402_101_001_209_003_f64).unwrap();
        sheet.write_string(4, 1, "640210410190900").unwrap();
        sheet.write_formula(5, 2, Formula::new("=NA()").set_result("#N/A")).unwrap();
    });
    let done = take(&officer, XLSX, workbook).await;
    let found = faults(&officer, &done).await;
    let expected = [
        (4, "card_number", "number_as_float"),
        (4, "nik", "number_as_float"),
        (5, "nik", "number_digits_missing"),
        (6, "name", "cell_error"),
    ];
    assert_eq!(told(&found), expected);
    assert_counts(&done, [2, 0, 0], [2, 0, 0]);
    let born = "select name || ' ' || to_char(born_on, 'YYYY-MM-DD') as found from members order by 1";
    assert_eq!(texts(&app, born).await, ["Nama Rumus 1990-01-01", "Satu Contoh 1990-01-01"]);
    let shown = officer.post("/v1/beneficiaries/search", &json!({ "nik": MOTHER[1] })).await.expect(200);
    assert_eq!(shown.body["items"].as_array().unwrap().len(), 1);
}

async fn faults_file(client: &Client, import: &Value, format: &str) -> String {
    let path = format!("/v1/imports/{}/faults/file", import["id"].as_str().unwrap());
    let request = client.request(Method::POST, &path).header("Accept", "text/csv, application/x-ndjson");
    let wanted = json!({ "format": format, "purpose": "Mending a test" });
    let answer = send(request.header("Accept-Language", "id").json(&wanted)).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_rows_are_fetched_mended_and_sent_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mut rows = two_families();
    rows.push(row("6402101001209003", "640210410190900", "Empat Contoh", "head").replace("RT 03", "=1+1"));
    rows.push(row("6402101001209003", "", "Lima Contoh", "child").replace("RT 03", "=1+1"));
    let done = import(&officer, file(&rows)).await;
    assert_counts(&done, [2, 0, 0], [3, 0, 0]);
    let csv = faults_file(&officer, &done, "csv").await;
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{csv}");
    assert!(lines[0].ends_with("decile_period,fault_line,fault_codes,fault_advice"), "{csv}");
    assert!(lines[1].starts_with("'6402101001209003,'640210410190900,Empat Contoh,P,1990-01-01,head,"), "{csv}");
    assert!(lines[1].contains(",'=1+1,") && lines[1].contains(",5,nik:number_digits_missing,"), "{csv}");
    assert!(lines[1].contains("Ada angka yang hilang"), "in the language that was asked for: {csv}");
    assert!(lines[2].contains(",6,family_row_faulty,"), "{csv}");
    let ndjson = faults_file(&officer, &done, "ndjson").await;
    let first: Value = serde_json::from_str(ndjson.lines().next().unwrap()).unwrap();
    assert_eq!((&first["nik"], &first["address"]), (&json!("640210410190900"), &json!("=1+1")));
    assert_eq!(first["fault_codes"], "nik:number_digits_missing");
    let mended = csv.replace("'640210410190900,", "'6402104101909004,");
    assert_counts(&take(&officer, "text/csv", mended).await, [1, 0, 0], [2, 0, 0]);
    let mended = ndjson.replace("\"640210410190900\"", "\"6402104101909004\"");
    assert_counts(&take(&officer, "application/x-ndjson", mended).await, [0, 0, 1], [0, 0, 2]);
    assert_eq!(texts(&app, "select distinct address as found from beneficiaries order by 1").await, ["=1+1", "RT 03"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kept_file_is_sealed_and_shown_only_to_who_may_read_numbers() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let rows = [row("6402101001209003", "640210410190900", "Empat Contoh", "head")];
    let done = import(&officer, file(&rows)).await;
    let held = "select (position('6402101001209003'::bytea in bytes_sealed) > 0
        or position('Empat Contoh'::bytea in bytes_sealed) > 0)::text as found from import_parts";
    assert_eq!(texts(&app, held).await, ["false"]);
    faults_file(&officer, &done, "csv").await;
    let read = "select purpose || ' ' || record_count as found from audit_records
        where operation = 'disclose_faulty_rows'";
    assert_eq!(texts(&app, read).await, ["Mending a test 1"]);
    let path = format!("/v1/imports/{}/faults/file", done["id"].as_str().unwrap());
    let wanted = json!({ "format": "csv", "purpose": "A test" });
    let request = officer.request(Method::POST, &path).header("Accept", "application/json").json(&wanted);
    let refused = send(request).await.expect_problem(406, "not_acceptable");
    assert!(refused.body["detail"].as_str().unwrap().ends_with("(text/csv, application/x-ndjson)"), "{}", refused.text);
    assert_eq!(texts(&app, read).await.len(), 1, "nothing was shown");
    app.puskesos().await.post(&path, &wanted).await.expect_problem(403, "insufficient_scope");
    let neighbour = app.client("kecamatan_officer", crate::support::KENOHAN).await;
    neighbour.post(&path, &wanted).await.expect_problem(404, "not_found");
    officer.post(&path, &json!({ "format": "csv" })).await.expect_problem(422, "invalid_fields");
    // Nobody needs the file of an import without a fault.
    import(&officer, file(&two_families())).await;
    assert_eq!(texts(&app, "select count(*)::text as found from import_parts").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_many_parts_is_kept_and_read_again_as_it_was() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mut rows: Vec<String> = (1..6_000)
        .map(|n| row(&format!("64021010012{n:05}"), &format!("64021041019{n:05}"), "Contoh", "head"))
        .collect();
    rows.push(row("6402101001299999", "1", "Terakhir", "head"));
    let done = import(&officer, file(&rows)).await;
    assert_eq!((&done["families_created"], &done["rows_faulty"]), (&json!(5_999), &json!(1)));
    let parts = texts(&app, "select count(*)::text as found from import_parts").await;
    assert!(parts[0].parse::<i32>().unwrap() > 1, "{parts:?}");
    let csv = faults_file(&officer, &done, "csv").await;
    assert!(csv.lines().count() == 2 && csv.contains("Terakhir"), "{csv}");
}
