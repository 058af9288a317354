//! Card numbers of families: a card is issued again, or was mistyped.

use serde_json::{Value, json};

use crate::beneficiaries::family;
use crate::households::{Home, settle};
use crate::imports::{check, faults, file, import, row};
use crate::relocations::relocate;
use crate::support::{Answer, Client, KENOHAN, TestApp};

/// The number that `settle` gives the first family.
const FIRST: &str = "6402101001209001";
const SECOND: &str = "6402101605261234";
const THIRD: &str = "6402101605261235";

fn new(card: &str, reason: &str) -> Value {
    json!({ "card_number": card, "reason": reason, "on": "2026-05-16", "change_reason": "Kelahiran anak" })
}

async fn change(client: &Client, home: &Home, card: &str, reason: &str) -> Answer {
    client.post(&format!("{}/card-changes", home.path), &new(card, reason)).await
}

/// The family that a number leads to.
async fn found(client: &Client, card: &str) -> Vec<String> {
    let found = client.post("/v1/beneficiaries/search", &json!({ "card_number": card })).await.expect(200);
    let families = found.body["items"].as_array().unwrap().iter();
    families.map(|family| family["id"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn fault(answer: Answer) -> (Value, Value) {
    let refused = answer.expect_problem(422, "invalid_fields").body;
    (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["code"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_found_by_each_number_of_a_card_that_was_issued_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    let head = |card: &str| file(&[row(card, "6402104101900101", "Ibu Contoh", "head")]);
    // The file has the new number before the register does: nobody can tell whether it is one family.
    let early = import(&officer, head(SECOND)).await;
    assert_eq!(faults(&officer, &early).await[0].2, "card_and_nik_differ");

    let mut looked_at = new(SECOND, "reissued");
    looked_at["version"] = json!(2);
    let path = format!("{}/card-changes", home.path);
    officer.post(&path, &looked_at).await.expect_problem(412, "version_stale");
    looked_at["version"] = json!(1);
    let changed = officer.post(&path, &looked_at).await.expect(201);
    assert_eq!((changed.header("etag"), &changed.body["version"]), ("\"2\"", &json!(2)));
    assert_eq!((&changed.body["card_number"], &changed.body["warnings"]), (&json!("6402********1234"), &json!([])));
    for card in [FIRST, SECOND] {
        assert_eq!(found(&officer, card).await, std::slice::from_ref(&home.id));
        let again = officer.post("/v1/beneficiaries", &family(card, "6402104101909099")).await;
        let refused = again.expect_problem(409, "card_already_registered");
        assert_eq!(refused.body["related"]["id"], json!(home.id));
        let taken = import(&officer, head(card)).await;
        assert_eq!((&taken["status"], &taken["families_created"]), (&json!("applied"), &json!(0)), "{taken}");
        assert_eq!(faults(&officer, &taken).await, []);
    }
    let both = [row(FIRST, "", "Ibu Contoh Lama", "head"), row(SECOND, "6402104101900101", "Ibu Contoh", "head")];
    let told = import(&officer, file(&both)).await;
    assert_eq!(faults(&officer, &told).await, [(2, "card_number".to_owned(), "card_already_registered".to_owned())]);

    let history = officer.get(&format!("{}/history", home.path)).await.expect(200);
    let version = history.body["items"].as_array().unwrap().iter().find(|one| one["version"] == 2).unwrap();
    let told = (&version["operation"], &version["reason"], &version["changes"][0]);
    let masked = json!({ "field": "card_number", "before": "6402********9001", "after": "6402********1234" });
    assert_eq!(told, (&json!("change_card"), &json!("Kelahiran anak"), &masked));
    let listed = officer.get(&format!("{path}?count=exact")).await.expect(200);
    assert_eq!(listed.body["total"], 1);
    let one = &listed.body["items"][0];
    assert_eq!(
        (&one["reason"], &one["on"], &one["family_version"], &one["client_id"]),
        (&json!("reissued"), &json!("2026-05-16"), &json!(2), &json!(officer.id))
    );
    for text in [&changed.text, &history.text, &listed.text] {
        assert!(!text.contains(FIRST) && !text.contains(SECOND), "a number is told in full");
    }
    assert!(app.recorded().await.contains(&"change_card".to_owned()));
    assert!(app.told(&officer).await.contains(&"beneficiary.card_changed".to_owned()));
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    neighbour.post(&path, &new(THIRD, "reissued")).await.expect_problem(404, "not_found");
    let disclosed = format!("{}/number-disclosures", home.path);
    let disclosed = officer.post(&disclosed, &json!({ "purpose": "Uji" })).await.expect(200);
    assert_eq!(disclosed.body["card_number"], SECOND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_was_mistyped_is_free_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    change(&officer, &home, SECOND, "reissued").await.expect(201);
    change(&officer, &home, THIRD, "corrected").await.expect(201);
    assert_eq!(found(&officer, SECOND).await, [""; 0]);
    for card in [FIRST, THIRD] {
        assert_eq!(found(&officer, card).await, std::slice::from_ref(&home.id));
    }
    let other = officer.post("/v1/beneficiaries", &family(SECOND, "6402104101909099")).await.expect(201).id();
    assert_eq!(found(&officer, SECOND).await, [other]);
    // It was never issued again: the number that leads to the family becomes its own once more.
    let back = change(&officer, &home, FIRST, "corrected").await.expect(201);
    assert_eq!((&back.body["card_number"], &back.body["version"]), (&json!("6402********9001"), &json!(4)));
    assert_eq!((found(&officer, THIRD).await, found(&officer, FIRST).await), (vec![], vec![home.id.clone()]));
    let listed = officer.get(&format!("{}/card-changes?sort=created_at&limit=2", home.path)).await.expect(200).body;
    let reasons = |page: &Value| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect()
    };
    assert_eq!(reasons(&listed), ["reissued", "corrected"]);
    let next = listed["next"].as_str().unwrap();
    let next = format!("{}/card-changes?sort=created_at&limit=2&cursor={next}", home.path);
    assert_eq!(reasons(&officer.get(&next).await.expect(200).body), ["corrected"]);
    let only = officer.get(&format!("{}/card-changes?reason=reissued", home.path)).await.expect(200).body;
    assert_eq!(reasons(&only), ["reissued"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_checked_as_at_registration() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (home, other) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let taken = change(&officer, &home, "6402101001209002", "reissued").await;
    let taken = taken.expect_problem(409, "card_already_registered");
    assert_eq!(taken.body["related"]["id"], json!(other.id));
    // The number of another sub-district is not told whose it is.
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let mut there = family("6402091001209001", "6402094101909001");
    there["village_code"] = json!("64.02.09.2001");
    neighbour.post("/v1/beneficiaries", &there).await.expect(201);
    let elsewhere = change(&officer, &home, "6402091001209001", "reissued").await;
    let elsewhere = elsewhere.expect_problem(409, "card_already_registered");
    assert_eq!(elsewhere.body.get("related"), None);
    let nik = change(&officer, &home, "6402100301900301", "corrected").await;
    assert_eq!(fault(nik), (json!("/card_number"), json!("card_number_is_nik")));
    let same = change(&officer, &home, FIRST, "corrected").await;
    assert_eq!(fault(same), (json!("/card_number"), json!("nothing_changes")));
    let mut early = new(SECOND, "reissued");
    early["on"] = json!("2999-01-01");
    let early = officer.post(&format!("{}/card-changes", home.path), &early).await;
    assert_eq!(fault(early), (json!("/on"), json!("date_in_future")));
    assert_eq!(found(&officer, FIRST).await, std::slice::from_ref(&home.id), "nothing was let go");

    let warnings = async || {
        let listed = officer.get("/v1/warnings?code=card_district_unknown").await.expect(200).body;
        listed["items"].as_array().unwrap().len()
    };
    let odd = change(&officer, &home, "9999991605261234", "reissued").await.expect(201);
    assert_eq!((&odd.body["warnings"], warnings().await), (&json!(["card_district_unknown"]), 1));
    let mended = change(&officer, &home, SECOND, "corrected").await.expect(201);
    assert_eq!((&mended.body["warnings"], warnings().await), (&json!([]), 0));
    for member in home.members.iter().rev() {
        let leaves = json!({ "reason": "died", "on": "2026-05-20" });
        officer.post(&format!("/v1/members/{member}/departures"), &leaves).await.expect(201);
    }
    change(&officer, &home, THIRD, "reissued").await.expect_problem(409, "beneficiary_not_live");
    // With the family all its numbers are free.
    change(&officer, &other, FIRST, "corrected").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_families_at_once_one_gets_the_number() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.puskesos().await);
    let (one, other) = (settle(&officer, 1).await, settle(&officer, 2).await);
    let (left, right) =
        tokio::join!(change(&officer, &one, SECOND, "corrected"), change(&second, &other, SECOND, "corrected"));
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", left.text, right.text);
    // Whoever got none has its own number still.
    let (loser, card) = if left.status == 201 { (other, "6402101001209002") } else { (one, FIRST) };
    assert_eq!(found(&officer, card).await, [loser.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_numbers_move_along_and_a_full_list_by_one_leaves_nobody_out() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let home = settle(&officer, 1).await;
    change(&officer, &home, SECOND, "reissued").await.expect(201);
    // The row of the family is faulty, so that the file says of none of them that they left.
    let faulty = row(FIRST, "6402104101900101", "Ibu Contoh", "head").replace("1990-01-01", "2190-01-01");
    let other = row("6402101001209077", "6402104101909077", "Keluarga Lain", "head");
    let checked = check(&officer, "&full_list_of=64.02.10.2004", file(&[faulty, other])).await;
    assert_eq!((&checked["members_leaving"], &checked["rows_faulty"]), (&json!(0), &json!(1)), "{checked}");

    let neighbour = relocate(&app, &officer, &home.id).await;
    assert_eq!(found(&neighbour, FIRST).await, std::slice::from_ref(&home.id));
    let listed = neighbour.get(&format!("{}/card-changes", home.path)).await.expect(200).body;
    assert_eq!(listed["items"][0]["reason"], "reissued");
}
