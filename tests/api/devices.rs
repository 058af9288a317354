//! Devices without signal: signed batches in any order and as often as they come, conflicts kept until they are settled.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sinergi::domain::canonical;
use sinergi::housekeeping::recount;

use crate::cycles::{rice_for_three, this_month};
use crate::deliveries::{delivery, left};
use crate::stock::{at, receive, rice_at, site};
use crate::support::{Answer, Client, KENOHAN, TestApp};
use crate::suspension_orders::order;

/// A device as its own program knows it.
pub(crate) struct Device {
    pub(crate) id: String,
    pair: Ed25519KeyPair,
}

impl Device {
    /// Registers one of the officer's own.
    pub(crate) async fn register(officer: &Client) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let new = json!({ "label": "Tablet perahu", "public_key": public, "client_id": officer.id });
        Self { id: officer.post("/v1/devices", &new).await.expect(201).id(), pair }
    }

    /// A signed batch.
    pub(crate) fn batch(&self, sequence: i32, deliveries: &[Value]) -> Value {
        self.signed(&json!({
            "device_id": self.id, "batch_id": uuid::Uuid::now_v7(), "sequence": sequence,
            "made_at": "2026-11-20T02:00:00Z", "deliveries": deliveries,
        }))
    }

    fn signed(&self, batch: &Value) -> Value {
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(canonical(batch).as_bytes()).as_ref());
        json!({ "batch": batch, "signature": signature })
    }
}

/// A delivery as a device records it.
pub(crate) fn item(entitlement: &Value, quantity: &str) -> Value {
    let mut item = delivery(entitlement, quantity);
    item["id"] = json!(uuid::Uuid::now_v7());
    item["place"] = json!("Dermaga Desa Sirap");
    item
}

async fn bring(client: &Client, batch: &Value) -> Answer {
    client.post_patiently("/v1/delivery-batches", batch).await
}

/// Outcomes of the deliveries of a batch, and whether each was brought before.
fn outcomes(answer: &Answer) -> Vec<(String, bool)> {
    let items = answer.body["items"].as_array().unwrap().iter();
    items.map(|item| (item["outcome"].as_str().unwrap().to_owned(), item["is_repeated"] == true)).collect()
}

