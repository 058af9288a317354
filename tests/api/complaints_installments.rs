//! What users of other systems complain of: pledges that cannot be changed, called off or given up, and wrong dues.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, handover, line, line_id, tools_and_training};

/// A pledge of one line of a year, due in parts.
fn in_parts(year: i32, quantity: &str, parts: &[(&str, &str)]) -> Value {
    let mut tractors = line("hand_tractor", quantity, &[HAMBAU]);
    let parts: Vec<Value> = parts.iter().map(|(due_on, some)| json!({ "due_on": due_on, "quantity": some })).collect();
    tractors["installments"] = json!(parts);
    json!({ "title": "Traktor", "year": year, "lines": [tractors] })
}

fn reason() -> Value {
    json!({ "reason": "Anggaran dihentikan" })
}

/// Source: civicrm/civicrm-core PR #24777.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_off_is_told_apart_from_a_cancellation_and_the_totals_are_restated() {
    let cast = Cast::new().await;
    let late = cast.committed(&in_parts(2025, "10", &[])).await;
    cast.receive(&late.id(), &line_id(&late, 0), "4").await.expect(201);
    let written = cast.decided(&late.id(), "write-offs", &reason()).await;
    assert_eq!(written.body["transfer_ids"].as_array().unwrap().len(), 1);
    let of_line = cast.trail(&late.id()).await["lines"][0].clone();
    for (step, expected) in
        [("committed", "10"), ("received", "4"), ("written_off", "6"), ("cancelled", "0"), ("outstanding", "0")]
    {
        assert_eq!(of_line[step], expected, "{step}");
    }
    let other = cast.committed(&in_parts(2026, "10", &[])).await;
    cast.propose(&cast.first, &other.id(), "cancellations", &reason()).await.expect(201);
    let of_line = cast.trail(&other.id()).await["lines"][0].clone();
    assert_eq!((&of_line["cancelled"], &of_line["written_off"]), (&json!("10"), &json!("0")));
    cast.assert_sums().await;
}

/// Source: civicrm/civicrm-core #36395.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_off_waits_for_an_overdue_installment_and_a_second_officer() {
    let cast = Cast::new().await;
    let in_time = cast.committed(&in_parts(2099, "10", &[])).await.id();
    let refused = cast.propose(&cast.first, &in_time, "write-offs", &reason()).await;
    refused.expect_problem(409, "installment_not_overdue");
    let late = cast.committed(&in_parts(2026, "10", &[("2026-02-01", "4"), ("2099-01-01", "6")])).await.id();
    let proposed = cast.propose(&cast.first, &late, "write-offs", &reason()).await.expect(201);
    cast.agree(&cast.first, &proposed).await.expect_problem(409, "second_person_needed");
    cast.agree(&cast.company, &proposed).await.expect_problem(409, "second_person_needed");
    assert_eq!(cast.trail(&late).await["lines"][0]["outstanding"], "10");
    cast.agree(&cast.second, &proposed).await.expect(200);
    assert_eq!(cast.trail(&late).await["lines"][0]["written_off"], "10");
    assert_eq!(cast.company.get(&format!("/v1/pledges/{late}")).await.expect(200).body["status"], "closing");
}

/// Source: civicrm/civicrm-core PR #5785 (CRM-16336).
#[tokio::test(flavor = "multi_thread")]
async fn the_next_due_amount_is_right_when_installments_are_overdue() {
    let cast = Cast::new().await;
    let parts = [("2026-02-01", "4"), ("2026-03-01", "4"), ("2099-01-01", "4")];
    let pledge = cast.committed(&in_parts(2026, "12", &parts)).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    cast.receive(&id, &tractors, "5").await.expect(201);
    let due = cast.due(&id).await["lines"][0].clone();
    assert_eq!((&due["next_due_on"], &due["next_due"]), (&json!("2026-03-01"), &json!("3")));
    assert_eq!((&due["overdue"], &due["outstanding"]), (&json!("3"), &json!("7")));
    let late: Vec<&Value> = due["installments"].as_array().unwrap().iter().map(|one| &one["is_overdue"]).collect();
    assert_eq!(late, [&json!(false), &json!(true), &json!(false)]);
    cast.receive(&id, &tractors, "3").await.expect(201);
    let due = cast.due(&id).await["lines"][0].clone();
    assert_eq!((&due["next_due_on"], &due["overdue"]), (&json!("2099-01-01"), &json!("0")));
    // It is asked at a time, so it stands as it stood.
    let before = cast.company.get(&format!("/v1/pledges/{id}/installments?on=2026-02-15")).await.expect(200);
    assert_eq!(before.body["lines"], json!([]), "nothing was promised then");
}

