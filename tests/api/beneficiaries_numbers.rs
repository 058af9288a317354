//! Personal numbers: look-ups, disclosures, and where they must never show.

use serde_json::json;

use crate::beneficiaries::family;
use crate::support::{KENOHAN, TestApp, texts};

const CARD: &str = "6402101001209001";
const NIK: &str = "6402104101909001";

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_found_by_either_number_masked_and_in_scope() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = puskesos.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    let search = "/v1/beneficiaries/search";
    let by_nik = puskesos.post(search, &json!({ "nik": NIK })).await.expect(200);
    assert_eq!(by_nik.body["items"], json!([made.body]));
    assert!(by_nik.body["member_id"].is_string());
    assert_eq!(by_nik.header("cache-control"), "no-store");
    let by_card = puskesos.post(search, &json!({ "card_number": CARD })).await.expect(200);
    assert_eq!(by_card.body["items"], json!([made.body]));
    assert!(!by_nik.text.contains(NIK) && !by_card.text.contains(CARD));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let elsewhere = neighbour.post(search, &json!({ "nik": NIK })).await.expect(200);
    let unknown = neighbour.post(search, &json!({ "nik": "6402104101909099" })).await.expect(200);
    assert_eq!(elsewhere.text, unknown.text);
    puskesos.post(search, &json!({})).await.expect_problem(422, "invalid_fields");
    puskesos.post(search, &json!({ "nik": NIK, "card_number": CARD })).await.expect_problem(422, "invalid_fields");
    puskesos.post(search, &json!({ "nik": "123" })).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_numbers_is_stopped_and_recorded() {
    let app = TestApp::new().await;
    let guesser = app.puskesos().await;
    guesser.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    // The minute may turn in the middle; 130 misses pass 60 in one of two minutes all the same.
    let mut refused = None;
    for serial in 1..=130 {
        let answer =
            guesser.post("/v1/beneficiaries/search", &json!({ "nik": format!("64021041019{serial:05}") })).await;
        if answer.status.as_u16() == 429 {
            refused = Some((serial, answer.expect_problem(429, "too_many_requests")));
            break;
        }
        answer.expect(200);
    }
    let (misses, refused) = refused.expect("nobody stopped the guesser");
    assert!(misses > 60 && refused.header("retry-after").parse::<u32>().unwrap() <= 60);
    // What is there is not told either, else 429 and 200 would be the answer to the guess.
    // Unless the minute has turned just now: then the misses of the next one stop the guesser as well.
    let mut asked = misses + 1;
    while guesser.post("/v1/beneficiaries/search", &json!({ "nik": NIK })).await.status.as_u16() != 429 {
        assert!(asked < 500, "what is there is told to a guesser");
        for serial in 200..270 {
            guesser.post("/v1/beneficiaries/search", &json!({ "nik": format!("64021041019{serial:05}") })).await;
        }
        asked += 71;
    }
    app.puskesos().await.post("/v1/beneficiaries/search", &json!({ "nik": NIK })).await.expect(200);
    app.reads_recorded().await;
    let query = format!(
        "select count(*)::text as found from audit_records where operation = 'search_beneficiaries' and client_id = '{}'",
        guesser.id
    );
    assert_eq!(texts(&app, &query).await, [asked.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_shown_for_a_purpose_that_is_recorded() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = officer.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    let path = format!("/v1/beneficiaries/{}/number-disclosures", made.id());
    let purpose = json!({ "purpose": "Matching with the civil registry" });
    app.puskesos().await.post(&path, &purpose).await.expect_problem(403, "insufficient_scope");
    app.client("kecamatan_officer", KENOHAN).await.post(&path, &purpose).await.expect_problem(404, "not_found");
    officer.post(&path, &json!({})).await.expect_problem(422, "invalid_fields");
    let shown = officer.post(&path, &purpose).await.expect(200);
    assert_eq!(shown.body["card_number"], CARD);
    assert_eq!(shown.body["members"][0]["nik"], NIK);
    assert_eq!(shown.body["members"].as_array().unwrap().len(), 1);
    assert_eq!(shown.header("cache-control"), "no-store");
    let query = "select purpose as found from audit_records where operation = 'disclose_numbers'";
    assert_eq!(texts(&app, query).await, ["Matching with the civil registry"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_is_kept_in_the_clear_or_told_in_an_error() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let made = officer.post("/v1/beneficiaries", &family(CARD, NIK)).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    officer.patch(&path, "\"1\"", &json!({ "address": "RT 09" })).await.expect(200);
    officer.post(&format!("{path}/number-disclosures"), &json!({ "purpose": "A test" })).await.expect(200);
    let mut wrong = family("6402101001209002", NIK);
    wrong["members"][1]["nik"] = json!(NIK);
    let refusals = [
        officer.post("/v1/beneficiaries", &family(CARD, "6402104101909002")).await,
        officer.post("/v1/beneficiaries", &family("6402101001209002", NIK)).await,
        officer.post("/v1/beneficiaries", &wrong).await,
        officer.post("/v1/beneficiaries", &json!({ "card_number": NIK, NIK: CARD })).await,
        officer.post("/v1/beneficiaries/search", &json!({ NIK: NIK })).await,
        officer.get(&format!("/v1/beneficiaries?{NIK}={CARD}")).await,
    ];
    for refused in refusals {
        assert!(refused.status.is_client_error());
        assert!(!refused.text.contains(NIK) && !refused.text.contains(CARD), "{}", refused.text);
    }
    for table in texts(&app, "select tablename::text as found from pg_tables where schemaname = 'public'").await {
        let query = format!("select t::text as found from \"{table}\" as t");
        for row in texts(&app, &query).await {
            assert!(!row.contains(NIK) && !row.contains(CARD), "{table}: {row}");
        }
    }
}
