//! Follow-ups: due by themselves, recorded once, corrected by versions, and counted without telling of one family.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{Answer, Cast, Client, HAMBAU, KELEKAT, NeedyFamily, handover, line};

/// Hands one of a line to a family on 10 January 2026; answers the allocation.
async fn give(cast: &Cast, (pledge, line): (&str, &str), family: &NeedyFamily) -> String {
    let new = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": "1" });
    let allocation = cast.first.post(&format!("/v1/pledges/{pledge}/allocations"), &new).await.expect(201).id();
    let mut delivery = handover("1", &family.beneficiary_id.to_string());
    delivery["delivered_on"] = json!("2026-01-10");
    cast.second.post(&format!("/v1/allocations/{allocation}/deliveries"), &delivery).await.expect(201);
    allocation
}

/// Families of a village with a tractor each, of a pledge of so many.
async fn served(count: i64) -> (Cast, String, Vec<String>) {
    let cast = Cast::new().await;
    let (pledge, line) = cast.stocked("20", &[HAMBAU, KELEKAT]).await;
    let mut aid = Vec::new();
    for family in cast.app.needy_families(HAMBAU, count, "hand_tractor", "1").await {
        aid.push(give(&cast, (&pledge, &line), &family).await);
    }
    (cast, pledge, aid)
}

