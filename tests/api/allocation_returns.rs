//! What families give back of what companies gave them: free again or lost, once, and told truly wherever it is counted.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::evidence_packs::{cell, fact, file, hand_over, rows, table};
use crate::support::{Answer, Cast, Client, HAMBAU, KENOHAN, NeedyFamily, handover};

/// One tractor that came back whole because the family moves away.
fn returned(changes: &Value) -> Value {
    let mut body = json!({ "quantity": "1", "returned_on": "2026-11-20", "reason": "family_moved", "is_usable": true,
                           "is_still_needed": false, "handover_number": "BAST-R/001/2026" });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A family with two tractors of a pledge of five, which the first officer allocated and the second handed over.
struct Given {
    cast: Cast,
    pledge: String,
    line: String,
    allocation: String,
    handover: String,
    family: NeedyFamily,
}

impl Given {
    async fn new() -> Self {
        let cast = Cast::new().await;
        let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
        let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
        let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "2" });
        let allocation = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id();
        let mut given = Self {
            cast,
            pledge,
            line,
            allocation: format!("/v1/allocations/{allocation}"),
            handover: String::new(),
            family,
        };
        given.handover = given.hand_over("2").await;
        given
    }

    async fn hand_over(&self, quantity: &str) -> String {
        let new = handover(quantity, &self.family.beneficiary_id.to_string());
        self.cast.second.post(&format!("{}/deliveries", self.allocation), &new).await.expect(201).id()
    }

    async fn give_back(&self, client: &Client, body: &Value) -> Answer {
        client.post(&format!("{}/returns", self.allocation), body).await
    }

    async fn back(&self, changes: &Value) -> Answer {
        self.give_back(&self.cast.first, &returned(changes)).await
    }

    /// The line as the company is told of it.
    async fn told(&self) -> Vec<String> {
        let line = &self.cast.trail(&self.pledge).await["lines"][0];
        ["received", "free", "reserved", "delivered", "returned", "lost"]
            .map(|place| line[place].as_str().unwrap().to_owned())
            .to_vec()
    }

    async fn need(&self) -> (Value, Value) {
        let path = format!("/v1/beneficiaries/{}/needs", self.family.beneficiary_id);
        let need = &self.cast.first.get(&path).await.expect(200).body["items"][0];
        (need["status"].clone(), need["met_quantity"].clone())
    }

    async fn aid(&self, query: &str) -> [Value; 4] {
        let path = format!("/v1/aid?beneficiary_id={}{query}", self.family.beneficiary_id);
        let aid = self.cast.first.get(&path).await.expect(200).body["items"][0].clone();
        ["quantity", "delivered", "withdrawn", "left"].map(|sum| aid[sum].clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_family_gives_back_is_free_for_others() {
    let given = Given::new().await;
    let cast = &given.cast;
    let back = given.back(&json!({})).await.expect(201);
    let address = format!("/v1/allocation-returns/{}", back.id());
    assert_eq!(back.header("location"), address);
    assert_eq!(back.body["allocation_delivery_id"], json!(given.handover));
    assert_eq!(given.told().await, ["5", "4", "0", "1", "0", "0"]);
    let read = cast.first.get(&given.allocation).await.expect(200).body;
    let figures = (&read["status"], &read["delivered_quantity"], &read["returned_quantity"]);
    assert_eq!(figures, (&json!("delivered"), &json!("2"), &json!("1")));
    assert_eq!(given.need().await, (json!("met"), json!("2")), "it is not needed any more");
    assert_eq!(given.aid("").await, [json!("2"), json!("1"), json!("1"), json!("0")]);

    // The company is told how much moved, in one order, and of no family.
    let trail = cast.trail(&given.pledge).await;
    let moved = trail["movements"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&moved["code"], &moved["from"], &moved["to"]),
        (&json!("put_back"), &json!("delivered"), &json!("stock"))
    );
    assert_eq!(moved["id"], back.body["transfer_id"]);
    assert_eq!(cast.app.told(&cast.company).await.last().unwrap(), "pledge.taken_back");
    let feed = cast.company.get("/v1/events?limit=200").await.expect(200);
    let event = feed.body["items"].as_array().unwrap().last().unwrap()["data"].to_string();
    for secret in [given.family.beneficiary_id.to_string(), back.id(), "family_moved".to_owned(), "BAST-R".to_owned()] {
        assert!(!event.contains(&secret), "{event}");
    }
    assert_eq!(cast.app.recorded().await.last().unwrap(), "record_allocation_return");
    cast.company.get("/v1/allocation-returns").await.expect_problem(403, "insufficient_scope");

    let listed = async |client: &Client, query: &str| {
        let page = client.get(&format!("/v1/allocation-returns?count=exact{query}")).await.expect(200);
        page.body["total"].as_i64().unwrap()
    };
    let all = [
        format!("&pledge_id={}", given.pledge),
        format!("&pledge_line_id={}", given.line),
        format!("&beneficiary_id={}", given.family.beneficiary_id),
        format!("&allocation_id={}", given.allocation.rsplit('/').next().unwrap()),
        "&reason=family_moved&is_usable=true&sort=id".to_owned(),
    ];
    for query in &all {
        assert_eq!(listed(&cast.first, query).await, 1, "{query}");
    }
    assert_eq!(listed(&cast.first, "&is_usable=false").await, 0);
    cast.first.get(&address).await.expect(200);
    let neighbour = cast.app.client("kecamatan_officer", KENOHAN).await;
    assert_eq!(listed(&neighbour, "").await, 0);
    neighbour.get(&address).await.expect_problem(404, "not_found");
    given.give_back(&neighbour, &returned(&json!({}))).await.expect_problem(404, "not_found");
    cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_broken_is_lost_until_it_is_repaired() {
    let given = Given::new().await;
    let broken = json!({ "reason": "damaged", "is_usable": false, "quantity": "2" });
    let back = given.back(&broken).await.expect(201);
    assert_eq!(given.told().await, ["5", "3", "0", "0", "0", "2"]);
    let trail = given.cast.trail(&given.pledge).await;
    let codes: Vec<&Value> =
        trail["movements"].as_array().unwrap().iter().rev().take(2).map(|one| &one["code"]).collect();
    assert_eq!(codes, [&json!("lose"), &json!("put_back")]);
    let correct = |transfer: &Value| json!({ "reason": "Sudah diperbaiki", "transfer_id": transfer });
    let path = format!("/v1/pledges/{}/corrections", given.pledge);
    let refused = given.cast.first.post(&path, &correct(&back.body["transfer_id"])).await;
    refused.expect_problem(409, "transfer_not_correctable");
    given.cast.decided(&given.pledge, "corrections", &correct(&back.body["loss_transfer_id"])).await;
    assert_eq!(given.told().await, ["5", "5", "0", "0", "0", "0"]);
    let usable = given.back(&json!({ "quantity": "1" })).await.expect_problem(409, "returned_more_than_given");
    assert!(usable.body["detail"].as_str().unwrap().contains("0 unit"), "{}", usable.text);
    given.cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_thing_is_taken_back_and_the_right_one_given() {
    let given = Given::new().await;
    let wrong = json!({ "reason": "wrong_goods", "is_still_needed": true });
    given.back(&wrong).await.expect(201);
    assert_eq!(given.need().await, (json!("open"), json!("1")));
    let run = given.cast.run(&given.pledge, false).await.expect(201);
    assert_eq!(run.body["lines"][0]["allocated_quantity"], "1");
    given.cast.app.arrange("update beneficiaries set status = 'moved'").await;
    let refused = given.back(&json!({ "is_still_needed": true })).await;
    refused.expect_problem(409, "beneficiary_not_live");
    given.back(&json!({})).await.expect(201);
    assert_eq!(given.told().await, ["5", "4", "1", "0", "0", "0"]);
    given.cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_cannot_be_is_refused_by_what_is_wrong() {
    let given = Given::new().await;
    for (changes, pointer, code) in [
        (json!({ "quantity": "0" }), "/quantity", "quantity_zero"),
        (json!({ "quantity": "0.5" }), "/quantity", "quantity_not_whole"),
        (json!({ "returned_on": "2099-01-01" }), "/returned_on", "date_in_future"),
        (json!({ "returned_on": "2026-11-11" }), "/returned_on", "dates_out_of_order"),
        (json!({ "reason": "other" }), "/remark", "remark_missing"),
        (json!({ "reason": "damaged" }), "/is_usable", "goods_unusable"),
        (json!({ "allocation_delivery_id": uuid::Uuid::now_v7() }), "/allocation_delivery_id", "reference_unknown"),
        (json!({ "handover_number": null }), "/handover_number", "wrong_type"),
    ] {
        let refused = given.back(&changes).await.expect_problem(422, "invalid_fields");
        let error = &refused.body["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{}", refused.text);
    }
    let second = given.give_back(&given.cast.second, &returned(&json!({}))).await;
    second.expect_problem(409, "second_person_needed");
    let more = given.back(&json!({ "quantity": "3" })).await.expect_problem(409, "returned_more_than_given");
    assert!(more.body["detail"].as_str().unwrap().contains("2 unit"), "{}", more.text);
    let company = given.give_back(&given.cast.company, &returned(&json!({}))).await;
    company.expect_problem(403, "insufficient_scope");
    assert_eq!(given.told().await, ["5", "3", "0", "2", "0", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_at_once_bring_back_no_more_than_there_is() {
    let given = Given::new().await;
    let body = returned(&json!({}));
    let answers = join_all((0..6).map(|_| given.give_back(&given.cast.first, &body))).await;
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(done, 2);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.expect_problem(409, "returned_more_than_given");
    }
    assert_eq!(given.told().await, ["5", "5", "0", "0", "0", "0"]);
    given.cast.assert_sums().await;

    // The same command again is the same return.
    let given = Given::new().await;
    let (path, key) = (format!("{}/returns", given.allocation), uuid::Uuid::now_v7().to_string());
    let both = join_all((0..2).map(|_| given.cast.first.post_keyed(&path, &key, &body))).await;
    let again = given.cast.first.post_keyed(&path, &key, &body).await.expect(201);
    assert!(both.iter().filter(|one| one.status == 201).all(|one| one.body == again.body));
    assert_eq!(given.told().await, ["5", "4", "0", "1", "0", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_handovers_one_is_named_and_a_release_counts_apart() {
    let cast = Cast::new().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "3").await.remove(0);
    let (pledge, line) = cast.stocked("5", &[HAMBAU]).await;
    let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "3" });
    let made = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201);
    let mut given =
        Given { cast, pledge, line, allocation: made.header("location").to_owned(), handover: String::new(), family };
    let none = given.back(&json!({})).await.expect_problem(409, "returned_more_than_given");
    assert!(none.body["errors"].is_null(), "nothing was handed over: {}", none.text);
    given.handover = given.hand_over("1").await;
    let other = given.hand_over("1").await;
    let refused = given.back(&json!({})).await.expect_problem(422, "invalid_fields");
    assert_eq!(refused.body["errors"][0]["pointer"], "/allocation_delivery_id");
    let released =
        given.cast.first.post(&format!("{}/releases", given.allocation), &json!({ "reason": "Cukup" })).await;
    let released_at = released.expect(200).body["released_at"].as_str().unwrap().to_owned();
    given.back(&json!({ "allocation_delivery_id": other })).await.expect(201);
    let twice = given.back(&json!({ "allocation_delivery_id": other })).await;
    twice.expect_problem(409, "returned_more_than_given");
    assert_eq!(given.told().await, ["5", "4", "0", "1", "0", "0"]);
    // What was known between the release and the return stays so.
    assert_eq!(given.aid("").await, [json!("3"), json!("1"), json!("2"), json!("0")]);
    let then = format!("&as_of={}", released_at.replace('+', "%2B"));
    assert_eq!(given.aid(&then).await, [json!("3"), json!("2"), json!("1"), json!("0")]);
    given.cast.assert_sums().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_in_custody_is_handed_back_before_it_is_returned() {
    let given = Given::new().await;
    let officer = &given.cast.first;
    let new = |number: &str| {
        json!({ "asset_number": number, "kind": "hand_tractor", "acquired_on": "2026-11-12",
                                     "allocation_delivery_id": given.handover })
    };
    let asset = officer.post("/v1/assets", &new("KJ-1")).await.expect(201).id();
    let mut keeper = crate::assets::hand_over(&given.family.beneficiary_id.to_string(), "2026-11-12");
    keeper["group_name"] = Value::Null;
    let custody = officer.post(&format!("/v1/assets/{asset}/hand-overs"), &keeper).await.expect(201).id();
    let refused = given.back(&json!({ "quantity": "2" })).await.expect_problem(409, "asset_in_custody");
    assert_eq!(refused.body["related"]["id"], json!(custody), "{}", refused.text);
    given.back(&json!({})).await.expect(201);
    officer.post("/v1/assets", &new("KJ-2")).await.expect_problem(409, "asset_source_used_up");
    given.back(&json!({})).await.expect_problem(409, "asset_in_custody");
    let back = json!({ "reason": "family_moved", "condition": "good", "ended_on": "2026-11-20" });
    officer.post(&format!("/v1/assets/{asset}/hand-backs"), &back).await.expect(200);
    given.back(&json!({})).await.expect(201);
    assert_eq!(given.told().await, ["5", "5", "0", "0", "0", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pledge_is_opened_again_for_what_comes_back() {
    let given = Given::new().await;
    let (cast, pledge) = (&given.cast, &given.pledge);
    let rest = json!({ "reason": "Sisa", "pledge_line_id": given.line, "quantity": "3" });
    cast.decided(pledge, "refunds", &rest).await;
    let (packs, closures) = (format!("/v1/pledges/{pledge}/evidence-packs"), format!("/v1/pledges/{pledge}/closures"));
    cast.first.post(&packs, &json!({})).await.expect(201);
    cast.first.post(&closures, &json!({ "reason": "Selesai" })).await.expect(201);
    let refused = given.back(&json!({})).await.expect_problem(409, "command_not_possible");
    assert_eq!(refused.body["possible"], json!(["reopen"]));
    cast.decided(pledge, "reopenings", &json!({ "reason": "Keluarga pindah" })).await;
    given.back(&json!({})).await.expect(201);
    cast.first.post(&closures, &json!({ "reason": "Selesai" })).await.expect_problem(409, "pledge_not_done");
    cast.decided(pledge, "refunds", &json!({ "reason": "x", "pledge_line_id": given.line, "quantity": "1" })).await;
    cast.first.post(&closures, &json!({ "reason": "Selesai" })).await.expect_problem(409, "evidence_incomplete");
    cast.first.post(&packs, &json!({})).await.expect(201);
    cast.first.post(&closures, &json!({ "reason": "Selesai" })).await.expect(201);
    assert_eq!(given.told().await, ["5", "0", "0", "1", "4", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_counts_what_was_given_counts_what_was_kept() {
    let cast = Cast::new().await;
    let families = cast.app.needy_families(HAMBAU, 6, "hand_tractor", "1").await;
    let (pledge, line) = cast.stocked("8", &[HAMBAU]).await;
    hand_over(&cast, (&pledge, &line), &families).await;
    let due = async || {
        let path = format!("/v1/due-follow-ups?on=2027-02-12&pledge_id={pledge}&count=exact");
        cast.first.get(&path).await.expect(200).body["total"].clone()
    };
    assert_eq!(due().await, json!(6));
    let pack = cast.first.post(&format!("/v1/pledges/{pledge}/evidence-packs"), &json!({})).await.expect(201).id();
    let document = async |id: &str| file(&cast.company, id, "application/json").await.expect(200).body;
    let first = document(&pack).await;
    assert_eq!(fact(&first, 9, "families_at_least")["value"], "5");
    assert_eq!(
        (rows(table(&first, 11, "returns")).len(), &fact(&first, 11, "returns_at_least")["value"]),
        (0, &json!("0"))
    );

    let allocations = cast.first.get(&format!("/v1/allocations?pledge_id={pledge}")).await.expect(200).body;
    for (number, allocation) in allocations["items"].as_array().unwrap().iter().take(2).enumerate() {
        let reason = if number == 0 { json!({}) } else { json!({ "reason": "damaged", "is_usable": false }) };
        let path = format!("/v1/allocations/{}/returns", allocation["id"].as_str().unwrap());
        cast.first.post(&path, &returned(&reason)).await.expect(201);
    }
    assert_eq!(due().await, json!(4), "nothing is due of what came back");
    let line_told = &cast.trail(&pledge).await["lines"][0];
    assert_eq!((&line_told["delivered"], &line_told["families_reached"]), (&json!("4"), &Value::Null));
    let told = cast.first.get("/v1/realisations").await.expect(200).body["items"].clone();
    let sum = |step: &str| -> i64 {
        told.as_array().unwrap().iter().map(|row| row[step].as_str().unwrap().parse::<i64>().unwrap()).sum()
    };
    assert_eq!(["promised", "received", "delivered", "lost"].map(sum), [8, 8, 4, 1]);
    let reached = |row: &Value| row["families_reached"].as_i64().unwrap();
    assert_eq!(told.as_array().unwrap().iter().map(reached).sum::<i64>(), 4);

    let pack = cast.first.post(&format!("/v1/pledges/{pledge}/evidence-packs"), &json!({})).await.expect(201).id();
    let second = document(&pack).await;
    assert_eq!(fact(&second, 9, "families_at_least")["value"], Value::Null);
    let quantities = table(&second, 4, "quantities");
    let step = |code: &str| cell(quantities, 0, code).to_owned();
    assert_eq!(["received", "free", "delivered", "lost"].map(step), ["8", "3", "4", "1"]);
    let day = rows(table(&second, 11, "returns"));
    let became: Vec<[&str; 4]> = day.iter().map(|row| [&*row[1], &*row[2], &*row[3], &*row[4]]).collect();
    assert_eq!(became, [["2026-11-20", "", "1", "lost"], ["2026-11-20", "", "1", "free"]], "fewer than five");
    let year = json!({ "company_id": cast.company_id, "year": 2026 });
    let year = cast.company.post("/v1/annual-evidence-packs", &year).await.expect(201).id();
    let year = document(&year).await;
    assert_eq!(rows(table(&year, 11, "returns_by_pledge")).len(), 2);
    let iati = file(&cast.company, &pack, "application/xml").await.expect(200).text;
    assert!(iati.contains("Given back by families<"), "{iati}");
    cast.assert_sums().await;
}
