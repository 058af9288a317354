//! The keys that seal personal numbers, replaced while requests run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use sinergi::keys::Keys;
use sinergi::resealing::{self, Holding};

use crate::beneficiaries::family;
use crate::support::{Client, TestApp, texts};

fn numbers(number: usize) -> (String, String) {
    (format!("6402101001209{number:03}"), format!("6402104101909{number:03}"))
}

/// Registers a family and answers its id.
async fn register(puskesos: &Client, number: usize) -> String {
    let (card, nik) = numbers(number);
    puskesos.post("/v1/beneficiaries", &family(&card, &nik)).await.expect(201).id()
}

/// Reads a family's numbers in full, and finds it by one of them.
async fn assert_readable(officer: &Client, id: &str, number: usize) {
    let (card, nik) = numbers(number);
    let purpose = json!({ "purpose": "Uji ganti kunci" });
    let path = format!("/v1/beneficiaries/{id}/number-disclosures");
    let told = officer.post(&path, &purpose).await.expect(200);
    assert_eq!(told.body["card_number"], card);
    assert_eq!(told.body["members"][0]["nik"], nik);
    let found = officer.post("/v1/beneficiaries/search", &json!({ "nik": nik })).await.expect(200);
    assert_eq!(found.body["items"][0]["id"], id);
}

async fn holdings(app: &TestApp) -> Vec<Holding> {
    let all = resealing::holdings(app.database.owner_url()).await.unwrap();
    all.into_iter().filter(|held| held.column != "idempotency_keys.body").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sealing_key_is_replaced_while_requests_run() {
    let app = TestApp::new().await;
    let beside = app.beside(1_000_000).await;
    let (puskesos, officer) = (app.puskesos().await, app.kecamatan().await);
    let mut ids = Vec::new();
    for number in 1..=20 {
        ids.push(register(&puskesos, number).await);
    }
    // Past versions, a webhook, and numbers that are changed.
    let path = format!("/v1/beneficiaries/{}", ids[0]);
    let etag = officer.get(&path).await.expect(200).header("etag").to_owned();
    officer.patch(&path, &etag, &json!({ "address": "RT 2" })).await.expect(200);
    officer.post("/v1/webhooks", &json!({ "url": "https://portal.example.invalid/" })).await.expect(201);
    let before = texts(&app, "select encode(nik_digest, 'hex') as found from identity_claims order by 1").await;
    assert!(holdings(&app).await.iter().all(|held| held.key_id == 1));

    let is_over = Arc::new(AtomicBool::new(false));
    let load = {
        let (is_over, puskesos, officer, known) =
            (Arc::clone(&is_over), puskesos.clone(), officer.clone(), ids.clone());
        tokio::spawn(async move {
            let mut made = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let number = 100 + made.len();
                made.push((register(&puskesos, number).await, number));
                assert_readable(&officer, &known[made.len() % 20], made.len() % 20 + 1).await;
            }
            made
        })
    };
    assert_eq!(Keys::add_sealing_key(&app.keys_folder).unwrap(), 2);
    // This process has noticed, the one beside has not: what one seals the other opens.
    app.services.keys.vault.reload().unwrap();
    assert_eq!((app.services.keys.vault.current_key(), beside.services.keys.vault.current_key()), (2, 1));
    let late = register(&puskesos, 90).await;
    let officer_beside = beside.kecamatan().await;
    assert_readable(&officer_beside, &late, 90).await;
    assert_eq!(beside.services.keys.vault.current_key(), 2, "it met the key and read it");

    // Cut off again and again, the work goes on where it was.
    let vault = &app.services.keys.vault;
    for step in 0..10_u64 {
        let cut = Duration::from_millis(3 * step);
        tokio::time::timeout(cut, resealing::reseal(app.database.owner_url(), vault, |_, _| {})).await.ok();
    }
    // Two at once share it.
    let run = || resealing::reseal(app.database.owner_url(), vault, |_, _| {});
    let (one, other) = tokio::join!(run(), run());
    one.unwrap();
    other.unwrap();
    is_over.store(true, Ordering::Relaxed);
    let made = load.await.unwrap();
    assert!(!made.is_empty());
    assert!(holdings(&app).await.iter().all(|held| held.key_id == 2), "{:?}", holdings(&app).await);
    assert_eq!(run().await.unwrap(), 0, "repeated, it does nothing");

    assert!(Keys::retire_sealing_key(&app.keys_folder, 1, Duration::from_mins(1)).is_err(), "it is too early");
    Keys::retire_sealing_key(&app.keys_folder, 1, Duration::ZERO).unwrap();
    assert!(Keys::retire_sealing_key(&app.keys_folder, 2, Duration::ZERO).is_err(), "one must seal");
    let restarted = app.beside(1_000_000).await;
    let officer = restarted.kecamatan().await;
    for (number, id) in (1..).zip(&ids) {
        assert_readable(&officer, id, number).await;
    }
    for (id, number) in made.iter().take(5) {
        assert_readable(&officer, id, *number).await;
    }
    let as_of = officer.get(&format!("{path}?as_of={}", chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ"))).await;
    as_of.expect(200);
    // Claims are as they were, and hold.
    let after = texts(&app, "select encode(nik_digest, 'hex') as found from identity_claims order by 1").await;
    assert!(before.iter().all(|digest| after.contains(digest)));
    let (card, nik) = (numbers(91).0, numbers(1).1);
    let taken = restarted.puskesos().await.post("/v1/beneficiaries", &family(&card, &nik)).await;
    taken.expect_problem(409, "nik_already_registered");
    assert_nothing_in_clear(&app).await;
}

async fn assert_nothing_in_clear(app: &TestApp) {
    for (table, column) in [
        ("beneficiaries", "card_sealed"),
        ("members", "nik_sealed"),
        ("beneficiaries_history", "card_sealed"),
        ("members_history", "nik_sealed"),
    ] {
        let clear = format!(
            "select count(*)::text as found from {table} where position('640210'::bytea in {column}) > 0
                or to_jsonb({table})::text like '%6402101001209%' or to_jsonb({table})::text like '%6402104101909%'"
        );
        assert_eq!(texts(app, &clear).await, ["0"], "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sealed_column_is_known_to_the_resealing() {
    let app = TestApp::new().await;
    let found = "select table_name || '.' || column_name as found from information_schema.columns
        where table_schema = 'public' and column_name like '%\\_sealed' and table_name in (
            select relname from pg_class where relkind in ('r', 'p') and not relispartition)
        order by 1";
    let mut known = resealing::columns();
    known.sort();
    assert_eq!(texts(&app, found).await, known);
}
