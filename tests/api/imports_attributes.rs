//! Attributes that come by a file.

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::imports::{assert_counts, assert_plan, faults, finished, send_file};
use crate::imports_files::XLSX;
use crate::support::{Client, TestApp};

const HEADER: &str = "KARTU,NIK,NAMA,JK,HUBUNGAN,DESA,TANGGAL,ATAP,KAMAR,ASET,VAKSIN,BERAT";

fn layout() -> Value {
    let names = [
        ("KARTU", "card_number"),
        ("NIK", "nik"),
        ("NAMA", "name"),
        ("JK", "sex"),
        ("HUBUNGAN", "relationship"),
        ("DESA", "village_code"),
        ("TANGGAL", "attribute_observed_on"),
    ];
    let attribute = |from: &str, subject: &str, name: &str, values: Value| {
        let values = values.as_object().unwrap().iter().map(|(from, to)| json!({ "from": from, "to": to }));
        json!({ "from": from, "subject": subject, "attribute": name, "values": values.collect::<Vec<_>>() })
    };
    json!({
        "columns": names.map(|(from, to)| json!({ "from": from, "to": to })),
        "attributes": [
            attribute("ATAP", "beneficiaries", "roof", json!({ "SENG": "zinc" })),
            attribute("KAMAR", "beneficiaries", "rooms", json!({})),
            attribute("ASET", "beneficiaries", "assets", json!({})),
            attribute("VAKSIN", "members", "vaccinated", json!({ "YA": "true", "TIDAK": "false" })),
            attribute("BERAT", "members", "weight", json!({})),
        ],
        "constants": [{ "column": "attribute_source", "value": "Desa" }],
        "date_form": "day_month_year"
    })
}

async fn register(officer: &Client, subject: &str, definition: Value) -> String {
    let new = json!({ "subject": subject, "definition": definition });
    officer.post("/v1/attribute-schemas", &new).await.expect(201).id()
}

fn of_families() -> Value {
    let asset = json!({ "type": "string", "maxLength": 20 });
    json!({ "type": "object", "required": ["roof"], "properties": {
        "roof": { "type": "string", "enum": ["palm leaf", "zinc"] },
        "rooms": { "type": "integer", "minimum": 1, "maximum": 20 },
        "assets": { "type": "array", "maxItems": 3, "items": asset },
    } })
}

fn of_members() -> Value {
    json!({ "type": "object", "properties": {
        "vaccinated": { "type": "boolean" },
        "weight": { "type": "number", "minimum": 1, "maximum": 200 },
    } })
}

/// A sub-district with schemas and a mapping.
struct Office {
    app: TestApp,
    officer: Client,
    family_schema: String,
    member_schema: String,
    query: String,
}

impl Office {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let officer = app.kecamatan().await;
        let family_schema = register(&officer, "beneficiaries", of_families()).await;
        let member_schema = register(&officer, "members", of_members()).await;
        let new = json!({ "name": "Desa", "layout": layout() });
        let mapping = officer.post("/v1/import-mappings", &new).await.expect(201);
        Self { app, officer, family_schema, member_schema, query: format!("?mapping_id={}", mapping.id()) }
    }

    async fn take(&self, media_type: &str, file: impl Into<Vec<u8>>) -> Value {
        let sent = send_file(&self.officer, &self.query, media_type, file).await.expect(202);
        finished(&self.officer, sent.header("location")).await
    }

    async fn import(&self, rows: &[String]) -> Value {
        self.take("text/csv", format!("{HEADER}\n{}\n", rows.join("\n"))).await
    }

    async fn family(&self) -> Value {
        let families = self.officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
        families.as_array().unwrap().iter().find(|family| family["head_name"] == "Satu Contoh").unwrap().clone()
    }

    fn path(family: &Value) -> String {
        format!("/v1/beneficiaries/{}", family["id"].as_str().unwrap())
    }

    async fn members(&self) -> Vec<Value> {
        let path = format!("{}/members", Self::path(&self.family().await));
        self.officer.get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
    }
}

/// A row of a family, with what it tells in the columns of attributes.
fn row(card: u32, name: &str, relationship: &str, told: &str) -> String {
    let nik = if relationship == "head" { format!("640210410190900{card}") } else { String::new() };
    format!("640210100120900{card},{nik},{name},P,{relationship},64.02.10.2004,{told}")
}

