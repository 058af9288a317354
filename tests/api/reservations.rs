//! Reservations that nobody comes for: they expire by themselves, and what a family that went away needed goes with it.

use chrono::{Days, TimeDelta, Utc};
use futures_util::future::join;
use serde_json::{Value, json};
use sinergi::housekeeping::{reconcile, tidy_up};

use crate::duplicates_mergers::{self as twice, decided, two_cards};
use crate::households::{Home, merger, settle};
use crate::support::{Cast, Client, HAMBAU, KELEKAT, KENOHAN, NeedyFamily, event_kinds, handover, texts};

/// A neighbour's village.
const THERE: &str = "64.02.09.2001";

/// Reserves some of a line for a need.
async fn reserve(cast: &Cast, (pledge, line): (&str, &str), need: &str, more: Value) -> Value {
    let mut new = json!({ "pledge_line_id": line, "need_id": need, "quantity": "1" });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).body
}

async fn status_of(client: &Client, family: &NeedyFamily) -> Value {
    let needs = client.get(&format!("/v1/beneficiaries/{}/needs", family.beneficiary_id)).await.expect(200).body;
    needs["items"][0]["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_comes_for_is_free_again_and_the_need_is_open_again() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 3, "hand_tractor", "2").await;
    let (pledge, line) = cast.stocked("8", &[HAMBAU]).await;
    let today = sinergi::db::today();
    let needs: Vec<String> = families.iter().map(|family| family.need_id.to_string()).collect();
    let whole = reserve(&cast, (&pledge, &line), &needs[0], json!({ "quantity": "2" })).await;
    assert_eq!(whole["expires_on"], json!(today + Days::new(90)), "where nothing else is said");
    let partly = reserve(&cast, (&pledge, &line), &needs[1], json!({ "quantity": "2" })).await;
    let kept = json!({ "expires_on": today + Days::new(200) });
    let later = reserve(&cast, (&pledge, &line), &needs[2], kept).await;
    let path = |one: &Value| format!("/v1/allocations/{}", one["id"].as_str().unwrap());
    let member = families[1].beneficiary_id.to_string();
    cast.second.post(&format!("{}/deliveries", path(&partly)), &handover("1", &member)).await.expect(201);

    let db = &cast.app.services.db;
    assert_eq!(tidy_up(db, Utc::now() + TimeDelta::days(90)).await.unwrap().reservations, 0, "its last day counts");
    assert_eq!(tidy_up(db, Utc::now() + TimeDelta::days(91)).await.unwrap().reservations, 2);
    assert_eq!(tidy_up(db, Utc::now() + TimeDelta::days(91)).await.unwrap().reservations, 0);

    let gone = cast.first.get(&path(&whole)).await.expect(200).body;
    assert_eq!((&gone["status"], &gone["release_reason"]), (&json!("released"), &json!("expired")));
    assert!(gone["released_at"].is_string());
    let gone = cast.first.get(&path(&partly)).await.expect(200).body;
    assert_eq!((&gone["status"], &gone["delivered_quantity"]), (&json!("released"), &json!("1")));
    assert_eq!(cast.first.get(&path(&later)).await.expect(200).body["status"], "reserved");
    let by = today + Days::new(199);
    let soon = cast.first.get(&format!("/v1/allocations?status=reserved&expires_by={by}")).await.expect(200);
    assert_eq!(soon.body["items"], json!([]));
    for family in &families[..2] {
        assert_eq!(status_of(&cast.first, family).await, "open");
    }
    let trail = cast.trail(&pledge).await;
    let of_line = ["free", "reserved", "delivered"].map(|step| trail["lines"][0][step].clone());
    assert_eq!(of_line, ["6", "1", "1"]);
    let last = trail["movements"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["code"], &last["quantity"], &last["from"], &last["to"]),
        (&json!("expire"), &json!("3"), &json!("reserved"), &json!("stock")),
        "one transfer for the line"
    );
    let told = event_kinds(&cast.company, 10).await;
    let told: Vec<&Value> = told.iter().filter(|one| one["type"] == "pledge.reservations_expired").collect();
    assert_eq!((told.len(), &told[0]["data"]["quantity"]), (1, &json!("3")));
    let audited = "select client_id || ' ' || record_count as found from audit_records
        where operation = 'expire_allocations'";
    assert_eq!(texts(&cast.app, audited).await, ["housekeeping 2"]);
    let refused = cast.second.post(&format!("{}/deliveries", path(&partly)), &handover("1", &member)).await;
    let refused = refused.expect_problem(409, "allocation_not_reserved");
    assert_eq!(refused.body["possible"], json!(["take_back"]), "what it has can come back");
    let refused = cast.second.post(&format!("{}/deliveries", path(&whole)), &handover("1", &member)).await;
    assert_eq!(refused.expect_problem(409, "allocation_not_reserved").body["possible"], json!([]));
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_is_kept_for_a_year_at_most() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let (pledge, line) = cast.stocked("2", &[HAMBAU]).await;
    let today = sinergi::db::today();
    for day in [today - Days::new(1), today + Days::new(367)] {
        let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1", "expires_on": day });
        let refused = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await;
        let fault = refused.expect_problem(422, "invalid_fields").body["errors"][0].clone();
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/expires_on"), &json!("expiry_out_of_range")),
            "{day}"
        );
    }
    let runs = format!("/v1/pledges/{pledge}/allocation-runs");
    let late = json!({ "expires_on": today + Days::new(367) });
    cast.first.post(&runs, &late).await.expect_problem(422, "invalid_fields");
    let until = today + Days::new(366);
    cast.first.post(&runs, &json!({ "expires_on": until })).await.expect(201);
    let made = cast.first.get(&format!("/v1/allocations?pledge_id={pledge}")).await.expect(200).body;
    assert_eq!(made["items"][0]["expires_on"], json!(until));
}

