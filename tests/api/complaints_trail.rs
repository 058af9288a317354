//! What users of other systems complain of: nobody can say who got what, why, and where a pledge is.

use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, handover, tools_and_training};

/// A pledge of one tractor that a run gave to the only family, and that it has.
async fn handed_over(cast: &Cast) -> (String, String) {
    let (id, _) = cast.stocked("1", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    cast.run(&id, false).await.expect(201);
    let allocations = cast.first.get(&format!("/v1/allocations?pledge_id={id}")).await.expect(200).body;
    let path = format!("/v1/allocations/{}/deliveries", allocations["items"][0]["id"].as_str().unwrap());
    cast.second.post(&path, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    (id, family.beneficiary_id.to_string())
}

/// Source: opencollective/opencollective #3657.
#[tokio::test(flavor = "multi_thread")]
async fn an_allocation_tells_how_the_family_was_selected() {
    let cast = Cast::new().await;
    let (id, _) = handed_over(&cast).await;
    let allocations = cast.first.get(&format!("/v1/allocations?pledge_id={id}")).await.expect(200).body;
    let one = &allocations["items"][0];
    assert_eq!((&one["rank_in_run"], one["run_id"].is_string()), (&json!(1), true));
}

/// Source: ChurchCRM/CRM #1135.
#[tokio::test(flavor = "multi_thread")]
async fn officers_can_tell_who_received_a_pledge() {
    let cast = Cast::new().await;
    let (id, beneficiary) = handed_over(&cast).await;
    let path = format!("/v1/allocations?pledge_id={id}&status=delivered");
    let received = cast.first.get(&path).await.expect(200).body;
    assert_eq!(
        (received["items"].as_array().unwrap().len(), &received["items"][0]["beneficiary_id"]),
        (1, &json!(beneficiary))
    );
    cast.company.get(&path).await.expect_problem(403, "insufficient_scope");
}

/// Source: raksha-life/rescuekerala #971.
#[tokio::test(flavor = "multi_thread")]
async fn needs_are_seen_by_a_company_before_it_sends_goods() {
    let cast = Cast::new().await;
    cast.app.needy_families(HAMBAU, 12, "hand_tractor", "1").await;
    let needs = cast.company.get("/v1/needs").await.expect(200);
    assert!(needs.text.contains("hand_tractor"), "{}", needs.text);
    assert!(!needs.text.contains("Kanari"), "a name is told");
}

/// Source: GlobalEmergency/ResponseGrid #126 and #168.
#[tokio::test(flavor = "multi_thread")]
async fn a_company_follows_its_pledge_by_its_id_without_a_person_in_it() {
    let cast = Cast::new().await;
    let (id, beneficiary) = handed_over(&cast).await;
    let mut told = cast.trail(&id).await.to_string();
    for path in ["", "/installments", "/receipts"] {
        told += &cast.company.get(&format!("/v1/pledges/{id}{path}")).await.expect(200).text;
    }
    told += &cast.company.get(&format!("/v1/pledge-decisions?pledge_id={id}")).await.expect(200).text;
    assert!(told.contains("delivered"));
    for secret in [beneficiary.as_str(), "Kanari", "need_id"] {
        assert!(!told.contains(secret), "{secret} is told to a company");
    }
    assert_eq!(cast.trail(&id).await["lines"][0]["families_reached"], json!(null), "one family is not counted out");
}

/// Source: developer.imis.com, discussion 5c11661d.
#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_way_to_record_that_a_pledge_is_paid() {
    let cast = Cast::new().await;
    let pledge =
        json!({ "title": "Uang", "year": 2026, "lines": [crate::support::line("cash", "5000000", &[HAMBAU])] });
    let pledge = cast.committed(&pledge).await;
    let line = crate::support::line_id(&pledge, 0);
    let paid = cast.receive(&pledge.id(), &line, "2000000").await.expect(201);
    assert_eq!((&paid.body["outstanding"], &paid.body["surplus"]), (&json!("3000000"), &json!(null)));
}

/// Source: Giveth/giveth-dapp #467.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_sent_twice_counts_once() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let path = format!("/v1/pledges/{}/receipts", pledge.id());
    let receipt = json!({ "pledge_line_id": crate::support::line_id(&pledge, 0), "quantity": "150",
                          "handover_number": "BAST/1", "received_on": "2026-11-02" });
    for _ in 0..2 {
        cast.first.post_keyed(&path, "sekali-saja", &receipt).await.expect(201);
    }
    assert_eq!(cast.trail(&pledge.id()).await["lines"][0]["received"], "150");
}
