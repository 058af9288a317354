//! Records of one person made one, and two again.

use std::time::Duration;

use serde_json::{Value, json};
use sinergi::keys::Keys;
use sinergi::resealing;

use crate::beneficiaries_as_of::moment;
use crate::cycles::this_month;
use crate::deliveries::delivery;
use crate::duplicates::{card, child, pairs, person, run};
use crate::imports::{faults, file, import, row};
use crate::programs::{rice, rules};
use crate::support::{Answer, Client, HAMBAU, KELEKAT, KEMBANG_JANGGUT, TestApp, texts};
use crate::verification_rounds::open;

/// Two cards of one household: the mother on both, a child on each.
pub(crate) async fn two_cards(officer: &Client) -> (String, String) {
    let mother = person(Some("6402105512870001"), "Sulastri Wahyuni Sintetis", "1987-12-15");
    let again = person(None, "Sulastri Wahjuni Sintetis", "1987-12-15");
    let cards = [
        card("6402101001209001", HAMBAU, &[mother, child("Melati Putih Contoh")]),
        card("6402101001209002", HAMBAU, &[again, child("Bunga Mawar Sintetis")]),
    ];
    let one = officer.post("/v1/beneficiaries", &cards[0]).await.expect(201).id();
    (one, officer.post("/v1/beneficiaries", &cards[1]).await.expect(201).id())
}

/// The pair of the mother, decided to be the same.
pub(crate) async fn decided(officer: &Client) -> Value {
    run(officer, &json!({})).await;
    let pair = pairs(officer, "finding=same").await.remove(0);
    let path = format!("/v1/duplicates/pairs/{}/decisions", pair["id"].as_str().unwrap());
    officer.post(&path, &json!({ "decision": "same", "reason": "One household" })).await.expect(201);
    pair
}

pub(crate) fn merger(pair: &Value, keep: &str, more: &Value) -> Value {
    let mut person = json!({ "pair_id": pair["id"], "keep_member_id": pair[keep] });
    person["take"] = more.get("take").cloned().unwrap_or(json!([]));
    json!({ "persons": [person], "merges_families": more.get("merges_families").cloned().unwrap_or(json!(false)),
            "reason": "Registered again" })
}

/// What can be read of families, without the counts of versions and the times of changes.
async fn read(officer: &Client, families: &[&str]) -> Value {
    let mut all = Vec::new();
    for family in families {
        for path in [
            format!("/v1/beneficiaries/{family}"),
            format!("/v1/beneficiaries/{family}/members"),
            format!("/v1/enrollments?beneficiary_id={family}"),
            format!("/v1/beneficiaries/{family}/needs"),
        ] {
            all.push(without_counts(officer.get(&path).await.expect(200).body));
        }
    }
    json!(all)
}

fn without_counts(value: Value) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .filter(|(name, _)| !["version", "updated_at"].contains(&name.as_str()))
            .map(|(name, value)| (name, without_counts(value)))
            .collect(),
        Value::Array(list) => list.into_iter().map(without_counts).collect(),
        other => other,
    }
}

/// A program that families are on, with what is due in this month.
pub(crate) async fn program(app: &TestApp, officer: &Client, code: &str, families: Option<&[&str]>) -> String {
    let id = officer.post("/v1/programs", &rice(code)).await.expect(201).id();
    let path = format!("/v1/programs/{id}");
    officer.post(&format!("{path}/rule-sets"), &rules("family.member_count >= 1", "10", "month")).await.expect(201);
    let list = json!({ "decree_number": "140/07/KEP-CAMAT/2026", "beneficiary_ids": families });
    officer.post(&format!("{path}/enrollment-runs"), &list).await.expect(200);
    let cycle = officer.post(&format!("{path}/cycles"), &json!({ "period": this_month() })).await.expect(201).id();
    app.second_officer().await.post(&format!("/v1/cycles/{cycle}/approvals"), &json!({})).await.expect(200);
    id
}

