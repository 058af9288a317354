//! What is typed wrongly about a pledge, and how it is undone; what stood in the ledger before.

use chrono::Datelike;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{Answer, Cast, Client, HAMBAU, handover, line, line_id};
use crate::trainings::sewing;

fn of(trail: &Value, at: usize) -> [String; 4] {
    ["promised", "committed", "outstanding", "received"]
        .map(|step| trail["lines"][at][step].as_str().unwrap().to_owned())
}

/// A pledge of ten tractors of which twelve were typed as received.
async fn twelve_for_ten(cast: &Cast) -> (String, Answer) {
    let pledge = json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "10", &[HAMBAU])] });
    let pledge = cast.committed(&pledge).await;
    let receipt = json!({ "pledge_line_id": line_id(&pledge, 0), "quantity": "12", "handover_number": "BAST/12",
                          "received_on": "2026-11-02", "is_surplus_taken": true });
    let receipt = cast.first.post(&format!("/v1/pledges/{}/receipts", pledge.id()), &receipt).await.expect(201);
    (pledge.id(), receipt)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surplus_typed_wrongly_is_undone_as_if_it_had_never_been_promised() {
    let cast = Cast::new().await;
    let (id, receipt) = twelve_for_ten(&cast).await;
    let surplus = receipt.body["surplus"]["transfer_id"].clone();
    let correction = json!({ "reason": "Salah ketik", "transfer_id": surplus });
    let decided = cast.decided(&id, "corrections", &correction).await;
    assert_eq!(decided.body["transfer_ids"].as_array().unwrap().len(), 2, "the receipt and its acceptance");
    let trail = cast.trail(&id).await;
    assert_eq!(of(&trail, 0), ["10", "10", "0", "10"]);
    assert_eq!(of(&trail, 1), ["0", "0", "0", "0"], "nothing is outstanding or promised of it");
    assert_eq!(trail["status"], "committed");
    let due = cast.due(&id).await;
    assert_eq!((&due["lines"][1]["outstanding"], &due["lines"][1]["installments"]), (&json!("0"), &json!([])));
    cast.decided(
        &id,
        "refunds",
        &json!({ "reason": "x", "quantity": "10", "pledge_line_id": trail["lines"][0]["pledge_line_id"] }),
    )
    .await;
    cast.first.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    cast.propose(&cast.first, &id, "closures", &json!({ "reason": "Selesai" })).await.expect(201);
    cast.assert_sums().await;
}

