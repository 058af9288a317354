//! Mappings, and the files of other systems that ship with the project.

use reqwest::Method;
use serde_json::json;

use crate::imports::{assert_counts, faults, finished, import, send_file};
use crate::support::{KENOHAN, TestApp, send, texts};

const EXAMPLES: [(&str, &str, &str, &str, [i64; 2]); 3] = [
    (
        "SIKS-NG",
        include_str!("../../examples/imports/siks_ng.json"),
        "text/csv",
        include_str!("../../examples/imports/siks_ng.csv"),
        [2, 4],
    ),
    (
        "PKH",
        include_str!("../../examples/imports/pkh.json"),
        "text/csv",
        include_str!("../../examples/imports/pkh.csv"),
        [1, 2],
    ),
    (
        "DTSEN",
        include_str!("../../examples/imports/dtsen.json"),
        "application/x-ndjson",
        include_str!("../../examples/imports/dtsen.ndjson"),
        [2, 3],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_siks_ng_pkh_and_dtsen_are_read() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for (name, mapping, media_type, file, [families, members]) in EXAMPLES {
        let mapping = officer.post("/v1/import-mappings", &serde_json::from_str(mapping).unwrap()).await.expect(201);
        assert_eq!(mapping.body["name"], name);
        let query = format!("?mapping_id={}", mapping.id());
        let sent = send_file(&officer, &query, media_type, file).await.expect(202);
        let done = finished(&officer, sent.header("location")).await;
        assert_eq!(faults(&officer, &done).await, [], "{name}");
        assert_counts(&done, [families, 0, 0], [members, 0, 0]);
        let again = send_file(&officer, &query, media_type, file).await.expect(202);
        assert_counts(&finished(&officer, again.header("location")).await, [0, 0, families], [0, 0, members]);
    }
    let born =
        "select to_char(born_on, 'YYYY-MM-DD') || ' ' || sex as found from members where name = 'CONTOH MELATI TURA'";
    assert_eq!(texts(&app, born).await, ["1989-09-22 female"]);
    let ranks = "select source || ' ' || decile as found from welfare_ranks order by 1";
    assert_eq!(texts(&app, ranks).await, ["DTSEN 3", "DTSEN 3", "PKH 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_changed_under_its_version_and_moves_no_import() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let new: serde_json::Value = serde_json::from_str(EXAMPLES[0].1).unwrap();
    let made = officer.post("/v1/import-mappings", &new).await.expect(201);
    let path = format!("/v1/import-mappings/{}", made.id());
    assert_eq!(made.header("location"), path);
    officer.post("/v1/import-mappings", &new).await.expect_problem(409, "mapping_name_taken");
    officer.patch(&path, "\"2\"", &json!({ "name": "Lain" })).await.expect_problem(412, "version_stale");
    let changed = officer.patch(&path, "\"1\"", &json!({ "name": "Lain" })).await.expect(200);
    assert_eq!((&changed.body["name"], &changed.body["version"]), (&json!("Lain"), &json!(2)));
    assert_eq!(officer.get(&path).await.expect(200).header("etag"), "\"2\"");
    assert_eq!(officer.get("/v1/import-mappings").await.expect(200).body["items"].as_array().unwrap().len(), 1);
    let mut twice = new.clone();
    twice["name"] = json!("Dua kali");
    twice["layout"]["columns"][1]["to"] = json!("card_number");
    let refused = officer.post("/v1/import-mappings", &twice).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/layout/columns/1");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    let query = format!("?mapping_id={}", made.id());
    send_file(&neighbour, &query, "text/csv", EXAMPLES[0].3).await.expect_problem(422, "invalid_fields");
    assert_eq!(app.recorded().await, ["add_import_mapping", "update_import_mapping"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_is_found_by_the_codes_of_both_offices() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let crosswalk = "update regions set bps_code = case code when '64.02.10.2004' then '6403170004'
        when '64.02.10.2005' then '6402102006' end where level = 'village' returning code as found";
    texts(&app, crosswalk).await;
    let rows = ["64.02.10.2004", "6402102004", "6403170004", "6402102006", "6403170009"].iter().enumerate();
    let rows = rows.map(|(n, village)| {
        let (card, nik) = (format!("640210100120900{n}"), format!("640210410190900{}", n + 1));
        crate::imports::row(&card, &nik, "Contoh", "head").replace("64.02.10.2004", village)
    });
    let done = import(&officer, crate::imports::file(&rows.collect::<Vec<_>>())).await;
    assert_counts(&done, [3, 0, 0], [3, 0, 0]);
    let told = faults(&officer, &done).await;
    let told: Vec<_> = told.iter().map(|(row, _, code)| (*row, code.as_str())).collect();
    assert_eq!(told, [(5, "village_code_ambiguous"), (6, "village_unknown")]);
    assert_eq!(texts(&app, "select distinct village_code as found from beneficiaries").await, ["64.02.10.2004"]);
}