/// A family that was met three months later and does well.
fn well(aid: &str) -> Value {
    json!({ "aid_id": aid, "month_mark": 3, "visited_on": "2026-04-12", "is_found": true, "is_held": true,
            "is_in_use": true, "is_working": true, "is_earning": true, "income": "higher", "is_on_aid": false })
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn record(client: &Client, body: &Value) -> Answer {
    client.post("/v1/follow-ups", body).await
}

async fn due(client: &Client, query: &str) -> Vec<(String, i64)> {
    let items = client.get(&format!("/v1/due-follow-ups?limit=200{query}")).await.expect(200).body["items"].clone();
    let told = |row: &Value| (row["due_on"].as_str().unwrap().to_owned(), row["month_mark"].as_i64().unwrap());
    items.as_array().unwrap().iter().map(told).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_follows_from_handovers_and_records() {
    let (cast, pledge, aid) = served(1).await;
    assert_eq!(due(&cast.first, "&on=2026-04-09").await, []);
    let both = [("2026-04-10".to_owned(), 3), ("2026-07-10".to_owned(), 6)];
    assert_eq!(due(&cast.first, "&on=2026-07-10").await, both);
    assert_eq!(due(&cast.first, &format!("&on=2026-07-10&village_code={HAMBAU}&pledge_id={pledge}")).await, both);
    assert_eq!(due(&cast.first, &format!("&on=2026-07-10&village_code={KELEKAT}")).await, []);
    let down = due(&cast.first, "&on=2026-07-10&sort=-due_on").await;
    assert_eq!(down.first(), Some(&both[1]));
    let page = cast.first.get("/v1/due-follow-ups?on=2026-07-10&limit=1&count=exact").await.expect(200);
    assert_eq!(page.body["total"], 2);
    let next = page.body["next"].as_str().unwrap();
    let rest = due(&cast.first, &format!("&on=2026-07-10&cursor={next}")).await;
    assert_eq!(rest, both[1..]);

    let puskesos = cast.app.client_of("puskesos", &[crate::support::KEMBANG_JANGGUT], None).await;
    record(&puskesos, &well(&aid[0])).await.expect(201);
    assert_eq!(due(&cast.first, "&on=2026-07-10").await, both[1..]);
    // Rice is eaten; nobody comes back to see it.
    let rice = json!({ "title": "Beras", "year": 2026, "lines": [line("rice", "5", &[HAMBAU])] });
    let rice = cast.committed(&rice).await;
    let line = crate::support::line_id(&rice, 0);
    cast.receive(&rice.id(), &line, "5").await.expect(201);
    let family = cast.app.needy_families(HAMBAU, 1, "rice", "1").await.remove(0);
    let eaten = give(&cast, (&rice.id(), &line), &family).await;
    assert_eq!(due(&cast.first, "&on=2026-07-10").await, both[1..]);
    record(&cast.first, &well(&eaten)).await.expect_problem(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_says_what_can_be_said_and_nothing_else() {
    let (cast, _, aid) = served(1).await;
    let early = with(well(&aid[0]), json!({ "visited_on": "2026-04-09" }));
    record(&cast.first, &early).await.expect_problem(409, "follow_up_not_due");
    let pointers = async |body: Value| -> Vec<Value> {
        let refused = record(&cast.first, &body).await;
        let refused = refused.expect_problem(422, "invalid_fields");
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect()
    };
    assert_eq!(pointers(with(well(&aid[0]), json!({ "month_mark": 4 }))).await, ["/month_mark"]);
    assert_eq!(pointers(with(well(&aid[0]), json!({ "visited_on": "2999-01-01" }))).await, ["/visited_on"]);
    assert_eq!(
        pointers(with(well(&aid[0]), json!({ "income": null, "is_working": null }))).await,
        ["/income", "/is_working"]
    );
    let away = with(well(&aid[0]), json!({ "is_found": false }));
    assert_eq!(pointers(away).await.len(), 6, "nothing is known of who was not met");
    let nobody = with(well(&aid[0]), json!({ "aid_id": uuid::Uuid::now_v7() }));
    assert_eq!(pointers(nobody).await, ["/aid_id"]);

    let seats = json!({ "title": "Kursi", "year": 2026, "lines": [line("training_seat", "5", &[HAMBAU])] });
    let seats = cast.committed(&seats).await;
    let seat = crate::support::line_id(&seats, 0);
    cast.receive(&seats.id(), &seat, "5").await.expect(201);
    let family = cast.app.needy_families(HAMBAU, 1, "training_seat", "1").await.remove(0);
    let trained = give(&cast, (&seats.id(), &seat), &family).await;
    assert_eq!(pointers(well(&trained)).await, ["/is_held", "/is_in_use", "/is_working"]);
    let learned = with(well(&trained), json!({ "is_held": null, "is_in_use": null, "is_working": null }));
    record(&cast.first, &learned).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_counts_and_a_correction_takes_its_place() {
    let (cast, _, aid) = served(1).await;
    let away = json!({ "aid_id": aid[0], "month_mark": 3, "visited_on": "2026-04-11", "is_found": false });
    let (one, other) = join(
        record(&cast.first, &away),
        record(&cast.app.client_of("puskesos", &[crate::support::KEMBANG_JANGGUT], None).await, &away),
    )
    .await;
    let (made, refused) = if one.status.as_u16() == 201 { (one, other) } else { (other, one) };
    let made = made.expect(201);
    refused.expect_problem(409, "follow_up_recorded");
    let again = record(&cast.first, &away).await.expect_problem(409, "follow_up_recorded");
    assert!(again.body["related"].to_string().contains(&made.id()), "{}", again.text);
    record(&cast.first, &with(well(&aid[0]), json!({ "corrects": uuid::Uuid::now_v7() })))
        .await
        .expect_problem(409, "follow_up_corrected");
    let better = record(&cast.first, &with(well(&aid[0]), json!({ "corrects": made.body["id"] }))).await.expect(201);
    assert_eq!((&better.body["version"], &better.body["corrects"]), (&json!(2), &made.body["id"]));
    record(&cast.first, &with(well(&aid[0]), json!({ "corrects": made.body["id"] })))
        .await
        .expect_problem(409, "follow_up_corrected");
    let listed = cast.first.get("/v1/follow-ups?count=exact").await.expect(200);
    assert_eq!((&listed.body["total"], &listed.body["items"]), (&json!(1), &json!([better.body])));
    let first = cast.first.get(&format!("/v1/follow-ups/{}", made.id())).await.expect(200);
    assert_eq!(first.body, made.body, "what was recorded stays to be read");
    assert_eq!(cast.app.audited("record_follow_up").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes_are_shares_and_a_company_is_told_of_no_few() {
    let (cast, pledge, aid) = served(7).await;
    for (at, aid) in aid.iter().take(6).enumerate() {
        let income = if at == 0 { "same" } else { "higher" };
        record(&cast.first, &with(well(aid), json!({ "income": income, "is_on_aid": at < 2 }))).await.expect(201);
    }
    let path = format!("/v1/follow-up-outcomes?pledge_id={pledge}&month_mark=3");
    let told = cast.first.get(&path).await.expect(200).body["items"].clone();
    let shares = ["due", "met", "response_percent", "in_use_percent", "higher_income_percent", "off_aid_percent"];
    let of = |row: &Value| shares.map(|name| row[name].clone());
    assert_eq!(of(&told[0]), [7, 6, 85, 100, 83, 66].map(|number| json!(number)));
    assert_eq!(told[0]["village_code"], HAMBAU);

    let told = cast.company.get(&path).await.expect(200).body["items"].clone();
    // Five of at most nine, whatever the counts behind the steps are; four of six are not told.
    let expected = [json!(5), json!(5), json!(55), json!(55), json!(55), Value::Null];
    assert_eq!((of(&told[0]), &told[0]["village_code"]), (expected, &Value::Null));
    let village = cast.company.get(&format!("{path}&village_code={HAMBAU}")).await.expect(200);
    assert_eq!(village.body["items"], json!([]));
    let (_, rival) = cast.app.company("PT Lain").await;
    assert_eq!(rival.get("/v1/follow-up-outcomes").await.expect(200).body["items"], json!([]));
    cast.company.get("/v1/follow-ups").await.expect(403);

    let pack = cast.company.post(&format!("/v1/pledges/{pledge}/evidence-packs"), &json!({})).await.expect(201);
    let pack = cast.company.get(pack.header("location")).await.expect(200);
    let group = &pack.body["document"]["groups"][12];
    let value = |code: &str| {
        group["facts"].as_array().unwrap().iter().find(|fact| fact["code"] == code).unwrap()["value"].clone()
    };
    assert_eq!(value("asset_in_use"), "55 after 3 months");
    assert_eq!(value("graduated"), Value::Null);
    assert_eq!(group["tables"][0]["rows"][0]["cells"], json!(["3", "55", "55", "55", "", "55"]));
}