/// Where its receipt was taken back before acceptances were, the acceptance is taken back by itself.
#[tokio::test(flavor = "multi_thread")]
async fn the_acceptance_of_a_surplus_can_be_taken_back_once_nothing_of_it_is_there() {
    let cast = Cast::new().await;
    let (id, _) = twelve_for_ten(&cast).await;
    let trail = cast.trail(&id).await;
    let accepts: Vec<Value> =
        trail["movements"].as_array().unwrap().iter().filter(|one| one["code"] == "accept").cloned().collect();
    let of_pledge = json!({ "reason": "x", "transfer_id": accepts[0]["id"] });
    let refused = cast.propose(&cast.first, &id, "corrections", &of_pledge).await;
    refused.expect_problem(409, "transfer_not_correctable");
    let of_surplus = json!({ "reason": "x", "transfer_id": accepts[1]["id"] });
    let proposed = cast.propose(&cast.first, &id, "corrections", &of_surplus).await.expect(201);
    cast.agree(&cast.second, &proposed).await.expect_problem(409, "not_enough_left");
    assert_eq!(of(&cast.trail(&id).await, 1), ["2", "2", "0", "2"], "nothing is left of what was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_receipt_says_that_it_is() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let receipts = format!("/v1/pledges/{id}/receipts");
    let before = cast.company.get(&receipts).await.expect(200).body["items"][0].clone();
    assert!(before.get("corrected_by_id").is_none());
    let path = format!("/v1/receipts/{}", before["id"].as_str().unwrap());
    let tag = cast.company.get(&path).await.expect(200).header("etag").to_owned();
    let correction = json!({ "reason": "Salah hitung", "transfer_id": before["transfer_id"] });
    let decided = cast.decided(&id, "corrections", &correction).await;
    let mut fell = before.clone();
    fell["corrected_by_id"] = decided.body["transfer_ids"][0].clone();
    assert_eq!(cast.company.get(&receipts).await.expect(200).body["items"][0], fell);
    let read = cast.company.get(&path).await.expect(200);
    assert_eq!(read.body, fell);
    assert_ne!(read.header("etag"), tag);
    let again = cast.receive(&id, &tractors, "9").await.expect(201);
    assert!(again.body.get("corrected_by_id").is_none());

    let pack = cast.company.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    let document = cast.company.get(pack.header("location")).await.expect(200).body["document"].clone();
    let cells = |group: usize, row: usize, code: &str| -> String {
        let table = &document["groups"][group]["tables"][0];
        let column = table["columns"].as_array().unwrap().iter().position(|column| column["code"] == code).unwrap();
        table["rows"][row]["cells"][column].as_str().unwrap().to_owned()
    };
    let today = sinergi::db::today().to_string();
    assert_eq!((cells(2, 0, "corrected_on"), cells(2, 1, "corrected_on")), (today, String::new()));
    assert_eq!((cells(15, 0, "pledge_line_id"), cells(15, 0, "corrected")), (tractors, "receive".to_owned()));
    assert_eq!(cells(15, 0, "corrects_id"), before["transfer_id"].as_str().unwrap());
    assert_eq!(cells(15, 0, "handover_number"), "BAST/1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_another_year_is_refused_and_the_first_day_that_can_be_is_told() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("3", &[HAMBAU]).await;
    let more = json!({ "pledge_line_id": tractors, "quantity": "1", "handover_number": "BAST/2",
                       "received_on": "2016-11-02", "is_surplus_taken": true });
    let fault = |refused: Answer| refused.expect_problem(422, "invalid_fields").body["errors"][0].clone();
    let told = fault(cast.first.post(&format!("/v1/pledges/{id}/receipts"), &more).await);
    assert_eq!((&told["pointer"], &told["code"]), (&json!("/received_on"), &json!("date_too_early")));
    assert!(told["detail"].as_str().unwrap().contains("2026-01-01"), "{told}");
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let new = json!({ "pledge_line_id": tractors, "need_id": family.need_id, "quantity": "1" });
    let made = cast.first.post(&format!("/v1/pledges/{id}/allocations"), &new).await.expect(201).id();
    let path = format!("/v1/allocations/{made}/deliveries");
    let mut early = handover("1", &family.beneficiary_id.to_string());
    early["delivered_on"] = json!("2016-11-12");
    let told = fault(cast.second.post(&path, &early).await);
    assert_eq!((&told["pointer"], &told["code"]), (&json!("/delivered_on"), &json!("date_too_early")));
    assert!(told["detail"].as_str().unwrap().contains("2026-01-05"), "the day of the receipt: {told}");
    early["delivered_on"] = json!("2026-01-05");
    cast.second.post(&path, &early).await.expect(201);
}

/// Due two weeks ago, received in time, recorded much later.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_received_in_time_is_not_late_for_being_recorded_late() {
    let cast = Cast::new().await;
    let mut tractors = line("hand_tractor", "10", &[HAMBAU]);
    let ago = |days| sinergi::db::today() - chrono::Days::new(days);
    let (early, due, after) = (ago(20), ago(15), ago(14));
    tractors["installments"] = json!([{ "due_on": due, "quantity": "10" }]);
    let pledge = cast.committed(&json!({ "title": "T", "year": due.year(), "lines": [tractors] })).await;
    let id = pledge.id();
    // Nothing is due of a day before the pledge was accepted, and a test cannot wait for days.
    let earlier = "alter table ledger_transfers disable trigger user;
        update ledger_transfers set at = at - interval '60 days'; alter table ledger_transfers enable trigger user;
        update pledges set accepted_at = accepted_at - interval '60 days'";
    cast.app.arrange(earlier).await;
    let overdue = async |on: chrono::NaiveDate| {
        let path = format!("/v1/pledges/{id}/installments?on={on}");
        cast.company.get(&path).await.expect(200).body["lines"][0]["overdue"].clone()
    };
    assert_eq!(overdue(after).await, "10");
    let receipt = json!({ "pledge_line_id": line_id(&pledge, 0), "quantity": "10", "handover_number": "BAST/1",
                          "received_on": early });
    let receipt = cast.first.post(&format!("/v1/pledges/{id}/receipts"), &receipt).await.expect(201);
    assert_eq!(overdue(after).await, "0");
    let day_before = cast.company.get(&format!("/v1/pledges/{id}/installments?on={}", ago(21))).await.expect(200).body;
    assert_eq!(day_before["lines"][0]["outstanding"], "10");
    let correction = json!({ "reason": "Tidak pernah ada", "transfer_id": receipt.body["transfer_id"] });
    cast.decided(&id, "corrections", &correction).await;
    assert_eq!(overdue(after).await, "10", "what was taken back was never received");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_proposed_a_decision_takes_it_back() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let over =
        json!({ "reason": "Salah desa", "pledge_line_id": tractors, "quantity": "4", "village_codes": [HAMBAU] });
    let proposed = cast.propose(&cast.first, &id, "reallocations", &over).await.expect(201);
    cast.propose(&cast.first, &id, "reallocations", &over).await.expect_problem(409, "pledge_decision_pending");
    let path = format!("/v1/pledge-decisions/{}/withdrawals", proposed.id());
    let why = json!({ "reason": "Desa salah ketik" });
    cast.company.post(&path, &why).await.expect_problem(403, "insufficient_scope");
    let taken = cast.first.post(&path, &why).await.expect(200).body;
    assert_eq!(
        (&taken["status"], &taken["decided_by"], &taken["decision_reason"], &taken["transfer_ids"]),
        (&json!("withdrawn"), &json!(cast.first.id), &json!("Desa salah ketik"), &json!([]))
    );
    let late = cast.agree(&cast.company, &proposed).await.expect_problem(409, "pledge_decision_decided");
    assert_eq!(late.body["possible"], json!(["amend", "cancel"]), "what the company can do now");
    cast.first.post(&path, &why).await.expect_problem(409, "pledge_decision_decided");
    cast.propose(&cast.first, &id, "reallocations", &over).await.expect(201);
    assert!(cast.app.told(&cast.company).await.contains(&"pledge_decision.withdrawn".to_owned()));
    assert_eq!(cast.app.audited("withdraw_pledge_decision").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_second_person_does_not_outlive_the_pledge() {
    let cast = Cast::new().await;
    let pledge =
        cast.committed(&json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "4", &[HAMBAU])] })).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let more = json!({ "reason": "Tambahan", "lines": [{ "pledge_line_id": tractors, "quantity": "6" }] });
    let waiting = cast.propose(&cast.company, &id, "amendments", &more).await.expect(201);
    let refused = cast.propose(&cast.first, &id, "closures", &json!({ "reason": "Selesai" })).await;
    let possible = refused.expect_problem(409, "pledge_not_done").body["possible"].as_array().unwrap().clone();
    assert!(possible.contains(&json!("cancel")) && !possible.contains(&json!("close")), "{possible:?}");
    cast.propose(&cast.company, &id, "cancellations", &json!({ "reason": "Batal" })).await.expect(201);
    cast.first.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    cast.propose(&cast.first, &id, "closures", &json!({ "reason": "Selesai" })).await.expect(201);
    let read = cast.company.get(&format!("/v1/pledge-decisions/{}", waiting.id())).await.expect(200).body;
    assert_eq!((&read["status"], &read["decision_reason"]), (&json!("withdrawn"), &json!("Selesai")));
    let left = cast.first.get(&format!("/v1/pledge-decisions?pledge_id={id}&status=proposed")).await.expect(200);
    assert_eq!(left.body["items"], json!([]));
}

