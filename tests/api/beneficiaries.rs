//! Families and members.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{KENOHAN, TestApp, send, texts};

/// A family with a head and a child, numbers synthetic.
pub(crate) fn family(card_number: &str, nik: &str) -> Value {
    json!({
        "card_number": card_number, "village_code": "64.02.10.2004", "address": "RT 03",
        "rank": { "source": "DTSEN", "period": "2026-10-01", "decile": 2 },
        "members": [
            { "nik": nik, "name": "Contoh Sintetis", "sex": "female", "born_on": "1990-01-01", "relationship": "head" },
            { "name": "Anak Contoh", "sex": "male", "born_on": "2019-05-02", "relationship": "child" },
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_family_can_be_read_and_listed() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    assert_eq!(made.body["card_number"], "6402********9001");
    assert_eq!(made.header("location"), format!("/v1/beneficiaries/{}", made.id()));

    let read = puskesos.get(&format!("/v1/beneficiaries/{}", made.id())).await.expect(200);
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("etag"), "\"1\"");
    let listed = puskesos.get("/v1/beneficiaries?village_code=64.02.10.2004&decile_max=4").await.expect(200);
    assert_eq!(listed.body["items"], json!([made.body]));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_sees_nothing_of_it() {
    let app = TestApp::new().await;
    let made = app.puskesos().await.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&format!("/v1/beneficiaries/{}", made.id())).await.expect_problem(404, "not_found");
    assert_eq!(neighbour.get("/v1/beneficiaries").await.expect(200).body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_or_a_nik_belongs_to_one_family() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let same_card = family("6402101001209001", "6402104101909002");
    puskesos.post("/v1/beneficiaries", &same_card).await.expect_problem(409, "card_already_registered");
    let same_nik = family("6402101001209002", "6402104101909001");
    let refused = puskesos.post("/v1/beneficiaries", &same_nik).await.expect_problem(409, "nik_already_registered");
    assert_eq!(refused.body["errors"][0]["pointer"], "/members/0/nik");
    assert!(!refused.text.contains("6402104101909001"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_the_same_key_has_one_effect() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let new = family("6402101001209001", "6402104101909001");
    let first = puskesos.post_keyed("/v1/beneficiaries", "key-number-1", &new).await.expect(201);
    let again = puskesos.post_keyed("/v1/beneficiaries", "key-number-1", &new).await.expect(201);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = family("6402101001209002", "6402104101909002");
    let reused = puskesos.post_keyed("/v1/beneficiaries", "key-number-1", &other).await;
    reused.expect_problem(422, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_answer_is_401_whatever_the_body() {
    let app = TestApp::new().await;
    let refused = app.stranger().post("/v1/beneficiaries", &json!({ "nonsense": true })).await;
    let refused = refused.expect_problem(401, "token_missing");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let auditor = app.client("auditor", 1).await;
    let forbidden = auditor.post("/v1/beneficiaries", &json!({ "nonsense": true })).await;
    forbidden.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_corrected_under_the_condition_of_its_version() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let changes = json!({ "address": "RT 09", "phone": "+6284000012345", "village_code": "64.02.10.2005" });
    let changed = puskesos.patch(&path, "\"1\"", &changes).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.body["village_code"], "64.02.10.2005");
    puskesos.patch(&path, "\"1\"", &json!({ "address": "RT 01" })).await.expect_problem(412, "version_stale");
    let nothing = puskesos.patch(&path, "\"2\"", &json!({ "address": "RT 09" })).await.expect(200);
    assert_eq!(nothing.body["version"], 2);
    let cleared = puskesos.patch(&path, "\"2\"", &json!({ "phone": null })).await.expect(200);
    assert_eq!(cleared.body["phone"], Value::Null);
    assert_eq!(cleared.body["address"], "RT 09");
    let elsewhere = json!({ "village_code": "64.02.09.2001" });
    let refused = puskesos.patch(&path, "\"3\"", &elsewhere).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/village_code");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_without_a_condition_or_of_another_type_is_refused() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let request = || puskesos.request(Method::PATCH, &path).body(json!({ "address": "RT 01" }).to_string());
    let unconditional = send(request().header("Content-Type", "application/merge-patch+json")).await;
    unconditional.expect_problem(428, "version_missing");
    let plain = send(request().header("Content-Type", "application/json").header("If-Match", "\"1\"")).await;
    let plain = plain.expect_problem(415, "media_type_unsupported");
    assert_eq!(plain.header("accept-patch"), "application/merge-patch+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_corrections_at_once_cannot_both_win() {
    let app = TestApp::new().await;
    let (one, other) = (app.puskesos().await, app.kecamatan().await);
    let made = one.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let (left, right) = (json!({ "address": "RT 01" }), json!({ "address": "RT 02" }));
    let (left, right) = tokio::join!(one.patch(&path, "\"1\"", &left), other.patch(&path, "\"1\"", &right));
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_register_a_nik_at_once_and_one_does() {
    let app = TestApp::new().await;
    let (one, other) = (app.puskesos().await, app.kecamatan().await);
    for round in 0..5 {
        let nik = format!("640210410190900{}", round + 1);
        let families = [1, 2].map(|card| family(&format!("64021010012090{round}{card}"), &nik));
        let [left, right] = &families;
        let (left, right) = tokio::join!(one.post("/v1/beneficiaries", left), other.post("/v1/beneficiaries", right));
        let mut statuses = [left.status.as_u16(), right.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", left.text, right.text);
    }
    assert_eq!(one.get("/v1/beneficiaries").await.body["items"].as_array().unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_confirms_a_family_as_it_was_read() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}/verifications", made.id());
    puskesos.post(&path, &json!({})).await.expect_problem(403, "insufficient_scope");
    let officer = app.second_officer().await;
    officer.post(&path, &json!({ "version": 7 })).await.expect_problem(412, "version_stale");
    let confirmed = officer.post(&path, &json!({ "version": 1 })).await.expect(201);
    assert_eq!(confirmed.body["verified_by"], officer.id);
    assert!(confirmed.body["verified_at"].is_string());
    let listed = officer.get("/v1/beneficiaries?is_verified=true").await.expect(200);
    assert_eq!(listed.body["items"], json!([confirmed.body]));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_leaves_an_audit_row_and_an_event() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = officer.post("/v1/beneficiaries", &family("6402101001209001", "6402104101909001")).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    officer.patch(&path, "\"1\"", &json!({ "address": "RT 09" })).await.expect(200);
    officer.post(&format!("{path}/verifications"), &json!({})).await.expect(201);
    let query = "select operation as found from audit_records where after_digest is not null order by at";
    let operations = texts(&app, query).await;
    assert_eq!(operations, ["register_beneficiary", "update_beneficiary", "verify_beneficiary"]);
    let query =
        "select kind as found from (select kind, at from outbox union select kind, at from events) e order by at";
    let kinds = texts(&app, query).await;
    assert_eq!(kinds, ["beneficiary.registered", "beneficiary.updated", "beneficiary.verified"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_of_an_unknown_district_is_a_warning() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family("6402101001209001", "6402994101909001")).await.expect(201);
    let members = puskesos.get(&format!("/v1/beneficiaries/{}/members", made.id())).await.expect(200);
    assert_eq!(members.body["items"][0]["warnings"], json!(["nik_district_unknown"]));
}