/// Handed over or expired, never both, whichever comes first.
#[tokio::test(flavor = "multi_thread")]
async fn a_handover_at_the_moment_of_expiry_is_kept_or_refused() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let (pledge, line) = cast.stocked("6", &[HAMBAU]).await;
    let mut handovers = Vec::new();
    for family in &families {
        let made = reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({})).await;
        let path = format!("/v1/allocations/{}/deliveries", made["id"].as_str().unwrap());
        handovers.push((path, handover("1", &family.beneficiary_id.to_string())));
    }
    let asked = handovers.iter().map(|(path, body)| cast.second.post_patiently(path, body));
    let later = Utc::now() + TimeDelta::days(91);
    let (answers, tidied) = join(futures_util::future::join_all(asked), tidy_up(&cast.app.services.db, later)).await;
    let handed = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    let expired = tidied.unwrap().reservations + tidy_up(&cast.app.services.db, later).await.unwrap().reservations;
    assert_eq!(handed + expired, 6);
    let of_line = cast.trail(&pledge).await["lines"][0].clone();
    assert_eq!(
        (&of_line["delivered"], &of_line["free"], &of_line["reserved"]),
        (&json!(handed.to_string()), &json!(expired.to_string()), &json!("0"))
    );
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn allocations_that_are_not_what_the_ledger_has_are_found() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({ "quantity": "2" })).await;
    cast.assert_sums().await;
    assert!(reconcile(&cast.app.services.db).await.unwrap().is_empty());
    cast.app.arrange("update allocations set quantity = 1").await;
    let found = cast.first.get("/v1/ledger/discrepancies").await.expect(200).body;
    let told = json!([{ "pledge_line_id": line, "place": "reserved", "balance": "2", "allocated": "1" }]);
    assert_eq!((&found["items"], &found["lines"]), (&json!([]), &told));
    let daily = reconcile(&cast.app.services.db).await.unwrap();
    assert_eq!(daily.iter().map(|one| one.pledge_line_id.to_string()).collect::<Vec<_>>(), [line]);
    let neighbour = cast.app.client("auditor", KENOHAN).await;
    assert_eq!(neighbour.get("/v1/ledger/discrepancies").await.expect(200).body["lines"], json!([]));
}

/// A registered and verified family that needs two tractors, of which one is reserved and the other withdrawn or open.
async fn awaited(cast: &Cast, number: u32) -> (Home, String, (String, String)) {
    let home = settle(&cast.first, number).await;
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    let village = cast.first.get(&home.path).await.expect(200).body["village_code"].as_str().unwrap().to_owned();
    let need = json!({ "kind": "hand_tractor", "quantity": "1" });
    let need = cast.first.post(&format!("{}/needs", home.path), &need).await.expect(201).id();
    let (pledge, line) = cast.stocked("3", &[village.as_str(), KELEKAT]).await;
    let made = reserve(cast, (&pledge, &line), &need, json!({})).await;
    (home, made["id"].as_str().unwrap().to_owned(), (pledge, line))
}

