//! Companies.

use serde_json::json;

use crate::support::{KEMBANG_JANGGUT, KENOHAN, TestApp, event_kinds};

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_added_read_and_listed() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let new = json!({ "name": "PT Contoh Kebun", "registration_number": "0000000000001", "sector": "palm_oil" });
    let made = officer.post("/v1/companies", &new).await.expect(201);
    assert_eq!(made.header("location"), format!("/v1/companies/{}", made.id()));
    let read = officer.get(&format!("/v1/companies/{}", made.id())).await.expect(200);
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("etag"), "\"1\"");
    let listed = officer.get("/v1/companies?sector=palm_oil").await.expect(200);
    assert_eq!(listed.body["items"], json!([made.body]));
    assert_eq!(officer.get("/v1/companies?sector=mining").await.expect(200).body["items"], json!([]));
    officer.get("/v1/companies?name=PT").await.expect_problem(400, "invalid_parameters");
    assert_eq!(app.audited("add_company").await, 1);
    assert_eq!(event_kinds(&officer, 1).await[0]["type"], "company.added");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_only_itself() {
    let app = TestApp::new().await;
    let (first_id, first) = app.company("PT Contoh Satu").await;
    let (second_id, second) = app.company("PT Contoh Dua").await;
    first.get(&format!("/v1/companies/{first_id}")).await.expect(200);
    first.get(&format!("/v1/companies/{second_id}")).await.expect_problem(404, "not_found");
    let listed = second.get("/v1/companies").await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["items"][0]["id"], second_id.as_str());
    second
        .post("/v1/companies", &json!({ "name": "X", "sector": "x" }))
        .await
        .expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_see_companies_of_their_area() {
    let app = TestApp::new().await;
    let (id, _) = app.company("PT Contoh Satu").await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("/v1/companies/{id}")).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/companies").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_name_is_taken_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let new = json!({ "name": "PT Contoh Kebun", "sector": "palm_oil" });
    officer.post("/v1/companies", &new).await.expect(201);
    officer.post("/v1/companies", &new).await.expect_problem(409, "company_name_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_corrected_by_officers_of_its_area() {
    let app = TestApp::new().await;
    let (id, company) = app.company("PT Contoh Satu").await;
    app.company("PT Contoh Dua").await;
    let (officer, path) = (app.kecamatan().await, format!("/v1/companies/{id}"));
    let corrected = officer.patch(&path, "\"1\"", &json!({ "registration_number": "9120001234567" })).await.expect(200);
    assert_eq!((corrected.header("etag"), &corrected.body["version"]), ("\"2\"", &json!(2)));
    assert_eq!(company.get(&path).await.expect(200).body, corrected.body);
    let stale = officer.patch(&path, "\"1\"", &json!({ "sector": "mining" })).await;
    stale.expect_problem(412, "version_stale");
    let taken = officer.patch(&path, "\"2\"", &json!({ "name": "PT Contoh Dua" })).await;
    taken.expect_problem(409, "company_name_taken");
    let cleared = officer.patch(&path, "\"2\"", &json!({ "registration_number": null })).await.expect(200);
    assert_eq!(cleared.body["registration_number"], json!(null));
    let same = officer.patch(&path, "\"3\"", &json!({})).await.expect(200);
    assert_eq!(same.body, cleared.body, "nothing to change is no version");
    company.patch(&path, "\"3\"", &json!({ "sector": "x" })).await.expect_problem(403, "insufficient_scope");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.patch(&path, "\"3\"", &json!({ "sector": "x" })).await.expect_problem(404, "not_found");
    assert_eq!(app.audited("update_company").await, 2);
    assert_eq!(event_kinds(&company, 3).await.last().unwrap()["type"], "company.changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sub_district_of_a_company_is_told_and_the_company_once() {
    let app = TestApp::new().await;
    let officer = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let made = officer.post("/v1/companies", &json!({ "name": "PT Contoh Dua", "sector": "mining" })).await.expect(201);
    let path = format!("/v1/companies/{}", made.id());
    let here = app.kecamatan().await;
    here.patch(&path, "\"1\"", &json!({ "sector": "palm_oil" })).await.expect(200);
    let there = app.client("kecamatan_officer", KENOHAN).await;
    for (area_id, client) in [(KEMBANG_JANGGUT, &here), (KENOHAN, &there)] {
        assert_eq!(app.told(client).await, ["company.added", "company.changed"], "{area_id}");
        let auditor = app.client("auditor", area_id).await;
        let path = format!("/v1/audit-records?resource=companies&resource_id={}&sort=at", made.id());
        let records = auditor.get(&path).await.expect(200).body;
        let operations: Vec<&str> =
            records["items"].as_array().unwrap().iter().map(|one| one["operation"].as_str().unwrap()).collect();
        assert_eq!(operations, ["add_company", "update_company"], "{area_id}");
    }
    let id = sinergi::domain::CompanyId(made.id().parse().unwrap());
    let company = app.client_of("company", &[KEMBANG_JANGGUT, KENOHAN], Some(id)).await;
    assert_eq!(app.told(&company).await, ["company.added", "company.changed"]);
}
