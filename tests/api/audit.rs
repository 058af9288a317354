//! The audit as an auditor reads it.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{KEMBANG_JANGGUT, KENOHAN, TestApp};

fn operations(body: &Value) -> Vec<&str> {
    body["items"].as_array().unwrap().iter().map(|record| record["operation"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_who_wrote_and_who_read() {
    let app = TestApp::new().await;
    let (puskesos, auditor) = (app.puskesos().await, app.client("auditor", KEMBANG_JANGGUT).await);
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    puskesos.get(&format!("/v1/beneficiaries/{}", made.id())).await.expect(200);
    app.reads_recorded().await;

    let records = auditor.get("/v1/audit-records").await.expect(200);
    assert_eq!(operations(&records.body), ["get_beneficiary", "register_beneficiary"]);
    let written = &records.body["items"][1];
    assert_eq!(written["client_id"], puskesos.id);
    assert_eq!(written["resource_id"], made.id());
    assert_eq!(written["request_id"], made.header("x-request-id"));
    assert!(written["before_digest"].is_null());
    assert_eq!(written["after_digest"].as_str().unwrap().len(), 64);
    assert!(!records.text.contains("Contoh") && !records.text.contains("6402"), "{}", records.text);

    for (filter, expected) in [
        ("operation=get_beneficiary".to_owned(), 1),
        (format!("client_id={}", puskesos.id), 2),
        ("client_id=somebody".to_owned(), 0),
        (format!("resource=beneficiaries&resource_id={}", made.id()), 2),
        ("from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z".to_owned(), 0),
        ("from=2020-01-01T00:00:00Z".to_owned(), 2),
    ] {
        let found = auditor.get(&format!("/v1/audit-records?{filter}")).await.expect(200);
        assert_eq!(operations(&found.body).len(), expected, "{filter}");
    }
    let first = auditor.get("/v1/audit-records?limit=1").await.expect(200);
    let cursor = first.body["next"].as_str().unwrap();
    let second = auditor.get(&format!("/v1/audit-records?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(operations(&second.body), ["register_beneficiary"]);
    assert!(second.body["next"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_of_another_area_sees_none_of_it() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let (here, there) = (app.client("auditor", KEMBANG_JANGGUT).await, app.client("auditor", KENOHAN).await);
    let made = app.puskesos().await.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await;
    assert_eq!(operations(&there.get("/v1/audit-records").await.expect(200).body), Vec::<&str>::new());
    let by_id = there.get(&format!("/v1/audit-records?resource_id={}", made.id())).await.expect(200);
    assert_eq!(operations(&by_id.body), Vec::<&str>::new());

    // Whoever reads the families of two areas is seen by the auditors of both.
    both.get("/v1/beneficiaries").await.expect(200);
    app.reads_recorded().await;
    assert_eq!(operations(&there.get("/v1/audit-records").await.expect(200).body), ["list_beneficiaries"]);
    let seen_here = here.get("/v1/audit-records").await.expect(200);
    assert_eq!(operations(&seen_here.body), ["list_beneficiaries", "register_beneficiary"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_officer_of_two_areas_takes_out_is_found_in_both() {
    let app = TestApp::new().await;
    let both = app.client_of("kecamatan_officer", &[KEMBANG_JANGGUT, KENOHAN], None).await;
    let (here, there) = (app.client("auditor", KEMBANG_JANGGUT).await, app.client("auditor", KENOHAN).await);
    let export = both.post("/v1/exports", &json!({ "list": "members", "format": "csv" })).await.expect(202);
    both.post(&format!("/v1/exports/{}/cancellations", export.id()), &json!({})).await.expect(200);
    for auditor in [&here, &there] {
        let found = auditor.get(&format!("/v1/audit-records?resource_id={}&sort=at", export.id())).await.expect(200);
        assert_eq!(operations(&found.body), ["start_export", "cancel_export"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_read_the_members_of_a_family_is_found_by_the_family() {
    let app = TestApp::new().await;
    let (puskesos, auditor) = (app.puskesos().await, app.client("auditor", KEMBANG_JANGGUT).await);
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    puskesos.get(&format!("/v1/beneficiaries/{}/members", made.id())).await.expect(200);
    app.reads_recorded().await;
    let path = format!("/v1/audit-records?resource=beneficiaries&resource_id={}", made.id());
    let found = auditor.get(&path).await.expect(200);
    assert_eq!(operations(&found.body), ["list_members", "register_beneficiary"]);
}