async fn enrolled(officer: &Client, family: &str) -> Vec<(String, String)> {
    let listed = officer.get(&format!("/v1/enrollments?beneficiary_id={family}")).await.expect(200);
    let of = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = listed.body["items"].as_array().unwrap().iter();
    rows.map(|row| (of(row, "program_id"), of(row, "status"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_registered_twice_is_merged_and_parted_again() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    let both = program(&app, &officer, "RICE-1", None).await;
    let only_other = program(&app, &officer, "RICE-2", Some(&[&other])).await;
    let due = officer.get("/v1/entitlements").await.expect(200).body["items"].clone();
    let due = due.as_array().unwrap().iter().find(|row| row["program_id"] == json!(only_other)).unwrap().clone();
    officer.post("/v1/deliveries", &delivery(&due, "1")).await.expect(201);
    officer
        .post(&format!("/v1/beneficiaries/{other}/needs"), &json!({ "kind": "hand_tractor", "quantity": "1" }))
        .await
        .expect(201);
    let pair = decided(&officer).await;
    let before = read(&officer, &[&one, &other]).await;

    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    assert_eq!((&merged.body["beneficiary_id"], &merged.body["is_whole"]), (&json!(one), &json!(true)));
    assert_eq!(merged.body["overlaps"].as_array().unwrap().len(), 1);
    assert_eq!(merged.body["overlaps"][0]["program_id"], json!(both));
    assert_eq!(merged.body["carried_need_ids"].as_array().unwrap().len(), 1);
    let family = officer.get(&format!("/v1/beneficiaries/{one}")).await.expect(200).body;
    assert_eq!(family["member_count"], 3);
    assert_eq!(officer.get(&format!("/v1/beneficiaries/{other}")).await.expect(200).body["status"], "merged");
    let mut now = enrolled(&officer, &one).await;
    now.sort();
    let mut expected = vec![(both.clone(), "active".to_owned()), (only_other.clone(), "active".to_owned())];
    expected.sort();
    assert_eq!(now, expected);
    assert_eq!(enrolled(&officer, &other).await, [(both.clone(), "exited".to_owned())]);
    // What was paid stays where it was paid, and the card leads to the family that goes on.
    let handed_over = officer.get(&format!("/v1/deliveries?beneficiary_id={other}")).await.expect(200);
    assert_eq!(handed_over.body["items"].as_array().unwrap().len(), 1);
    let found =
        officer.post("/v1/beneficiaries/search", &json!({ "card_number": "6402101001209002" })).await.expect(200);
    assert_eq!(found.body["items"][0]["id"], json!(one));

    let told = app.told(&officer).await;
    for kind in ["enrollment.exited", "enrollment.carried"] {
        assert!(told.contains(&kind.to_owned()), "{kind} is not told: {told:?}");
    }
    let path = format!("/v1/duplicates/mergers/{}", merged.id());
    let parted = officer.post(&format!("{path}/reversals"), &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!(parted.body["status"], "undone");
    assert_eq!(read(&officer, &[&one, &other]).await, before);
    let found =
        officer.post("/v1/beneficiaries/search", &json!({ "card_number": "6402101001209002" })).await.expect(200);
    assert_eq!(found.body["items"][0]["id"], json!(other));
    let again = officer.post(&format!("{path}/reversals"), &json!({ "reason": "Once more" })).await;
    again.expect_problem(409, "duplicate_merger_undone");
    assert!(app.recorded().await.contains(&"undo_duplicate_merger".to_owned()));
    let told = app.told(&officer).await;
    assert!(told.contains(&"duplicate.merged".to_owned()) && told.contains(&"duplicate.merger_undone".to_owned()));
    let back = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!((back("enrollment.restored"), back("enrollment.carried"), back("enrollment.exited")), (1, 2, 1));
    // Each record tells both changes with their reasons.
    for path in
        [format!("/v1/beneficiaries/{one}"), format!("/v1/members/{}", pair["other_member_id"].as_str().unwrap())]
    {
        let history = officer.get(&format!("{path}/history")).await.expect(200).body;
        let why =
            |place: usize| (history["items"][place]["operation"].clone(), history["items"][place]["reason"].clone());
        assert_eq!(why(0), (json!("undo_duplicate_merger"), json!("Two households")), "{history}");
        assert_eq!(why(1), (json!("merge_duplicates"), json!("Registered again")), "{history}");
    }
}

async fn member(officer: &Client, id: &Value) -> Answer {
    officer.get(&format!("/v1/members/{}", id.as_str().unwrap())).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_survive_by_rule_and_by_choice() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, other) = two_cards(&officer).await;
    let pair = decided(&officer).await;
    // The record that goes on is the one without a number, on the second card; the first card keeps the child.
    let without_head = merger(&pair, "other_member_id", &json!({ "take": ["name"] }));
    let refused = officer.post("/v1/duplicates/mergers", &without_head).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/successor_id");
    let family = pair["one_beneficiary_id"].as_str().unwrap();
    let members = officer.get(&format!("/v1/beneficiaries/{family}/members")).await.expect(200).body["items"].clone();
    let mut succeeded = without_head;
    succeeded["successor_id"] = members[1]["id"].clone();
    let merged = officer.post("/v1/duplicates/mergers", &succeeded).await.expect(201);
    let kept = member(&officer, &pair["other_member_id"]).await.body;
    assert_eq!((&kept["nik"], &kept["name"]), (&json!("6402********0001"), &json!("Sulastri Wahyuni Sintetis")));
    let ended = member(&officer, &pair["one_member_id"]).await.body;
    assert_eq!(ended["left_because"], "merged");
    let found = officer.post("/v1/beneficiaries/search", &json!({ "nik": "6402105512870001" })).await.expect(200);
    assert_eq!(found.body["items"][0]["id"], json!(other));
    let head = officer.get(&format!("/v1/beneficiaries/{family}")).await.expect(200).body;
    assert_eq!((&head["head_name"], &head["member_count"]), (&json!("Melati Putih Contoh"), &json!(1)));
    // Whoever changes one of the records since has gone too far to go back.
    officer.patch(&format!("/v1/beneficiaries/{other}"), "\"2\"", &json!({ "address": "RT 09" })).await.expect(200);
    let path = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    let refused = officer.post(&path, &json!({ "reason": "Too late" })).await;
    refused.expect_problem(409, "duplicate_merger_changed_since");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_mergers_at_once_and_one_is_done() {
    let app = TestApp::new().await;
    let (one, other) = (app.kecamatan().await, app.second_officer().await);
    two_cards(&one).await;
    run(&one, &json!({})).await;
    let pair = pairs(&one, "finding=same").await.remove(0);
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    one.post("/v1/duplicates/mergers", &whole).await.expect_problem(409, "duplicate_pair_undecided");
    decided(&one).await;
    let (left, right) =
        tokio::join!(one.post("/v1/duplicates/mergers", &whole), other.post("/v1/duplicates/mergers", &whole));
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", left.text, right.text);
    let decision = json!({ "decision": "different", "reason": "Too late" });
    let path = format!("/v1/duplicates/pairs/{}/decisions", pair["id"].as_str().unwrap());
    one.post(&path, &decision).await.expect_problem(409, "duplicate_pair_merged");
}

/// Numbers of a family in full.
async fn disclosed(officer: &Client, family: &Value) -> Value {
    let path = format!("/v1/beneficiaries/{}/number-disclosures", family.as_str().unwrap());
    officer.post(&path, &json!({ "purpose": "Uji ganti kunci" })).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_is_undone_under_a_new_key() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    two_cards(&officer).await;
    let pair = decided(&officer).await;
    let (one, other) = (&pair["one_beneficiary_id"], &pair["other_beneficiary_id"]);
    let before = [disclosed(&officer, one).await, disclosed(&officer, other).await];
    let whole = merger(&pair, "other_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    assert_eq!(Keys::add_sealing_key(&app.keys_folder).unwrap(), 2);
    app.services.keys.vault.reload().unwrap();
    resealing::reseal(app.database.owner_url(), &app.services.keys.vault, |_, _| {}).await.unwrap();
    Keys::retire_sealing_key(&app.keys_folder, 1, Duration::ZERO).unwrap();
    let restarted = app.beside(1_000_000).await;
    let officer = restarted.kecamatan().await;
    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!([disclosed(&officer, one).await, disclosed(&officer, other).await], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_merged_collects_no_more_until_it_is_undone() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    two_cards(&officer).await;
    let pair = decided(&officer).await;
    let collectors = format!("/v1/beneficiaries/{}/collectors", pair["other_beneficiary_id"].as_str().unwrap());
    let new = json!({ "member_id": pair["other_member_id"], "valid_from": this_month() });
    officer.post(&collectors, &new).await.expect(201);
    let end = async || officer.get(&collectors).await.expect(200).body["items"][0]["end_reason"].clone();
    let ties = format!("/v1/beneficiaries/{}/memberships", pair["other_beneficiary_id"].as_str().unwrap());
    let read =
        async |path: &str, query: &str| officer.get(&format!("{path}?{query}")).await.expect(200).body["items"].clone();
    let before = (moment().await, read(&ties, "").await, read(&collectors, "").await);
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    assert_eq!(end().await, "left");
    let between = (moment().await, read(&ties, "").await, read(&collectors, "").await);
    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!(end().await, Value::Null);
    assert_eq!(read(&ties, "").await, before.1, "the memberships are restored");
    // Each of the three states is read back.
    for (moment, tied, collected) in [before, between] {
        assert_eq!((read(&ties, &moment).await, read(&collectors, &moment).await), (tied, collected));
    }
}

/// Registers what attributes of a subject can be: two truths.
async fn allow(officer: &Client, subject: &str) {
    let properties = json!({ "roof": { "type": "boolean" }, "well": { "type": "boolean" } });
    let definition = json!({ "type": "object", "properties": properties });
    officer.post("/v1/attribute-schemas", &json!({ "subject": subject, "definition": definition })).await.expect(201);
}

/// Gives the record at a path attributes, as somebody tells them.
async fn tell(officer: &Client, path: &str, names: &[&str], source: &str) {
    let fact = json!({ "value": true, "source": source, "observed_on": "2026-11-01" });
    let facts: serde_json::Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), fact.clone())).collect();
    officer.patch(path, "\"1\"", &json!({ "attributes": facts })).await.expect(200);
}

/// Names and sources of the attributes of the record at a path.
async fn facts(officer: &Client, path: &str) -> Value {
    let record = officer.get(path).await.expect(200).body;
    let facts = record["attributes"].as_object().into_iter().flatten();
    facts.map(|(name, fact)| json!([name, fact["source"]])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_visits_and_open_tasks_are_carried_and_given_back() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let visitor = app.client("pkh_facilitator", KEMBANG_JANGGUT).await;
    two_cards(&officer).await;
    let pair = decided(&officer).await;
    let id = |name: &str| pair[name].as_str().unwrap().to_owned();
    let (one, other) = (id("one_beneficiary_id"), id("other_beneficiary_id"));
    let families = [format!("/v1/beneficiaries/{one}"), format!("/v1/beneficiaries/{other}")];
    let members = [format!("/v1/members/{}", id("one_member_id")), format!("/v1/members/{}", id("other_member_id"))];
    for (subject, records) in [("beneficiaries", &families), ("members", &members)] {
        allow(&officer, subject).await;
        tell(&officer, &records[0], &["roof"], "first").await;
        tell(&officer, &records[1], &["roof", "well"], "second").await;
    }
    // Two rounds wait for the other record, one of them for both; a visit of each was before.
    let both = open(&officer, "family.member_count >= 1", json!({})).await;
    for (family, at) in [(&one, "2026-11-01T02:00:00Z"), (&other, "2026-11-03T02:00:00Z")] {
        let visit = json!({ "beneficiary_id": family, "visited_at": at, "finding": "confirmed" });
        visitor.post("/v1/visits", &visit).await.expect(201);
    }
    let only = open(&officer, "family.days_since_visit >= 0", json!({})).await;
    app.arrange(&format!(
        "delete from verification_tasks where beneficiary_id = '{one}' and round_id = '{}'",
        only.rsplit('/').next().unwrap()
    ))
    .await;
    let tasks = async |round: &str| {
        let listed = officer.get(&format!("{round}/tasks")).await.expect(200).body;
        let rows = listed["items"].as_array().unwrap().clone();
        let mut ids: Vec<String> = rows.iter().map(|row| row["beneficiary_id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let read = async || {
        let mut all = Vec::new();
        for path in families.iter().chain(&members) {
            all.push(without_counts(officer.get(path).await.expect(200).body));
        }
        for family in [&one, &other] {
            all.push(
                officer.get(&format!("/v1/visits?beneficiary_id={family}")).await.expect(200).body["items"].clone(),
            );
        }
        all.push(json!([tasks(&both).await, tasks(&only).await]));
        json!(all)
    };
    let before = read().await;
    assert_eq!(tasks(&only).await, std::slice::from_ref(&other));

    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201).id();
    for path in [&families[0], &members[0]] {
        assert_eq!(facts(&officer, path).await, json!([["roof", "first"], ["well", "second"]]));
    }
    let mut pairs = vec![one.clone(), other.clone()];
    pairs.sort();
    assert_eq!((tasks(&both).await, tasks(&only).await), (pairs, vec![one.clone()]));
    let visits = officer.get(&format!("/v1/visits?beneficiary_id={one}&count=exact")).await.expect(200).body;
    assert_eq!((&visits["total"], visits["items"].as_array().unwrap().len()), (&json!(2), 2));
    let coverage = officer.get("/v1/verification-coverage?within_days=3650").await.expect(200).body;
    assert_eq!(coverage["items"][0]["oldest_visit_at"], "2026-11-03T02:00:00Z", "the later visit counts for both");

    let path = format!("/v1/duplicates/mergers/{merged}/reversals");
    officer.post(&path, &json!({ "reason": "Two households" })).await.expect(201);
    assert_eq!(read().await, before);
    assert!(texts(&app, "select visit_id::text as found from carried_visits").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_both_cards_of_a_merged_household_is_told_of_the_one_that_ended() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    two_cards(&officer).await;
    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    // The number of the mother stands on her record; her name is spelled anew on both cards.
    let rows = [
        row("6402101001209001", "6402105512870001", "Sulastri Wahyuni Contoh", "head"),
        row("6402101001209002", "", "Sulastri Wahyuni Contoh", "head"),
    ];
    let done = import(&officer, file(&rows)).await;
    assert_eq!((&done["status"], &done["members_changed"]), (&json!("applied"), &json!(1)), "{done}");
    let told = faults(&officer, &done).await;
    assert_eq!(told, [(3, "card_number".to_owned(), "card_already_registered".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_survives_by_rule_and_by_choice_and_ranks_go_along() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = two_cards(&officer).await;
    let pair = decided(&officer).await;
    let [first, second] = [&one, &other].map(|id| format!("/v1/beneficiaries/{id}"));
    officer.patch(&first, "\"1\"", &json!({ "address": "RT 01" })).await.expect(200);
    let known = json!({ "address": "RT 09", "village_code": KELEKAT, "phone": "+6284000012345" });
    officer.patch(&second, "\"1\"", &known).await.expect(200);
    officer.post(&format!("{second}/verifications"), &json!({})).await.expect(201);
    for (path, source, period, decile) in
        [(&first, "SURVEY", "2026-01-01", 7), (&second, "SURVEY", "2026-01-01", 3), (&second, "DTSEN", "2026-10-01", 1)]
    {
        let rank = json!({ "source": source, "period": period, "decile": decile });
        officer.post(&format!("{path}/ranks"), &rank).await.expect(201);
    }
    let ranks = async || {
        let listed = officer.get(&format!("{first}/ranks")).await.expect(200).body;
        let ranks = listed["items"].as_array().unwrap().clone();
        ranks.iter().map(|rank| json!([rank["source"], rank["decile"]])).collect::<Vec<_>>()
    };
    let before = (read(&officer, &[&one, &other]).await, ranks().await);

    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let mut apart = merger(&pair, "one_member_id", &json!({}));
    apart["take_family"] = json!(["phone"]);
    let members = officer.get(&format!("{second}/members")).await.expect(200).body["items"].clone();
    apart["successor_id"] = members[1]["id"].clone();
    let refused = officer.post("/v1/duplicates/mergers", &apart).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/take_family");
    for (take, address, village) in
        [(json!([]), "RT 01", HAMBAU), (json!(["address", "village_code"]), "RT 09", KELEKAT)]
    {
        let mut taking = whole.clone();
        taking["take_family"] = take;
        let merged = officer.post("/v1/duplicates/mergers", &taking).await.expect(201).id();
        let family = officer.get(&first).await.expect(200).body;
        assert_eq!((&family["address"], &family["village_code"]), (&json!(address), &json!(village)));
        assert_eq!((&family["phone"], &family["verified_by"]), (&json!("+6284000012345"), &json!(officer.id)));
        assert_eq!((&family["decile"], &family["decile_source"]), (&json!(1), &json!("DTSEN")));
        assert_eq!(ranks().await, [json!(["DTSEN", 1]), json!(["SURVEY", 7])], "its own rank is not overwritten");
        let path = format!("/v1/duplicates/mergers/{merged}/reversals");
        officer.post(&path, &json!({ "reason": "Two households" })).await.expect(201);
        assert_eq!((read(&officer, &[&one, &other]).await, ranks().await), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_to_a_card_whose_number_is_their_nik() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let mother = person(None, "Sulastri Wahyuni Sintetis", "1987-12-15");
    let again = person(Some("6402105512870001"), "Sulastri Wahjuni Sintetis", "1987-12-15");
    let son = json!({ "nik": "6402100706140001", "name": "Bayu Sintetis", "sex": "male", "born_on": "2014-06-07",
        "relationship": "child" });
    let cards = [
        card("6402100706140001", HAMBAU, &[mother, child("Melati Putih Contoh")]),
        card("6402101001209002", HAMBAU, &[again, son]),
    ];
    for card in &cards {
        officer.post("/v1/beneficiaries", card).await.expect(201);
    }
    let pair = decided(&officer).await;
    let whole = merger(&pair, "one_member_id", &json!({ "merges_families": true }));
    let refused = officer.post("/v1/duplicates/mergers", &whole).await.expect_problem(422, "invalid_fields");
    assert_eq!(
        (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        (&json!("/merges_families"), &json!("card_number_is_nik"))
    );
    // The other way round nobody comes to that card.
    let whole = merger(&pair, "other_member_id", &json!({ "merges_families": true }));
    officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
}