fn outcome(outcome: &str, is_repeated: bool) -> (String, bool) {
    (outcome.to_owned(), is_repeated)
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_taken_in_any_order_and_twice_without_harm() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let (first, second) = (item(&due[0], "6"), item(&due[1], "10"));
    let later = device.batch(2, &[second.clone(), first.clone()]);
    let earlier = device.batch(1, &[item(&due[0], "4"), second.clone()]);
    let village = app.client("village_office", 1).await;
    let taken = bring(&village, &later).await.expect(201);
    assert_eq!(outcomes(&taken), [outcome("accepted", false), outcome("accepted", false)]);
    assert_eq!((&taken.body["accepted_count"], &taken.body["sent_by"]), (&json!(2), &json!(village.id)));
    // What another batch had brought is there once.
    let taken_then = bring(&village, &earlier).await.expect(201);
    assert_eq!(outcomes(&taken_then), [outcome("accepted", false), outcome("accepted", true)]);
    for _ in 0..2 {
        assert_eq!(bring(&officer, &later).await.expect(201).text, taken.text);
    }
    let read = officer.get(taken.header("location")).await.expect(200);
    assert_eq!(read.body, taken.body);
    assert_eq!((left(&officer, &due[0]).await, left(&officer, &due[1]).await), (json!("0"), json!("0")));
    let made = officer.get(&format!("/v1/deliveries/{}", first["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!((&made["quantity"], &made["recorded_by"]), (&json!("6"), &json!(village.id)));
    let listed = officer.get(&format!("/v1/delivery-batches?device_id={}", device.id)).await.expect(200).body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(app.told(&officer).await.contains(&"delivery_batch.taken".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_stands_for_one_content() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let one = item(&due[0], "1");
    let batch = device.batch(1, std::slice::from_ref(&one));
    bring(&officer, &batch).await.expect(201);
    let mut other = batch["batch"].clone();
    other["deliveries"][0]["quantity"] = json!("2");
    bring(&officer, &device.signed(&other)).await.expect_problem(409, "batch_differs");
    bring(&officer, &device.batch(1, &[item(&due[0], "1")])).await.expect_problem(409, "batch_sequence_taken");
    let mut changed = one.clone();
    changed["quantity"] = json!("2");
    let single = officer.post("/v1/deliveries", &delivery(&due[1], "1")).await.expect(201).id();
    let mut of_nobody = item(&due[1], "1");
    of_nobody["id"] = json!(single);
    let good = item(&due[2], "3");
    let next = device.batch(2, &[changed, of_nobody, good.clone(), good]);
    let expected =
        [outcome("refused", false), outcome("refused", false), outcome("accepted", false), outcome("accepted", true)];
    let taken = bring(&officer, &next).await.expect(201);
    assert_eq!(outcomes(&taken), expected);
    assert_eq!(bring(&officer, &next).await.expect(201).text, taken.text);
    let lefts = (left(&officer, &due[0]).await, left(&officer, &due[1]).await, left(&officer, &due[2]).await);
    assert_eq!(lefts, (json!("9"), json!("9"), json!("7")));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_only_what_an_order_reaches_is_a_conflict() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let mut on_village = order();
    on_village["scope"] = json!({ "village_codes": ["64.02.10.2005"] });
    officer.post(&format!("/v1/programs/{program}/suspension-orders"), &on_village).await.expect(201);
    let items: Vec<Value> = due.iter().map(|due| item(due, "4")).collect();
    let taken = bring(&officer, &device.batch(1, &items)).await.expect(201);
    let expected: Vec<_> = due
        .iter()
        .map(|due| outcome(if due["village_code"] == "64.02.10.2005" { "conflict" } else { "accepted" }, false))
        .collect();
    assert_eq!(outcomes(&taken), expected);
    assert_eq!(taken.body["conflict_count"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_kept_until_it_is_dismissed_or_has_become_possible() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let taken = officer.post("/v1/deliveries", &delivery(&due[0], "8")).await.expect(201).id();
    let (over, held) = (item(&due[0], "3"), item(&due[1], "4"));
    let first = bring(&officer, &device.batch(1, &[over.clone(), item(&due[2], "1")])).await.expect(201);
    assert_eq!(outcomes(&first), [outcome("conflict", false), outcome("accepted", false)]);
    let laid = officer.post(&format!("/v1/programs/{program}/suspension-orders"), &order()).await.expect(201).id();
    let lost = item(&json!({ "id": uuid::Uuid::now_v7() }), "1");
    let second = bring(&officer, &device.batch(2, &[held.clone(), lost.clone()])).await.expect(201);
    assert_eq!(second.body["conflict_count"], 2);

    let path = |item: &Value| format!("/v1/delivery-conflicts/{}", item["id"].as_str().unwrap());
    let shown = officer.get(&path(&over)).await.expect(200).body;
    assert_eq!(
        (&shown["code"], &shown["about"], &shown["said"]),
        (&json!("entitlement_used_up"), &json!("2 kg"), &over)
    );
    assert_eq!(officer.get(&path(&held)).await.expect(200).body["code"], "program_suspended");
    let shown = officer.get(&path(&lost)).await.expect(200).body;
    assert_eq!((&shown["code"], &shown["pointer"]), (&json!("reference_unknown"), &json!("/entitlement_id")));

    let apply = async |item: &Value| officer.post(&format!("{}/applications", path(item)), &json!({})).await;
    apply(&held).await.expect_problem(409, "program_suspended");
    let release = json!({ "outcome": "released", "reason": "Arahan diterima" });
    officer.post(&format!("/v1/suspension-orders/{laid}/releases"), &release).await.expect(200);
    let applied = apply(&held).await.expect(200).body;
    assert_eq!((&applied["status"], &applied["settled_by"]), (&json!("applied"), &json!(officer.id)));
    assert_eq!(left(&officer, &due[1]).await, "6");
    apply(&held).await.expect_problem(409, "conflict_settled");
    // More than is due cannot be given, whoever says that it was, until something comes back.
    apply(&over).await.expect_problem(409, "entitlement_used_up");
    let back = json!({ "quantity": "1", "returned_on": this_month(), "reason": "excess", "is_due_again": true });
    officer.post(&format!("/v1/deliveries/{taken}/returns"), &back).await.expect(201);
    apply(&over).await.expect(200);
    assert_eq!(left(&officer, &due[0]).await, "0");

    let dismissal = json!({ "reason": "Salah catat" });
    let dismissed = officer.post(&format!("{}/dismissals", path(&lost)), &dismissal).await.expect(200).body;
    assert_eq!(dismissed["settlement_reason"], "Salah catat");
    let listed = async |filter: &str| {
        let answer = officer.get(&format!("/v1/delivery-conflicts?{filter}")).await.expect(200);
        answer.body["items"].as_array().unwrap().len()
    };
    assert_eq!((listed("status=open").await, listed("status=applied").await), (0, 2));
    assert_eq!(listed(&format!("device_id={}", device.id)).await, 3);
    assert_eq!(app.told(&officer).await.last().unwrap(), "delivery_conflict.settled");
    assert_eq!(app.recorded().await.last().unwrap(), "dismiss_delivery_conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_took_from_a_lot_is_gone_from_there_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let boat = site(&officer, "Perahu").await;
    let mut new = rice_at(&boat, "12");
    new["program_id"] = json!(program);
    let lot = receive(&officer, &new).await;
    let of_lot = |due: &Value, quantity: &str| {
        let mut item = item(due, quantity);
        item["stock_lot_id"] = json!(lot);
        item["stock_site_id"] = json!(boat);
        item
    };
    let device = Device::register(&officer).await;
    let (first, over, last) = (of_lot(&due[0], "10"), of_lot(&due[1], "3"), of_lot(&due[2], "2"));
    let batch = device.batch(1, &[first, over.clone(), last]);
    let taken = bring(&officer, &batch).await.expect(201);
    let expected = [outcome("accepted", false), outcome("conflict", false), outcome("accepted", false)];
    assert_eq!(outcomes(&taken), expected, "{}", taken.text);
    // Of the one that stock refuses nothing stays, neither there nor in the ledger.
    assert_eq!(at(&officer, &lot, &boat).await, "0");
    assert_eq!(left(&officer, &due[1]).await, "10");
    let conflict = format!("/v1/delivery-conflicts/{}", over["id"].as_str().unwrap());
    let told = officer.get(&conflict).await.expect(200).body;
    assert_eq!((&told["code"], &told["said"]), (&json!("not_enough_left"), &over));
    bring(&officer, &batch).await.expect(201);
    assert_eq!(at(&officer, &lot, &boat).await, "0");
    let count = json!({
        "stock_site_id": boat, "counted_quantity": "3", "counted_on": this_month(), "minutes_number": "BA/9",
    });
    officer.post(&format!("/v1/stock-lots/{lot}/counts"), &count).await.expect(201);
    officer.post(&format!("{conflict}/applications"), &json!({})).await.expect(200);
    assert_eq!(at(&officer, &lot, &boat).await, "0");
    assert!(recount(&app.services.db).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_take_from_two_lots_the_other_way_round_do_not_wait_in_a_ring() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (program, _, due) = rice_for_three(&app, &officer).await;
    let warehouse = site(&officer, "Gudang").await;
    let mut lots = Vec::new();
    for _ in 0..2 {
        let mut new = rice_at(&warehouse, "50");
        new["program_id"] = json!(program);
        lots.push(receive(&officer, &new).await);
    }
    let of_lot = |due: &Value, lot: &str| {
        let mut item = item(due, "1");
        item["stock_lot_id"] = json!(lot);
        item["stock_site_id"] = json!(warehouse);
        item
    };
    let mut brought = Vec::new();
    for round in 0..8 {
        let (device, back) = (Device::register(&officer).await, round % 2);
        let items = [of_lot(&due[back], &lots[back]), of_lot(&due[1 - back], &lots[1 - back])];
        let (officer, batch) = (officer.clone(), device.batch(1, &items));
        brought.push(tokio::spawn(async move { bring(&officer, &batch).await.expect(201) }));
    }
    for answer in brought {
        assert_eq!(answer.await.unwrap().body["accepted_count"], 2);
    }
    for lot in &lots {
        assert_eq!(at(&officer, lot, &warehouse).await, "42");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_batch_brought_five_times_at_once_is_one_batch() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let device = Device::register(&officer).await;
    let batch = device.batch(1, &[item(&due[0], "4"), item(&due[1], "4"), item(&due[0], "7")]);
    let attempts: Vec<_> = (0..5)
        .map(|_| {
            let (officer, batch) = (officer.clone(), batch.clone());
            tokio::spawn(async move { bring(&officer, &batch).await.expect(201).text })
        })
        .collect();
    let mut told = Vec::new();
    for attempt in attempts {
        told.push(attempt.await.unwrap());
    }
    assert!(told.iter().all(|text| *text == told[0]), "{told:?}");
    assert_eq!((left(&officer, &due[0]).await, left(&officer, &due[1]).await), (json!("6"), json!("6")));
    let conflicts = officer.get("/v1/delivery-conflicts").await.expect(200).body;
    assert_eq!(conflicts["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_a_registered_device_signed_is_taken() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (_, _, due) = rice_for_three(&app, &officer).await;
    let (device, other) = (Device::register(&officer).await, Device::register(&officer).await);
    let mut forged = device.batch(1, &[item(&due[0], "1")]);
    forged["batch"]["deliveries"][0]["quantity"] = json!("9");
    let told = bring(&officer, &forged).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(
        (&told["errors"][0]["pointer"], &told["errors"][0]["code"]),
        (&json!("/signature"), &json!("signature_invalid"))
    );
    let mut of_other = other.batch(1, &[item(&due[0], "1")]);
    of_other["batch"]["device_id"] = json!(device.id);
    let told = bring(&officer, &of_other).await.expect_problem(422, "invalid_fields").body;
    assert_eq!(told["errors"][0]["code"], "signature_invalid");
    assert_eq!(left(&officer, &due[0]).await, "10");

    let brought = device.batch(1, &[item(&due[0], "1")]);
    bring(&officer, &brought).await.expect(201);
    let path = format!("/v1/devices/{}", device.id);
    let lost = json!({ "reason": "Hilang di sungai" });
    let revoked = officer.post(&format!("{path}/revocations"), &lost).await.expect(200).body;
    assert_eq!((&revoked["status"], &revoked["version"]), (&json!("revoked"), &json!(2)));
    officer.post(&format!("{path}/revocations"), &lost).await.expect_problem(409, "device_revoked");
    bring(&officer, &device.batch(2, &[item(&due[0], "1")])).await.expect_problem(409, "device_revoked");
    bring(&officer, &brought).await.expect(201);
    let same_key = json!({ "label": "B", "public_key": revoked["public_key"], "client_id": officer.id });
    officer.post("/v1/devices", &same_key).await.expect_problem(409, "device_key_taken");
    let wrong = json!({ "label": "B", "public_key": "abc", "client_id": "nobody" });
    let told = officer.post("/v1/devices", &wrong).await.expect_problem(422, "invalid_fields").body;
    let codes: Vec<_> = told["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["public_key_malformed", "client_unknown"]);

    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    let told = bring(&neighbour, &other.batch(1, &[item(&due[0], "1")])).await;
    assert_eq!(told.expect_problem(422, "invalid_fields").body["errors"][0]["pointer"], "/batch/device_id");
    neighbour.get(&path).await.expect_problem(404, "not_found");
    for list in ["devices", "delivery-batches", "delivery-conflicts"] {
        assert_eq!(neighbour.get(&format!("/v1/{list}")).await.expect(200).body["items"], json!([]), "{list}");
    }
}