/// The moment between two commands.
async fn moment() -> String {
    let at = sinergi::db::now();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

async fn stock(client: &Client, line: &str, as_of: &str) -> Value {
    let path = format!("/v1/ledger/accounts?owner_id={line}&kind=stock{as_of}");
    client.get(&path).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread")]
async fn balances_are_told_as_of_any_moment_that_has_passed() {
    let cast = Cast::new().await;
    let start = moment().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let received = moment().await;
    let lost = json!({ "reason": "Banjir", "pledge_line_id": tractors, "quantity": "3", "site": "Gudang" });
    cast.decided(&id, "losses", &lost).await;
    let after_loss = moment().await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let new = json!({ "pledge_line_id": tractors, "need_id": family.need_id, "quantity": "2" });
    cast.first.post(&format!("/v1/pledges/{id}/allocations"), &new).await.expect(201);

    let at = |moment: &str| format!("&as_of={moment}");
    assert_eq!(stock(&cast.first, &tractors, &at(&start)).await["items"], json!([]), "it was not open");
    for (moment, left) in [(at(&received), "10"), (at(&after_loss), "7"), (String::new(), "5")] {
        assert_eq!(stock(&cast.first, &tractors, &moment).await["items"][0]["balance"], left, "{moment}");
    }
    let ahead = sinergi::db::now() + chrono::TimeDelta::hours(1);
    let ahead = at(&ahead.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    cast.first.get(&format!("/v1/ledger/accounts?limit=5{ahead}")).await.expect_problem(422, "invalid_fields");
    let by_then = cast.first.get(&format!("/v1/ledger/transfers?pledge_id={id}&as_of={received}")).await.expect(200);
    let codes: Vec<&Value> = by_then.body["items"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["accept", "receive"]);

    let trail =
        async |moment: &str| cast.company.get(&format!("/v1/pledges/{id}/trail?as_of={moment}")).await.expect(200).body;
    assert_eq!(trail(&start).await["lines"], json!([]));
    let then = trail(&received).await;
    assert_eq!((of(&then, 0), &then["lines"][0]["lost"]), (["10", "10", "0", "10"].map(String::from), &json!("0")));
    assert_eq!(then["movements"].as_array().unwrap().len(), 2);
    let then = trail(&after_loss).await;
    assert_eq!((&then["lines"][0]["free"], &then["lines"][0]["lost"]), (&json!("7"), &json!("3")));
    assert_eq!(then["lines"][0]["reserved"], "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn trainings_have_no_more_seats_than_the_line_that_pays() {
    let cast = Cast::new().await;
    let seats = json!({ "title": "Kursi", "year": 2026, "lines": [line("training_seat", "10", &[HAMBAU])] });
    let seats = cast.committed(&seats).await;
    let training = |count: i64| {
        let mut new = sewing(count);
        new["pledge_line_id"] = json!(line_id(&seats, 0));
        new
    };
    let refused = cast.first.post("/v1/trainings", &training(40)).await.expect_problem(409, "not_enough_left");
    assert!(refused.text.contains("10 seats of the line"), "{}", refused.text);
    let (one, two) = (training(6), training(6));
    let (one, two) = join(cast.first.post("/v1/trainings", &one), cast.first.post("/v1/trainings", &two)).await;
    let made = if one.status.as_u16() == 201 { &one } else { &two };
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409], "of two at once one finds too few");
    let path = format!("/v1/trainings/{}", made.id());
    cast.first.patch(&path, "\"1\"", &json!({ "seats": 11 })).await.expect_problem(409, "not_enough_left");
    cast.first.patch(&path, "\"1\"", &json!({ "seats": 9 })).await.expect(200);
    cast.first.post("/v1/trainings", &training(2)).await.expect_problem(409, "not_enough_left");
    cast.first.post("/v1/trainings", &training(1)).await.expect(201);
    // Of a training that is called off the seats are there for another one.
    cast.first.post(&format!("{path}/cancellations"), &json!({ "reason": "Sepi" })).await.expect(200);
    cast.first.post("/v1/trainings", &training(9)).await.expect(201);
}
