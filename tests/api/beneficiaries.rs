//! Families and members.

use serde_json::{Value, json};

use crate::support::{KENOHAN, TestApp};

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