/// Source: civicrm/civicrm-core #8029.
#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_with_receipts_can_be_cancelled() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    cast.receive(&pledge.id(), &line_id(&pledge, 0), "150").await.expect(201);
    let done = cast.propose(&cast.company, &pledge.id(), "cancellations", &reason()).await.expect(201);
    assert_eq!((&done.body["status"], &done.body["decided_by"]), (&json!("agreed"), &json!(null)));
    let trail = cast.trail(&pledge.id()).await;
    assert_eq!(trail["status"], "closing");
    assert_eq!((&trail["lines"][0]["received"], &trail["lines"][0]["cancelled"]), (&json!("150"), &json!("50")));
    assert_eq!(trail["lines"][1]["cancelled"], "40");
    let again = cast.propose(&cast.company, &pledge.id(), "cancellations", &reason()).await;
    assert_eq!(again.expect_problem(409, "command_not_possible").body["possible"], json!([]));
    cast.assert_sums().await;
}

/// Source: civicrm/civicrm-core #3681.
#[tokio::test(flavor = "multi_thread")]
async fn receipts_stay_when_a_pledge_is_amended() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let receipt = cast.receive(&id, &tractors, "150").await.expect(201);
    let lines = json!([{ "pledge_line_id": tractors, "quantity": "180" }]);
    let decision = cast.amended(&id, &json!({ "reason": "Anggaran berkurang", "lines": lines })).await;
    assert_eq!(decision.body["terms"]["lines"][0]["former_quantity"], "200");
    let listed = cast.company.get(&format!("/v1/pledges/{id}/receipts")).await.expect(200);
    assert_eq!(listed.body["items"][0]["id"], receipt.body["id"]);
    let of_line = cast.trail(&id).await["lines"][0].clone();
    for (step, expected) in [("promised", "180"), ("committed", "180"), ("received", "150"), ("outstanding", "30")] {
        assert_eq!(of_line[step], expected, "{step}");
    }
    let below = json!([{ "pledge_line_id": tractors, "quantity": "149" }]);
    let refused = cast.propose(&cast.company, &id, "amendments", &json!({ "reason": "x", "lines": below })).await;
    let refused = refused.expect_problem(409, "not_enough_left");
    assert!(refused.text.contains("30 unit still to be received, 31 asked"), "{}", refused.text);
    cast.assert_sums().await;
}

/// Source: civicrm/civicrm-core #9549.
#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_of_one_installment_has_a_status_and_a_schedule() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[("2026-02-01", "10")])).await;
    assert_eq!(pledge.body["status"], "committed");
    let due = cast.due(&pledge.id()).await["lines"][0].clone();
    assert_eq!((due["installments"].as_array().unwrap().len(), &due["overdue"]), (1, &json!("10")));
    let none = cast.committed(&in_parts(2099, "10", &[])).await;
    let due = cast.due(&none.id()).await["lines"][0].clone();
    assert_eq!((&due["next_due_on"], &due["next_due"]), (&json!("2099-12-31"), &json!("10")));
}

/// Source: SalesforceFoundation/NPSP #7283.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_rest_leaves_no_installment_due() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[("2026-02-01", "4"), ("2099-01-01", "6")])).await;
    assert_eq!(cast.due(&pledge.id()).await["lines"][0]["overdue"], "4");
    cast.propose(&cast.company, &pledge.id(), "cancellations", &reason()).await.expect(201);
    let due = cast.due(&pledge.id()).await["lines"][0].clone();
    assert_eq!((&due["overdue"], &due["next_due"], &due["next_due_on"]), (&json!("0"), &json!(null), &json!(null)));
}

/// Source: opencollective/opencollective #8034.
#[tokio::test(flavor = "multi_thread")]
async fn changing_days_alone_moves_nothing_and_asks_no_balance() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[("2026-02-01", "10")])).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    cast.receive(&id, &tractors, "10").await.expect(201);
    let lines = json!([{ "pledge_line_id": tractors, "quantity": "10",
                         "installments": [{ "due_on": "2026-12-15", "quantity": "10" }] }]);
    let decision = cast.amended(&id, &json!({ "reason": "Jadwal digeser", "lines": lines })).await;
    assert_eq!(decision.body["transfer_ids"], json!([]));
    assert_eq!(cast.due(&id).await["lines"][0]["installments"][0]["due_on"], "2026-12-15");
}