async fn tractors(client: &Client, path: &str) -> Vec<(Value, Value)> {
    let needs = client.get(&format!("{path}/needs")).await.expect(200).body["items"].as_array().unwrap().clone();
    needs.iter().map(|need| (need["status"].clone(), need["quantity"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reserved_for_a_merged_family_is_needed_by_the_one_that_goes_on() {
    let cast = Cast::new().await;
    let (ending, allocation, (pledge, line)) = awaited(&cast, 1).await;
    let lasting = settle(&cast.first, 2).await;
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    let made = cast.first.post(&format!("{}/mergers", ending.path), &merger(&ending, &lasting)).await.expect(201).body;
    assert_eq!(made["reserved_allocation_ids"], json!([allocation]));
    assert_eq!((&made["ended_needs"][0]["lacking"], made["ended_needs"].as_array().unwrap().len()), (&json!("1"), 1));
    let carried = made["ended_needs"][0]["carried_to_id"].as_str().unwrap().to_owned();
    assert_eq!(tractors(&cast.first, &lasting.path).await, [(json!("open"), json!("1"))]);
    assert!(cast.app.told(&cast.first).await.contains(&"allocation.left_behind".to_owned()));
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    // What is released, or expires, stays no longer with the family that ended, and does not come back to life there.
    assert_eq!(tidy_up(&cast.app.services.db, Utc::now() + TimeDelta::days(91)).await.unwrap().reservations, 1);
    assert_eq!(tractors(&cast.first, &ending.path).await, [(json!("withdrawn"), json!("1"))]);
    reserve(&cast, (&pledge, &line), &carried, json!({})).await;
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reserved_for_a_family_registered_twice_is_needed_by_the_one_that_goes_on_until_it_is_undone() {
    let cast = Cast::new().await;
    let officer = &cast.first;
    let (lasting, ending) = two_cards(officer).await;
    let (lasting, ending) = (format!("/v1/beneficiaries/{lasting}"), format!("/v1/beneficiaries/{ending}"));
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    let need = json!({ "kind": "hand_tractor", "quantity": "2" });
    let need = officer.post(&format!("{ending}/needs"), &need).await.expect(201).id();
    let (pledge, line) = cast.stocked("3", &[HAMBAU]).await;
    let allocation = reserve(&cast, (&pledge, &line), &need, json!({})).await["id"].clone();
    let pair = decided(officer).await;
    let keep = if ending.ends_with(pair["other_beneficiary_id"].as_str().unwrap()) { "one" } else { "other" };
    let whole = twice::merger(&pair, &format!("{keep}_member_id"), &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);

    assert_eq!(merged.body["reserved_allocation_ids"], json!([allocation]));
    assert_eq!(merged.body["ended_need_ids"], json!([need]));
    assert_eq!(tractors(officer, &lasting).await, [(json!("open"), json!("2"))], "what was open, and what is reserved");
    assert_eq!(tractors(officer, &ending).await, [(json!("withdrawn"), json!("2"))]);
    let carried = officer.get(&format!("{lasting}/needs")).await.expect(200).body["items"][0]["id"].clone();
    assert_eq!(merged.body["carried_need_ids"], json!([carried]));
    let told = async |kind: &str| cast.app.told(officer).await.into_iter().filter(|one| one == kind).count();
    let kinds = ["allocation.left_behind", "need.withdrawn", "need.recorded", "need.restored"];
    assert_eq!([told(kinds[0]).await, told(kinds[1]).await, told(kinds[2]).await, told(kinds[3]).await], [1, 1, 2, 0]);

    let undo = json!({ "reason": "Two households" });
    officer.post(&format!("/v1/duplicates/mergers/{}/reversals", merged.id()), &undo).await.expect(201);
    assert_eq!(tractors(officer, &lasting).await, [(json!("withdrawn"), json!("2"))]);
    assert_eq!(tractors(officer, &ending).await, [(json!("open"), json!("2"))]);
    assert_eq!([told(kinds[1]).await, told(kinds[3]).await], [2, 1]);
    let members = officer.get(&format!("{ending}/members")).await.expect(200).body;
    let taken = handover("1", members["items"][0]["id"].as_str().unwrap());
    let path = format!("/v1/allocations/{}/deliveries", allocation.as_str().unwrap());
    cast.second.post(&path, &taken).await.expect(201);
    cast.assert_sums().await;
}

/// What is released meanwhile cannot be taken back with the merger.
#[tokio::test(flavor = "multi_thread")]
async fn a_merger_of_records_is_not_undone_once_what_it_left_behind_was_released() {
    let cast = Cast::new().await;
    let officer = &cast.first;
    let (_, ending) = two_cards(officer).await;
    cast.app.arrange("update beneficiaries set verified_at = now(), verified_by = 'officer'").await;
    let need = json!({ "kind": "hand_tractor", "quantity": "1" });
    let need = officer.post(&format!("/v1/beneficiaries/{ending}/needs"), &need).await.expect(201).id();
    let (pledge, line) = cast.stocked("3", &[HAMBAU]).await;
    let allocation = reserve(&cast, (&pledge, &line), &need, json!({})).await["id"].clone();
    let pair = decided(officer).await;
    let keep = if pair["other_beneficiary_id"] == json!(ending) { "one" } else { "other" };
    let whole = twice::merger(&pair, &format!("{keep}_member_id"), &json!({ "merges_families": true }));
    let merged = officer.post("/v1/duplicates/mergers", &whole).await.expect(201);
    let release = format!("/v1/allocations/{}/releases", allocation.as_str().unwrap());
    officer.post(&release, &json!({ "reason": "Terdaftar dua kali" })).await.expect(200);
    let path = format!("/v1/duplicates/mergers/{}/reversals", merged.id());
    let refused = officer.post(&path, &json!({ "reason": "Two households" })).await;
    refused.expect_problem(409, "duplicate_merger_changed_since");
    assert_eq!(cast.trail(&pledge).await["lines"][0]["free"], "3");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reserved_for_a_family_that_moved_is_needed_where_it_lives_now() {
    let cast = Cast::new().await;
    let (home, allocation, _) = awaited(&cast, 1).await;
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    let moving = json!({ "village_code": THERE, "address": "RT 01", "on": "2026-02-03" });
    let offer = cast.first.post(&format!("{}/relocations", home.path), &moving).await.expect(201);
    neighbour.post(&format!("{}/acceptances", offer.header("location")), &json!({})).await.expect(200);
    assert_eq!(tractors(&neighbour, &home.path).await, [(json!("open"), json!("1"))]);
    let left = cast.app.told(&cast.first).await.into_iter().filter(|kind| kind == "allocation.left_behind").count();
    assert_eq!(left, 1);
    let release = json!({ "reason": "Keluarga pindah" });
    cast.first.post(&format!("/v1/allocations/{allocation}/releases"), &release).await.expect(200);
    cast.assert_sums().await;
}

/// A family had one of two tractors, did not want the other, and gave the first back as it was the wrong one.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_still_needed_opens_a_need_that_was_withdrawn_by_as_much() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    let made = reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({})).await;
    let allocation = format!("/v1/allocations/{}", made["id"].as_str().unwrap());
    let new = handover("1", &family.beneficiary_id.to_string());
    cast.second.post(&format!("{allocation}/deliveries"), &new).await.expect(201);
    let withdrawal = json!({ "reason": "Satu cukup" });
    cast.first.post(&format!("/v1/needs/{}/withdrawals", family.need_id), &withdrawal).await.expect(200);
    let wrong = json!({ "quantity": "1", "returned_on": "2026-11-20", "reason": "wrong_goods", "is_usable": true,
                        "is_still_needed": true, "handover_number": "BAST-R/001/2026" });
    cast.first.post(&format!("{allocation}/returns"), &wrong).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", family.beneficiary_id);
    assert_eq!(tractors(&cast.first, &path).await, [(json!("open"), json!("1"))], "by one, not by two");
    reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({})).await;
    cast.assert_sums().await;
}

/// With a newer open need of the kind there is one place for it: that one.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_still_needed_beside_a_newer_need_is_added_to_it() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    let made = reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({})).await;
    let allocation = format!("/v1/allocations/{}", made["id"].as_str().unwrap());
    let new = handover("1", &family.beneficiary_id.to_string());
    cast.second.post(&format!("{allocation}/deliveries"), &new).await.expect(201);
    let path = format!("/v1/beneficiaries/{}", family.beneficiary_id);
    let newer = json!({ "kind": "hand_tractor", "quantity": "2" });
    cast.first.post(&format!("{path}/needs"), &newer).await.expect(201);
    let wrong = json!({ "quantity": "1", "returned_on": "2026-11-20", "reason": "wrong_goods", "is_usable": true,
                        "is_still_needed": true, "handover_number": "BAST-R/001/2026" });
    cast.first.post(&format!("{allocation}/returns"), &wrong).await.expect(201);
    let all = tractors(&cast.first, &path).await;
    assert!(all.contains(&(json!("open"), json!("3"))) && all.contains(&(json!("withdrawn"), json!("1"))), "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reserved_for_a_family_that_ended_opens_no_need_of_it() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 2, "hand_tractor", "1").await;
    let (pledge, line) = cast.stocked("2", &[HAMBAU]).await;
    let mut reserved = Vec::new();
    for family in &families {
        reserved.push(reserve(&cast, (&pledge, &line), &family.need_id.to_string(), json!({})).await);
    }
    cast.app.arrange("update beneficiaries set status = 'ended'").await;
    let release = format!("/v1/allocations/{}/releases", reserved[0]["id"].as_str().unwrap());
    cast.first.post(&release, &json!({ "reason": "Keluarga sudah pindah" })).await.expect(200);
    let later = Utc::now() + TimeDelta::days(91);
    assert_eq!(tidy_up(&cast.app.services.db, later).await.unwrap().reservations, 1);
    for family in &families {
        assert_eq!(status_of(&cast.first, family).await, "withdrawn");
    }
    assert_eq!(cast.trail(&pledge).await["lines"][0]["free"], "2");
}
