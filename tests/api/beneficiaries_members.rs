//! Who belongs to a family: joining, correcting, leaving.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::support::{Answer, Client, KENOHAN, TestApp};

/// A registered family, with its path and the paths of head and child.
struct Registered {
    path: String,
    head: String,
    child: String,
}

async fn register(client: &Client, card: &str, nik: &str) -> Registered {
    let made = client.post("/v1/beneficiaries", &family(card, nik)).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", made.id());
    let members = members(client, &path).await;
    let address = |index: usize| format!("/v1/members/{}", members[index]["id"].as_str().unwrap());
    Registered { head: address(0), child: address(1), path }
}

async fn members(client: &Client, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/members")).await.expect(200).body["items"].as_array().unwrap().clone()
}

async fn depart(client: &Client, member: &str, reason: &str, more: Value) -> Answer {
    let mut body = json!({ "reason": reason, "on": "2026-01-05" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post(&format!("{member}/departures"), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_listed_in_order_with_masked_numbers() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let listed = members(&puskesos, &made.path).await;
    assert_eq!(listed[0]["nik"], "6402********9001");
    assert_eq!((&listed[0]["relationship"], &listed[1]["relationship"]), (&json!("head"), &json!("child")));
    let read = puskesos.get(&made.head).await.expect(200);
    assert_eq!(read.body, listed[0]);
    assert_eq!(read.header("etag"), "\"1\"");
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&made.head).await.expect_problem(404, "not_found");
    neighbour.get(&format!("{}/members", made.path)).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_joins_a_family() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let path = format!("{}/members", made.path);
    let new = json!({ "nik": "6402104202929002", "name": "Ipar Contoh", "sex": "female", "relationship": "other_kin" });
    let added = puskesos.post(&path, &new).await.expect(201);
    assert_eq!(added.header("location"), format!("/v1/members/{}", added.id()));
    let family = puskesos.get(&made.path).await.expect(200);
    assert_eq!((&family.body["member_count"], &family.body["version"]), (&json!(3), &json!(2)));
    puskesos.post(&path, &new).await.expect_problem(409, "nik_already_registered");
    let head = json!({ "name": "Kepala Kedua", "sex": "male", "relationship": "head", "born_on": "2199-01-01" });
    let refused = puskesos.post(&path, &head).await.expect_problem(422, "invalid_fields");
    let codes: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
    assert_eq!(codes, ["date_in_future", "head_twice"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_member_has_new_warnings_and_the_family_its_name() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let changes = json!({ "name": "Contoh Baru", "born_on": "1991-01-01" });
    let changed = puskesos.patch(&made.head, "\"1\"", &changes).await.expect(200);
    assert_eq!(changed.body["warnings"], json!(["nik_birth_date_differs"]));
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(puskesos.get(&made.path).await.body["head_name"], "Contoh Baru");
    puskesos.patch(&made.head, "\"1\"", &json!({ "work": "farmer" })).await.expect_problem(412, "version_stale");
    let righted = puskesos.patch(&made.head, "\"2\"", &json!({ "born_on": "1990-01-01" })).await.expect(200);
    assert_eq!(righted.body["warnings"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nik_is_given_corrected_and_taken_away() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let other = register(&puskesos, "6402101001209002", "6402104101909002").await;
    let given = puskesos.patch(&made.child, "\"1\"", &json!({ "nik": "6402100205199003" })).await.expect(200);
    assert_eq!((&given.body["nik"], &given.body["nik_status"]), (&json!("6402********9003"), &json!("structure_ok")));
    let taken = json!({ "nik": "6402104101909002" });
    puskesos.patch(&made.child, "\"2\"", &taken).await.expect_problem(409, "nik_already_registered");
    let card = json!({ "nik": "6402101001209001" });
    let refused = puskesos.patch(&made.child, "\"2\"", &card).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["code"], "card_number_is_nik");
    puskesos.patch(&other.head, "\"1\"", &json!({ "nik": null })).await.expect(200);
    puskesos.patch(&made.child, "\"2\"", &taken).await.expect(200);
    let again = json!({ "nik": "6402100205199003" });
    puskesos.patch(&other.child, "\"1\"", &again).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_has_one_head_through_every_change() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let stepped = puskesos.patch(&made.head, "\"1\"", &json!({ "relationship": "parent" })).await;
    stepped.expect_problem(422, "invalid_fields");
    let alone = puskesos.patch(&made.child, "\"1\"", &json!({ "relationship": "head" })).await;
    assert_eq!(alone.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/former_head_becomes");
    let swap = json!({ "relationship": "head", "former_head_becomes": "parent" });
    puskesos.patch(&made.child, "\"1\"", &swap).await.expect(200);
    let listed = members(&puskesos, &made.path).await;
    assert_eq!((&listed[0]["relationship"], &listed[1]["relationship"]), (&json!("parent"), &json!("head")));
    assert_eq!(puskesos.get(&made.path).await.body["head_name"], "Anak Contoh");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_frees_the_nik_and_stays_on_record() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    let refused = depart(&puskesos, &made.head, "died", json!({})).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/successor_id");
    let successor = made.child.rsplit('/').next().unwrap();
    let left = depart(&puskesos, &made.head, "died", json!({ "successor_id": successor })).await.expect(201);
    assert_eq!((&left.body["died_on"], &left.body["left_because"]), (&json!("2026-01-05"), &json!("died")));
    let family = puskesos.get(&made.path).await.expect(200);
    assert_eq!((&family.body["member_count"], &family.body["head_name"]), (&json!(1), &json!("Anak Contoh")));
    assert_eq!(puskesos.get(&made.head).await.expect(200).body, left.body);
    puskesos.patch(&made.head, "\"2\"", &json!({ "work": "farmer" })).await.expect_problem(409, "member_not_live");
    register(&puskesos, "6402101001209002", "6402104101909001").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_nobody_is_left_in_ends_and_frees_its_card() {
    let app = TestApp::new().await;
    let puskesos = app.puskesos().await;
    let made = register(&puskesos, "6402101001209001", "6402104101909001").await;
    depart(&puskesos, &made.child, "moved", json!({})).await.expect(201);
    depart(&puskesos, &made.head, "moved", json!({})).await.expect(201);
    assert_eq!(puskesos.get(&made.path).await.expect(200).body["status"], "ended");
    let path = format!("{}/members", made.path);
    let new = json!({ "name": "Contoh", "sex": "male", "relationship": "head" });
    puskesos.post(&path, &new).await.expect_problem(409, "beneficiary_not_live");
    register(&puskesos, "6402101001209001", "6402104101909001").await;
}