/// Source: opencollective/opencollective #3319.
#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_that_is_sent_twice_is_one_pledge() {
    let cast = Cast::new().await;
    let one = cast.company.post_keyed("/v1/pledges", "sekali-saja", &tools_and_training()).await.expect(201);
    let two = cast.company.post_keyed("/v1/pledges", "sekali-saja", &tools_and_training()).await.expect(201);
    assert_eq!((one.id(), two.header("idempotency-replayed")), (two.id(), "true"));
    assert_eq!(cast.company.get("/v1/pledges?count=exact").await.expect(200).body["total"], 1);
}

/// Source: opencollective/opencollective #3320.
#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_can_be_changed_after_it_binds() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[])).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let body = json!({ "reason": "Tambahan dari kantor pusat",
        "lines": [{ "pledge_line_id": tractors, "quantity": "15" }],
        "new_lines": [line("training_seat", "5", &[HAMBAU])] });
    cast.amended(&id, &body).await;
    let now = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).body;
    assert!(now["version"].as_i64() > pledge.body["version"].as_i64());
    assert_eq!((&now["lines"][0]["quantity"], &now["lines"][1]["origin"]), (&json!("15"), &json!("amended")));
    let trail = cast.trail(&id).await;
    assert_eq!((&trail["lines"][0]["outstanding"], &trail["lines"][1]["committed"]), (&json!("15"), &json!("5")));
    cast.assert_sums().await;
}

/// Source: opencollective/opencollective #3135.
#[tokio::test(flavor = "multi_thread")]
async fn a_pledge_can_be_withdrawn_before_it_binds() {
    let cast = Cast::new().await;
    let id = cast.submitted(&tools_and_training()).await;
    cast.first.post(&format!("/v1/pledges/{id}/acceptances"), &json!({})).await.expect(200);
    let gone = cast.company.post(&format!("/v1/pledges/{id}/withdrawals"), &reason()).await.expect(200);
    assert_eq!(gone.body["status"], "withdrawn");
    assert_eq!(cast.trail(&id).await["movements"], json!([]));
}

/// Source: Giveth/giveth-dapp #694.
#[tokio::test(flavor = "multi_thread")]
async fn receipts_at_once_never_overshoot_the_pledge_and_a_surplus_is_a_line_of_its_own() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[])).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let receipt = json!({ "pledge_line_id": tractors, "quantity": "4", "handover_number": "BAST/1",
                          "received_on": "2026-11-02", "is_surplus_taken": true });
    let path = format!("/v1/pledges/{id}/receipts");
    for answer in join_all((0..4).map(|_| cast.first.post(&path, &receipt))).await {
        answer.expect(201);
    }
    let trail = cast.trail(&id).await;
    assert_eq!((&trail["lines"][0]["committed"], &trail["lines"][0]["received"]), (&json!("10"), &json!("10")));
    let lines = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).body["lines"].clone();
    let extra: Vec<&Value> = lines.as_array().unwrap().iter().filter(|line| line["origin"] == "surplus").collect();
    assert!(extra.iter().all(|line| line["source_line_id"] == json!(tractors)));
    let sum: i64 = extra.iter().map(|line| line["quantity"].as_str().unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(sum, 6);
    cast.assert_sums().await;
}

/// Source: Giveth/giveth-dapp #598.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_received_can_be_handed_over_after_the_rest_is_cancelled() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&in_parts(2026, "10", &[])).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    cast.receive(&id, &tractors, "1").await.expect(201);
    cast.propose(&cast.company, &id, "cancellations", &reason()).await.expect(201);
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let body = json!({ "pledge_line_id": tractors, "need_id": family.need_id, "quantity": "1" });
    let allocation = cast.first.post(&format!("/v1/pledges/{id}/allocations"), &body).await.expect(201);
    let path = format!("/v1/allocations/{}/deliveries", allocation.id());
    cast.second.post(&path, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    cast.first.post(&format!("/v1/pledges/{id}/closures"), &reason()).await.expect_problem(409, "evidence_incomplete");
    cast.first.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    cast.first.post(&format!("/v1/pledges/{id}/closures"), &reason()).await.expect(201);
    assert_eq!(cast.trail(&id).await["status"], "closed");
}
