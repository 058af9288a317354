//! Stock: what comes in is where the ledger says, never below zero, and nobody writes off what they keep alone.

use serde_json::{Value, json};
use sinergi::housekeeping::recount;

use crate::support::{Answer, Client, KENOHAN, TestApp};

const VILLAGE: &str = "64.02.10.2004";

/// A site of a name.
pub(crate) async fn site(officer: &Client, name: &str) -> String {
    let new = json!({ "name": name, "kind": "warehouse", "village_code": VILLAGE, "keeper": "Seksi Kesos" });
    officer.post("/v1/stock-sites", &new).await.expect(201).id()
}

/// Rice that came to a site.
pub(crate) fn rice_at(site: &str, quantity: &str) -> Value {
    json!({
        "stock_site_id": site, "item": "Beras", "unit": "kg", "quantity": quantity, "source": "government_reserve",
        "supplier": "Bulog", "delivery_note_number": uuid::Uuid::now_v7().to_string(), "received_on": "2026-01-05",
        "quality": "good",
    })
}

/// Receives it; answers the id of the lot.
pub(crate) async fn receive(officer: &Client, new: &Value) -> String {
    officer.post("/v1/stock-lots", new).await.expect(201).id()
}

/// What of a lot is at a site.
pub(crate) async fn at(officer: &Client, lot: &str, site: &str) -> Value {
    let path = format!("/v1/stock-balances?stock_lot_id={lot}&stock_site_id={site}");
    let found = officer.get(&path).await.expect(200).body["items"].clone();
    found.get(0).map_or_else(|| json!("0"), |balance| balance["quantity"].clone())
}

async fn moves(officer: &Client, lot: &str, verb: &str, new: &Value) -> Answer {
    officer.post(&format!("/v1/stock-lots/{lot}/{verb}"), new).await
}

pub(crate) fn transfer(from: &str, to: &str, quantity: &str) -> Value {
    json!({
        "from_site_id": from, "to_site_id": to, "quantity": quantity, "moved_on": "2026-01-06",
        "document_number": "SJ/1",
    })
}

fn loss(lot: &str, site: &str, quantity: &str) -> Value {
    json!({
        "stock_lot_id": lot, "stock_site_id": site, "quantity": quantity, "reason": "pests", "lost_on": "2026-01-07",
        "minutes_number": "BA/1", "liable": "Seksi Kesos",
    })
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect()
}

