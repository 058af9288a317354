//! Files that are made to do harm.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::imports::{HEADER, faults, file, row, send_file};
use crate::imports_files::{XLSX, take};
use crate::support::{Client, TestApp};

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The parts that make a workbook.
fn frame(sheet: &str) -> Vec<(String, String)> {
    let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    vec![
        named("[Content_Types].xml", &format!("{head}<Types/>")),
        named(
            "_rels/.rels",
            &format!(
                "{head}<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        named(
            "xl/workbook.xml",
            &format!(
                "{head}<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>\
                 <sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        named(
            "xl/_rels/workbook.xml.rels",
            &format!(
                "{head}<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (SHEET.to_owned(), format!("{head}<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ]
}

fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A header and one family.
fn plain() -> String {
    let names = ["card_number", "nik", "name", "sex", "relationship", "village_code"];
    let values = ["6402101001209001", "6402104101909001", "Contoh", "P", "head", "64.02.10.2004"];
    let row = |number: usize, cells: [&str; 6]| {
        let cells = cells.iter().zip(["A", "B", "C", "D", "E", "F"]);
        let cells: String = cells.map(|(text, column)| cell(&format!("{column}{number}"), text)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    row(1, names) + &row(2, values)
}

async fn refused(client: &Client, workbook: Vec<u8>, code: &str) {
    let began = Instant::now();
    let answer = send_file(client, "", XLSX, workbook).await.expect_problem(422, "invalid_fields");
    assert_eq!(answer.body["errors"][0]["code"], code, "{}", answer.text);
    assert!(began.elapsed().as_secs() < 60, "{code} took {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_workbook_is_refused_before_it_is_read() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let with = |name: &str, text: &str| {
        let mut parts = frame(&plain());
        parts.retain(|(known, _)| known != name);
        parts.push((name.to_owned(), text.to_owned()));
        zipped(&parts)
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let spaces = " ".repeat(8 << 20);
    let many: Vec<_> = (0..1_001).map(|n| (format!("xl/x{n}.xml"), "<a/>".to_owned())).collect();
    let texts = |count: &str, texts: String| format!("<sst xmlns=\"{main}\" uniqueCount=\"{count}\">{texts}</sst>");
    for (workbook, code) in [
        // A zip bomb, 1,000 to 1; one long text; parts without end.
        (with(SHEET, &format!("<worksheet>{}</worksheet>", "<c/>".repeat(4 << 20))), "workbook_too_large"),
        (with(SHEET, &format!("<worksheet>{spaces}</worksheet>")), "workbook_too_large"),
        (zipped(&[frame(&plain()), many].concat()), "workbook_too_large"),
        // Entities, which name other files or grow without end.
        (
            with(SHEET, "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><worksheet>&b;</worksheet>"),
            "workbook_unreadable",
        ),
        (with("xl/sharedStrings.xml", &texts("99999999999", String::new())), "workbook_unreadable"),
        (with("xl/externalLinks/externalLink1.xml", "<externalLink/>"), "workbook_has_links"),
        (with("xl/vbaProject.bin", "x"), "workbook_has_links"),
        (with(SHEET, "<worksheet><sheetData><row><c r=\"A99999999999999999999\"/>"), "workbook_unreadable"),
        (b"not a zip archive at all".to_vec(), "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 with a password".to_vec(), "workbook_unreadable"),
        (zipped(&frame(&plain()))[..600].to_vec(), "workbook_unreadable"),
        (Vec::new(), "workbook_unreadable"),
    ] {
        refused(&officer, workbook, code).await;
    }
    assert_eq!(officer.get("/v1/imports").await.body["items"], json!([]));
    let done = take(&officer, XLSX, zipped(&frame(&plain()))).await;
    assert_eq!(done["families_created"], 1, "the frame itself is a workbook: {done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_too_many_columns_or_odd_cells_is_told() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let letters = |number: usize| {
        let (high, low) = (number / 26, number % 26);
        let letter = |n: usize| char::from(b'A' + u8::try_from(n).unwrap());
        if high == 0 { letter(low).to_string() } else { format!("{}{}", letter(high - 1), letter(low)) }
    };
    let wide: String = (0..600).map(|n| cell(&format!("{}1", letters(n)), "name")).collect();
    refused(&officer, zipped(&frame(&format!("<row r=\"1\">{wide}</row>"))), "columns_too_many").await;
    let last = cell("XFD1", "name");
    refused(&officer, zipped(&frame(&format!("<row r=\"1\">{last}</row>"))), "columns_too_many").await;
    // A cell far to the right, and a formula over the whole sheet of which only the value is read.
    let shared =
        "<c r=\"C3\" t=\"str\"><f t=\"shared\" ref=\"A1:XFD1048576\" si=\"99999999\">A1</f><v>Contoh Lain</v></c>";
    let row = |number: usize, nik: &str, third: &str, more: &str| {
        let cells = [
            cell(&format!("A{number}"), &format!("640210100120900{number}")),
            cell(&format!("B{number}"), nik),
            third.to_owned(),
            cell(&format!("D{number}"), "P"),
            cell(&format!("E{number}"), "head"),
            cell(&format!("F{number}"), "64.02.10.2004"),
            more.to_owned(),
        ];
        format!("<row r=\"{number}\">{}</row>", cells.concat())
    };
    let sheet = plain()
        + &row(3, "6402104101909003", shared, "")
        + &row(4, "6402104101909004", &cell("C4", "Lebar"), &cell("XFD4", "x"));
    let done = take(&officer, XLSX, zipped(&frame(&sheet))).await;
    assert_eq!(done["families_created"], 2, "{done}");
    assert_eq!(faults(&officer, &done).await, [(4, String::new(), "row_not_csv".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_a_fault_of_its_row() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let named =
        |n: usize, name: &str| row(&format!("640210100120900{n}"), &format!("640210410190900{n}"), name, "head");
    let rows = [
        named(1, "Nol\u{0}"),
        named(2, "Arah\u{202e}"),
        named(3, "Lebar\u{200b}"),
        named(4, &format!("\"{}\"", "e\u{301}".repeat(50_000))),
        named(5, "=cmd|' /C calc'!A0"),
        named(6, "Siti Aminah"),
    ];
    let mut bytes = format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes();
    let latin = named(7, "Jos#").into_bytes().into_iter().map(|byte| if byte == b'#' { 0xe9 } else { byte });
    bytes.extend(latin);
    let done = take(&officer, "text/csv", bytes).await;
    let told: Vec<_> = faults(&officer, &done).await.into_iter().map(|(row, _, code)| (row, code)).collect();
    let expected = [
        (2, "text_has_hidden_characters"),
        (3, "text_has_hidden_characters"),
        (4, "text_has_hidden_characters"),
        (5, "text_too_long"),
        (8, "text_not_utf8"),
    ];
    assert_eq!(told, expected.map(|(row, code)| (row, code.to_owned())));
    // What a spreadsheet would compute is a name here, and defused where it goes out as CSV.
    assert_eq!(done["families_created"], 2);
    let columns = vec!["name"; 16_384].join(",");
    let wide = send_file(&officer, "", "text/csv", format!("{columns}\n")).await;
    let wide = wide.expect_problem(422, "invalid_fields");
    assert_eq!(wide.body["errors"][0]["code"], "columns_too_many");
    let line = format!("{{\"name\": \"{}\"}}\n", "x".repeat(2 << 20));
    let long = send_file(&officer, "", "application/x-ndjson", line).await.expect_problem(422, "invalid_fields");
    assert_eq!(long.body["errors"][0]["code"], "row_not_json");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_never_end_take_no_places_from_other_clients() {
    let app = TestApp::new().await;
    let (slow, other) = (app.kecamatan().await, app.kecamatan().await);
    let mut open = Vec::new();
    for number in 0..4 {
        let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
        let head = format!(
            "POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: never-ends-{number}\r\n\
             Content-Type: text/csv\r\nContent-Length: 5000000\r\n\r\n{HEADER}\n",
            slow.token()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        open.push(stream);
    }
    let short = file(&[row("6402101501000401", "", "Contoh Lambat", "head")]);
    let send = async |client: &Client| send_file(client, "", "text/csv", short.clone()).await;
    // The four are taken up one after the other.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut refused = send(&slow).await;
    while refused.status == 202 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        refused = send(&slow).await;
    }
    refused.expect_problem(429, "too_many_requests");
    send(&other).await.expect(202);
    drop(open);
    let mut again = send(&slow).await;
    while again.status == 429 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        again = send(&slow).await;
    }
    again.expect(202);
}