fn one_family() -> Vec<String> {
    vec![
        row(1, "Satu Contoh", "head", "1/11/2026,SENG,3,boat; bicycle,YA,"),
        row(1, "Dua Contoh", "child", "1/11/2026,SENG,3,boat; bicycle,TIDAK,12.5"),
    ]
}

fn fact(value: impl Into<Value>) -> Value {
    json!({ "value": value.into(), "source": "Desa", "observed_on": "2026-11-01" })
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_of_families_and_members_come_by_a_file_of_any_form() {
    let office = Office::new().await;
    assert_counts(&office.import(&one_family()).await, [1, 0, 0], [2, 0, 0]);
    let family = office.family().await;
    let expected = json!({ "roof": fact("zinc"), "rooms": fact(3), "assets": fact(json!(["boat", "bicycle"])) });
    assert_eq!((&family["attributes"], &family["attribute_schema_id"]), (&expected, &json!(office.family_schema)));
    let members = office.members().await;
    assert_eq!(members[0]["attributes"], json!({ "vaccinated": fact(true) }));
    assert_eq!(members[1]["attributes"], json!({ "vaccinated": fact(false), "weight": fact(12.5) }));
    assert_eq!(members[1]["attribute_schema_id"], json!(office.member_schema));

    assert_counts(&office.import(&one_family()).await, [0, 0, 1], [0, 0, 2]);
    let object = |nik: &str, name: &str, relationship: &str, vaccinated: bool, weight: Value| {
        json!({ "KARTU": "6402101001209001", "NIK": nik, "NAMA": name, "JK": "P", "HUBUNGAN": relationship,
            "DESA": "64.02.10.2004", "TANGGAL": "2026-11-01", "ATAP": "zinc", "KAMAR": 3, "ASET": "boat;bicycle",
            "VAKSIN": vaccinated, "BERAT": weight })
    };
    let lines = [
        object("6402104101909001", "Satu Contoh", "head", true, Value::Null),
        object("", "Dua Contoh", "child", false, json!(12.50)),
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    assert_counts(&office.take("application/x-ndjson", lines).await, [0, 0, 1], [0, 0, 2]);
    assert_counts(&office.take(XLSX, workbook()).await, [0, 0, 1], [0, 0, 2]);
    assert_eq!((office.family().await, office.members().await), (family, members));
}

/// The same family as a workbook, numbers and truths as such.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let lines = std::iter::once(HEADER.to_owned()).chain(one_family());
    for (line, cells) in (0_u32..).zip(lines) {
        for (column, cell) in (0_u16..).zip(cells.split(',')) {
            match (line, column) {
                (1.., 8 | 11) if !cell.is_empty() => sheet.write_number(line, column, cell.parse::<f64>().unwrap()),
                (1.., 10) => sheet.write_boolean(line, column, cell == "YA"),
                _ => sheet.write_string(line, column, cell),
            }
            .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_schema_is_a_fault_of_its_cell() {
    let office = Office::new().await;
    let rows = [
        row(1, "Satu Contoh", "head", "1/11/2026,GENTENG,21,boat,MUNGKIN,"),
        row(2, "Dua Contoh", "head", "1/11/2026,GENTENG,21,a;b;c;d,YA,201"),
        row(3, "Tiga Contoh", "head", ",SENG,,,,"),
        row(4, "Empat Contoh", "head", "1/11/2126,SENG,tiga,#N/A,,"),
        row(5, "Lima Contoh", "head", "1/11/2026,SENG,,,,12,5"),
        row(6, "Enam Contoh", "head", "1/11/2026,,3,,,"),
        row(7, "Tujuh Contoh", "head", "1/11/2026,SENG,,,,"),
        row(7, "Delapan Contoh", "child", "1/11/2026,SENG,2,,,"),
        row(8, "Baik Contoh", "head", ",,,,,"),
    ];
    let done = office.import(&rows).await;
    assert_counts(&done, [1, 0, 0], [1, 0, 0]);
    let expected = [
        (2, "members.vaccinated", "attribute_misfit"),
        (3, "beneficiaries.assets", "attribute_misfit"),
        (3, "beneficiaries.roof", "attribute_misfit"),
        (3, "beneficiaries.rooms", "attribute_misfit"),
        (3, "members.weight", "attribute_misfit"),
        (4, "attribute_observed_on", "required"),
        (5, "attribute_observed_on", "date_in_future"),
        (5, "beneficiaries.assets", "cell_error"),
        (5, "beneficiaries.rooms", "attribute_misfit"),
        (6, "", "row_not_csv"),
        (7, "beneficiaries.roof", "required"),
        (8, "", "family_row_faulty"),
        (9, "beneficiaries.rooms", "family_rows_differ"),
    ];
    let expected = expected.map(|(row, column, code)| (row, column.to_owned(), code.to_owned()));
    assert_eq!(faults(&office.officer, &done).await, expected);
    let told = office.officer.get(&format!("/v1/imports/{}/faults", done["id"].as_str().unwrap())).await.text;
    assert!(told.contains("Read the newest schema") && !told.contains("GENTENG"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_lays_its_facts_over_the_record_and_leaves_what_was_seen_later() {
    let office = Office::new().await;
    office.import(&one_family()).await;
    let first = office.family().await;
    let seen = json!({ "value": 4, "source": "visit", "observed_on": "2026-11-20" });
    let patch = json!({ "attributes": { "rooms": seen } });
    let visited = office.officer.patch(&Office::path(&first), "\"1\"", &patch).await.expect(200).body;

    // From before the visit, and without a word of assets: nothing is new, and nothing is gone.
    let told = |day: &str, rest: &str| vec![row(1, "Satu Contoh", "head", &format!("{day},SENG,3,,{rest}"))];
    assert_counts(&office.import(&told("1/11/2026", ",")).await, [0, 0, 1], [0, 0, 1]);
    assert_eq!(office.family().await, visited);

    // From after it. The member of whom the file tells nothing new stays as they are.
    assert_counts(&office.import(&told("21/11/2026", ",")).await, [0, 1, 0], [0, 0, 1]);
    let after = office.family().await;
    let later = |value: Value| json!({ "value": value, "source": "Desa", "observed_on": "2026-11-21" });
    let expected =
        json!({ "roof": later(json!("zinc")), "rooms": later(json!(3)), "assets": first["attributes"]["assets"] });
    assert_eq!((&after["attributes"], &after["version"]), (&expected, &json!(3)));
    let then = format!("{}?as_of={}", Office::path(&first), visited["updated_at"].as_str().unwrap());
    assert_eq!(office.officer.get(&then).await.expect(200).body, visited);

    // Of a member alone.
    let rows = told("21/11/2026", "TIDAK,");
    assert_counts(&office.import(&rows).await, [0, 1, 0], [0, 1, 0]);
    let head = office.members().await.into_iter().find(|member| member["relationship"] == "head").unwrap();
    assert_eq!((&head["attributes"], &head["version"]), (&json!({ "vaccinated": later(json!(false)) }), &json!(2)));
    let history = format!("/v1/members/{}/history?sort=version", head["id"].as_str().unwrap());
    let history = office.officer.get(&history).await.expect(200).body["items"].clone();
    assert_eq!((history.as_array().unwrap().len(), &history[1]["operation"]), (2, &json!("start_import")));
    assert_eq!(office.family().await, after);
    assert_counts(&office.import(&rows).await, [0, 0, 1], [0, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_file_is_checked_by_the_schema_in_force_when_it_is_applied() {
    let office = Office::new().await;
    office.import(&one_family()).await;
    let rows = [
        row(1, "Satu Contoh", "head", "2/11/2026,SENG,3,boat; bicycle,,"),
        row(2, "Tiga Contoh", "head", "1/11/2026,SENG,,,,"),
        row(3, "Empat Contoh", "head", "1/11/2026,SENG,2,,,"),
    ];
    let query = format!("{}&apply=after_review", office.query);
    let file = format!("{HEADER}\n{}\n", rows.join("\n"));
    let sent = send_file(&office.officer, &query, "text/csv", file).await.expect(202);
    let path = sent.header("location").to_owned();
    let checked = finished(&office.officer, &path).await;
    assert_plan(&checked, [2, 1, 0], [2, 0, 1]);
    assert_eq!(checked["rows_faulty"], 0);
    office.officer.post(&format!("{path}/reviews"), &json!({})).await.expect(200);
    let mut fewer = of_families();
    fewer["properties"].as_object_mut().unwrap().remove("rooms");
    let newer = register(&office.officer, "beneficiaries", fewer).await;
    office.officer.post(&format!("{path}/applications"), &json!({})).await.expect(202);
    let applied = finished(&office.officer, &path).await;
    assert_counts(&applied, [1, 0, 0], [1, 0, 0]);
    let unknown = |row: i64| (row, "beneficiaries.rooms".to_owned(), "attribute_unknown".to_owned());
    assert_eq!(faults(&office.officer, &applied).await, [unknown(2), unknown(4)]);
    let families = office.officer.get("/v1/beneficiaries").await.expect(200).body["items"].clone();
    let taken = families.as_array().unwrap().iter().find(|family| family["head_name"] == "Tiga Contoh").unwrap();
    assert_eq!(taken["attribute_schema_id"], json!(newer));
    assert_eq!(office.family().await["version"], 1);
    // From now on a file that could tell it is refused at once.
    let again = send_file(&office.officer, &office.query, "text/csv", format!("{HEADER}\n")).await;
    let refused = again.expect_problem(422, "invalid_fields");
    let fault = &refused.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/mapping_id"), &json!("attribute_unknown")));
    assert!(office.app.told(&office.officer).await.contains(&"import.applied".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_the_schema_in_force_does_not_fit_is_a_fault_of_its_row() {
    let office = Office::new().await;
    office.import(&one_family()).await;
    let mut other = of_families();
    other["properties"].as_object_mut().unwrap().remove("assets");
    register(&office.officer, "beneficiaries", other).await;
    let mut without = layout();
    without["attributes"].as_array_mut().unwrap().retain(|attribute| attribute["attribute"] != "assets");
    without["ignored_columns"] = json!(["ASET"]);
    let path = office.query.replace("?mapping_id=", "/v1/import-mappings/");
    office.officer.patch(&path, "\"1\"", &json!({ "layout": without })).await.expect(200);
    let done = office.import(&[row(1, "Satu Contoh", "head", "1/12/2025,SENG,3,,,")]).await;
    assert_counts(&done, [0, 0, 1], [0, 0, 1]);
    let done = office.import(&[row(1, "Satu Contoh", "head", "2/11/2026,SENG,3,,,")]).await;
    assert_counts(&done, [0, 0, 0], [0, 0, 0]);
    let expected = [(2, "beneficiaries.assets".to_owned(), "attribute_unknown".to_owned())];
    assert_eq!(faults(&office.officer, &done).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_of_attributes_says_who_says_so_and_needs_a_schema() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mut lacking = layout();
    lacking["constants"] = json!([]);
    let new = json!({ "name": "Desa", "layout": lacking });
    let refused = officer.post("/v1/import-mappings", &new).await.expect_problem(422, "invalid_fields");
    let fault = &refused.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/layout/columns"), &json!("column_missing")));
    let mut twice = layout();
    twice["attributes"][1]["attribute"] = json!("roof");
    let new = json!({ "name": "Desa", "layout": twice });
    let refused = officer.post("/v1/import-mappings", &new).await.expect_problem(422, "invalid_fields");
    let fault = &refused.body["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/layout/attributes/1"), &json!("column_twice")));
    let mapping = officer.post("/v1/import-mappings", &json!({ "name": "Desa", "layout": layout() })).await.expect(201);
    assert_eq!(mapping.body["layout"]["attributes"], layout()["attributes"]);
    register(&officer, "members", of_members()).await;
    let query = format!("?mapping_id={}", mapping.id());
    let refused = send_file(&officer, &query, "text/csv", format!("{HEADER}\n")).await;
    let refused = refused.expect_problem(422, "invalid_fields");
    let told: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
    assert_eq!(told, ["attribute_schema_missing"; 3]);
    assert!(refused.text.contains("beneficiaries.roof"), "{}", refused.text);
    // Without a mapping no column is an attribute, and nobody needs to say who says so.
    let plain = "card_number,name,sex,relationship,village_code,attribute_source\n";
    send_file(&officer, "", "text/csv", plain).await.expect_problem(422, "invalid_fields");
}