/// The parts of a lot, which add up to what came.
async fn assert_whole(app: &TestApp, officer: &Client, lot: &str) -> Value {
    let read = officer.get(&format!("/v1/stock-lots/{lot}")).await.expect(200).body;
    let part = |name: &str| read[name].as_str().unwrap().parse::<f64>().unwrap();
    let parts = ["in_stock", "handed_out", "delivered", "returned", "lost", "counted_missing"];
    let sum: f64 = parts.iter().map(|name| part(name)).sum();
    assert!((sum - part("quantity")).abs() < 0.000_1, "{read}");
    assert!(recount(&app.services.db).await.unwrap().is_empty());
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_added_corrected_and_closed_once_it_is_empty() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let new = json!({ "name": "Gudang A", "kind": "boat", "village_code": VILLAGE, "keeper": "Seksi Kesos" });
    let added = officer.post("/v1/stock-sites", &new).await.expect(201);
    officer.post("/v1/stock-sites", &new).await.expect_problem(409, "stock_site_name_taken");
    let elsewhere = json!({ "name": "B", "kind": "boat", "village_code": "64.02.09.2001", "keeper": "Kesos" });
    let refused = officer.post("/v1/stock-sites", &elsewhere).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), ["/village_code"]);
    let path = format!("/v1/stock-sites/{}", added.id());
    assert_eq!(officer.get(&path).await.expect(200).body, added.body);
    let changed = officer.patch(&path, "\"1\"", &json!({ "kind": "warehouse" })).await.expect(200);
    assert_eq!((&changed.body["kind"], &changed.body["version"]), (&json!("warehouse"), &json!(2)));
    officer.patch(&path, "\"1\"", &json!({ "kind": "post" })).await.expect_problem(412, "version_stale");

    let lot = receive(&officer, &rice_at(&added.id(), "12.5")).await;
    let closure = json!({ "closed_on": "2026-01-31" });
    let full = officer.post(&format!("{path}/closures"), &closure).await.expect_problem(409, "stock_site_not_empty");
    assert!(full.body["detail"].as_str().unwrap().ends_with("(12.5 kg Beras)"), "{}", full.text);
    let other = site(&officer, "Gudang B").await;
    moves(&officer, &lot, "transfers", &transfer(&added.id(), &other, "12.5")).await.expect(201);
    let late = json!({ "closed_on": "2199-01-01" });
    officer.post(&format!("{path}/closures"), &late).await.expect_problem(422, "invalid_fields");
    let closed = officer.post(&format!("{path}/closures"), &closure).await.expect(200);
    assert_eq!(closed.body["closed_on"], "2026-01-31");
    officer.post(&format!("{path}/closures"), &closure).await.expect_problem(409, "stock_site_closed");
    moves(&officer, &lot, "transfers", &transfer(&other, &added.id(), "1"))
        .await
        .expect_problem(409, "stock_site_closed");
    officer.post("/v1/stock-lots", &rice_at(&added.id(), "1")).await.expect_problem(409, "stock_site_closed");
    let open = officer.get("/v1/stock-sites?is_closed=false&count=exact").await.expect(200);
    assert_eq!((&open.body["items"][0]["id"], &open.body["total"]), (&json!(other), &json!(1)));
    let told = app.told(&officer).await;
    for kind in ["stock_site.added", "stock_site.updated", "stock_site.closed"] {
        assert!(told.iter().any(|one| one == kind), "{kind} in {told:?}");
    }
    assert!(app.recorded().await.iter().any(|one| one == "close_stock_site"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_is_in_stock_and_tells_its_paper() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let warehouse = site(&officer, "Gudang").await;
    let new = rice_at(&warehouse, "1000.125");
    let lot = officer.post("/v1/stock-lots", &new).await.expect(201);
    assert_eq!((&lot.body["in_stock"], &lot.body["counted_missing"]), (&json!("1000.125"), &json!("0")));
    officer.post("/v1/stock-lots", &new).await.expect_problem(409, "delivery_note_recorded");
    assert_eq!(at(&officer, &lot.id(), &warehouse).await, "1000.125");
    let listed = officer.get(&format!("/v1/stock-movements?stock_lot_id={}", lot.id())).await.expect(200).body;
    let movement = &listed["items"][0];
    assert_eq!((&movement["kind"], &movement["to_site_id"]), (&json!("receive"), &json!(warehouse)));
    // The ledger has the same movement under the same id.
    let transfer = officer.get(&format!("/v1/ledger/transfers/{}", movement["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(
        (&transfer.body["from"], &transfer.body["to"], &transfer.body["stock_lot_id"], &transfer.body["pledge_id"]),
        (&json!("supply"), &json!("stock"), &json!(lot.id()), &Value::Null)
    );
    let told = app.told(&officer).await;
    assert_eq!(told[told.len() - 2..], ["stock_movement.recorded", "stock_lot.received"]);
    assert_eq!(app.recorded().await.last().unwrap(), "receive_stock_lot");

    let mut wrong = rice_at(&warehouse, "0.5");
    wrong["counts_whole_units"] = json!(true);
    wrong["received_on"] = json!("2199-01-01");
    wrong["expires_on"] = json!("2026-01-01");
    let refused = officer.post("/v1/stock-lots", &wrong).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), ["/quantity", "/received_on", "/expires_on"]);
    let nowhere = rice_at(&uuid::Uuid::now_v7().to_string(), "1");
    let refused = officer.post("/v1/stock-lots", &nowhere).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), ["/stock_site_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_move_between_sites_as_far_as_there_are_some() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = (site(&officer, "Gudang A").await, site(&officer, "Gudang B").await);
    let lot = receive(&officer, &rice_at(&one, "10")).await;
    let moved = moves(&officer, &lot, "transfers", &transfer(&one, &other, "4")).await.expect(201);
    assert_eq!(officer.get(&format!("/v1/stock-movements/{}", moved.id())).await.expect(200).body, moved.body);
    assert_eq!((at(&officer, &lot, &one).await, at(&officer, &lot, &other).await), (json!("6"), json!("4")));
    let over = moves(&officer, &lot, "transfers", &transfer(&other, &one, "4.001")).await;
    let over = over.expect_problem(409, "not_enough_left");
    assert!(over.body["detail"].as_str().unwrap().contains("4 kg free, 4.001 asked"), "{}", over.text);
    let third = site(&officer, "Gudang C").await;
    let never = moves(&officer, &lot, "transfers", &transfer(&third, &one, "1")).await;
    assert!(never.expect_problem(409, "not_enough_left").text.contains("0 kg free"));
    let mut wrong = transfer(&one, &one, "0");
    wrong["moved_on"] = json!("2026-01-01");
    let refused = moves(&officer, &lot, "transfers", &wrong).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&refused), ["/quantity", "/moved_on", "/to_site_id"]);
    let back = json!({
        "stock_site_id": one, "quantity": "1.5", "moved_on": "2026-01-08", "document_number": "R/1", "remark": "Basah",
    });
    moves(&officer, &lot, "returns", &back).await.expect(201);
    assert_eq!(assert_whole(&app, &officer, &lot).await["returned"], "1.5");
    let listed = officer.get(&format!("/v1/stock-movements?stock_site_id={other}&kind=transfer")).await.expect(200);
    assert_eq!(listed.body["items"], json!([moved.body]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_books_what_it_differs_by() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = site(&officer, "Gudang A").await;
    let lot = receive(&officer, &rice_at(&one, "10")).await;
    let count = async |counted: &str| {
        let new = json!({
            "stock_site_id": one, "counted_quantity": counted, "counted_on": "2026-01-10", "minutes_number": "BA/9",
        });
        moves(&officer, &lot, "counts", &new).await.expect(201)
    };
    let short = count("9.25").await;
    assert_eq!((&short.body["quantity"], &short.body["from_site_id"]), (&json!("0.75"), &json!(one)));
    assert_eq!(at(&officer, &lot, &one).await, "9.25");
    assert_eq!(assert_whole(&app, &officer, &lot).await["counted_missing"], "0.75");
    let same = count("9.25").await;
    assert_eq!((&same.body["quantity"], &same.body["counted_quantity"]), (&json!("0"), &json!("9.25")));
    officer.get(&format!("/v1/ledger/transfers/{}", same.id())).await.expect_problem(404, "not_found");
    count("11").await;
    assert_eq!(at(&officer, &lot, &one).await, "11");
    assert_eq!(assert_whole(&app, &officer, &lot).await["counted_missing"], "-1");
    count("0").await;
    assert_eq!(at(&officer, &lot, &one).await, "0");
    assert_whole(&app, &officer, &lot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_booked_once_a_second_person_agrees() {
    let app = TestApp::new().await;
    let (officer, second) = (app.kecamatan().await, app.second_officer().await);
    let one = site(&officer, "Gudang A").await;
    let lot = receive(&officer, &rice_at(&one, "10")).await;
    let proposed = officer.post("/v1/stock-losses", &loss(&lot, &one, "4")).await.expect(201);
    assert_eq!((&proposed.body["status"], at(&officer, &lot, &one).await), (&json!("proposed"), json!("10")));
    let path = format!("/v1/stock-losses/{}", proposed.id());
    let own = officer.post(&format!("{path}/agreements"), &json!({})).await;
    own.expect_problem(409, "second_person_needed");
    let agreed = second.post(&format!("{path}/agreements"), &json!({})).await.expect(200);
    assert_eq!((&agreed.body["status"], &agreed.body["decided_by"]), (&json!("agreed"), &json!(second.id)));
    assert_eq!(officer.get(&path).await.expect(200).body, agreed.body);
    second.post(&format!("{path}/refusals"), &json!({ "reason": "x" })).await.expect_problem(409, "stock_loss_decided");
    assert_eq!(assert_whole(&app, &officer, &lot).await["lost"], "4");
    assert_eq!(at(&officer, &lot, &one).await, "6");

    let more = officer.post("/v1/stock-losses", &loss(&lot, &one, "6.5")).await.expect(201).id();
    let path = format!("/v1/stock-losses/{more}");
    let over = second.post(&format!("{path}/agreements"), &json!({})).await.expect_problem(409, "not_enough_left");
    assert!(over.text.contains("6 kg free, 6.5 asked"), "{}", over.text);
    let refused = second.post(&format!("{path}/refusals"), &json!({ "reason": "Tidak kurang" })).await.expect(200);
    assert_eq!(refused.body["decision_reason"], "Tidak kurang");
    let open = officer.get("/v1/stock-losses?status=proposed").await.expect(200);
    assert_eq!(open.body["items"], json!([]));
    let mut other = loss(&lot, &one, "1");
    other["reason"] = json!("other");
    let told = officer.post("/v1/stock-losses", &other).await.expect_problem(422, "invalid_fields");
    assert_eq!(pointers(&told), ["/remark"]);
    assert_eq!(app.told(&officer).await.last().unwrap(), "stock_loss.refused");
    let desk = app.client("village_office", 1).await;
    desk.post("/v1/stock-losses", &loss(&lot, &one, "1")).await.expect(201);
    desk.post(&format!("{path}/agreements"), &json!({})).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_agree_at_once_book_a_loss_once() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = site(&officer, "Gudang A").await;
    let lot = receive(&officer, &rice_at(&one, "10")).await;
    let path = officer.post("/v1/stock-losses", &loss(&lot, &one, "3")).await.expect(201).id();
    let path = format!("/v1/stock-losses/{path}/agreements");
    let (second, third) = (app.second_officer().await, app.second_officer().await);
    let empty = json!({});
    let (a, b) = tokio::join!(second.post(&path, &empty), third.post(&path, &empty));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(assert_whole(&app, &officer, &lot).await["lost"], "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn balances_are_told_as_of_an_instant_and_by_when_they_expire() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let (one, other) = (site(&officer, "Gudang A").await, site(&officer, "Gudang B").await);
    let mut old = rice_at(&one, "5");
    old["expires_on"] = json!("2026-02-01");
    let old = receive(&officer, &old).await;
    let mut young = rice_at(&one, "7");
    young["expires_on"] = json!("2199-01-01");
    let young = receive(&officer, &young).await;
    let then = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    moves(&officer, &young, "transfers", &transfer(&one, &other, "7")).await.expect(201);
    let quantities = async |query: &str| {
        let page = officer.get(&format!("/v1/stock-balances?count=exact&{query}")).await.expect(200).body;
        let items = page["items"].as_array().unwrap().clone();
        assert_eq!(page["total"], json!(items.len()));
        items.iter().map(|item| item["quantity"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(quantities("").await, ["5", "7"]);
    assert_eq!(quantities("sort=-id").await, ["7", "5"]);
    assert_eq!(quantities(&format!("stock_site_id={other}")).await, ["7"]);
    assert_eq!(quantities(&format!("stock_site_id={other}&as_of={then}")).await, Vec::<String>::new());
    assert_eq!(quantities(&format!("stock_site_id={one}&as_of={then}")).await, ["5", "7"]);
    assert_eq!(quantities("expires_by=2026-03-01&item=Beras").await, ["5"]);
    let balance = officer.get(&format!("/v1/stock-balances?stock_lot_id={old}")).await.expect(200).body;
    assert_eq!(balance["items"][0]["is_expired"], true);
    let first = officer.get("/v1/stock-balances?limit=1").await.expect(200).body;
    let next = first["next"].as_str().unwrap();
    let second = officer.get(&format!("/v1/stock-balances?limit=1&cursor={next}")).await.expect(200).body;
    assert_eq!((&first["items"][0]["quantity"], &second["items"][0]["quantity"]), (&json!("5"), &json!("7")));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sub_district_sees_and_moves_nothing() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    let one = site(&officer, "Gudang A").await;
    let lot = receive(&officer, &rice_at(&one, "10")).await;
    let neighbour = app.client("kecamatan_officer", KENOHAN).await;
    for list in ["stock-sites", "stock-lots", "stock-balances", "stock-movements", "stock-losses"] {
        assert_eq!(neighbour.get(&format!("/v1/{list}")).await.expect(200).body["items"], json!([]), "{list}");
    }
    moves(&neighbour, &lot, "transfers", &transfer(&one, &one, "1")).await.expect_problem(404, "not_found");
    let refused = neighbour.post("/v1/stock-losses", &loss(&lot, &one, "1")).await;
    refused.expect_problem(422, "invalid_fields");
    app.client("pkh_facilitator", 1).await.get("/v1/stock-lots").await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_closes_while_goods_come_is_empty_or_open() {
    let app = TestApp::new().await;
    let officer = app.kecamatan().await;
    for round in 0..4 {
        let one = site(&officer, &format!("Gudang {round}")).await;
        let (closure, new) = (json!({ "closed_on": "2026-01-31" }), rice_at(&one, "1"));
        let path = format!("/v1/stock-sites/{one}/closures");
        let (closed, came) = tokio::join!(officer.post(&path, &closure), officer.post("/v1/stock-lots", &new));
        let both = (closed.status.as_u16(), came.status.as_u16());
        assert!(both == (200, 409) || both == (409, 201), "{both:?}");
    }
}
