//! What users of other systems complain of: short stock that is not told, and counts that differ from page to page.

use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, NeedyFamily, handover, line, line_id, tools_and_training};

async fn allocated(cast: &Cast, (id, line): (&str, &str), family: &NeedyFamily, quantity: &str) -> String {
    let body = json!({ "pledge_line_id": line, "need_id": family.need_id, "quantity": quantity });
    cast.first.post(&format!("/v1/pledges/{id}/allocations"), &body).await.expect(201).id()
}

/// Source: SalesforceFoundation/NPSP #1684.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_pledged_is_not_taken_for_what_is_received() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let body = json!({ "pledge_line_id": line_id(&pledge, 0), "need_id": family.need_id, "quantity": "1" });
    let refused = cast.first.post(&format!("/v1/pledges/{}/allocations", pledge.id()), &body).await;
    refused.expect_problem(409, "not_enough_left");
    let of_line = cast.trail(&pledge.id()).await["lines"][0].clone();
    assert_eq!((&of_line["committed"], &of_line["received"]), (&json!("200"), &json!("0")));
}

/// Source: SalesforceFoundation/NPSP #5955.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_nothing_behind() {
    let cast = Cast::new().await;
    let pledge = cast.committed(&tools_and_training()).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    let before = cast.trail(&id).await;
    cast.receive(&id, &tractors, "201").await.expect_problem(409, "not_enough_left");
    let body = json!({ "reason": "x", "lines": [{ "pledge_line_id": tractors, "quantity": "250" }],
                       "new_lines": [line("helicopter", "1", &[HAMBAU])] });
    cast.propose(&cast.company, &id, "amendments", &body).await.expect_problem(422, "invalid_fields");
    assert_eq!(cast.trail(&id).await, before);
    assert_eq!(cast.first.get(&format!("/v1/pledges/{id}/receipts")).await.expect(200).body["items"], json!([]));
    let decisions = cast.first.get(&format!("/v1/pledge-decisions?pledge_id={id}")).await.expect(200);
    assert_eq!(decisions.body["items"], json!([]));
    assert_eq!((cast.app.audited("record_receipt").await, cast.app.audited("amend_pledge").await), (0, 0));
}

/// Source: rubyforgood/human-essentials #1407.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_is_short_and_how_much_is_there() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("3", &[HAMBAU]).await;
    for noun in ["refunds", "losses"] {
        let mut body = json!({ "reason": "x", "pledge_line_id": tractors, "quantity": "4" });
        if noun == "losses" {
            body["site"] = json!("Gudang");
        }
        let refused = cast.propose(&cast.first, &id, noun, &body).await.expect_problem(409, "not_enough_left");
        assert!(refused.text.contains("3 unit free, 4 asked"), "{}", refused.text);
    }
    let refused = cast.propose(&cast.first, &id, "closures", &json!({ "reason": "Selesai" })).await;
    let refused = refused.expect_problem(409, "pledge_not_done");
    assert!(refused.text.contains("0 unit outstanding, 3 free, 0 reserved"), "{}", refused.text);
}

/// Source: rubyforgood/human-essentials #1663 and #249.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_free_is_refused_and_not_cut_in_silence() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("1", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    let body = json!({ "pledge_line_id": tractors, "need_id": family.need_id, "quantity": "2" });
    let refused = cast.first.post(&format!("/v1/pledges/{id}/allocations"), &body).await;
    let refused = refused.expect_problem(409, "not_enough_left");
    assert!(refused.text.contains("1 unit free, 2 asked"), "{}", refused.text);
    assert_eq!(cast.trail(&id).await["lines"][0]["reserved"], "0");
}

/// Source: frappe/erpnext #18940.
#[tokio::test(flavor = "multi_thread")]
async fn a_partial_handover_reduces_what_is_reserved() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("5", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "3").await.remove(0);
    let allocation = allocated(&cast, (&id, &tractors), &family, "3").await;
    let path = format!("/v1/allocations/{allocation}/deliveries");
    cast.second.post(&path, &handover("1", &family.beneficiary_id.to_string())).await.expect(201);
    let of_line = cast.trail(&id).await["lines"][0].clone();
    assert_eq!(
        (&of_line["reserved"], &of_line["delivered"], &of_line["free"]),
        (&json!("2"), &json!("1"), &json!("2"))
    );
    let release = json!({ "reason": "Cukup satu" });
    cast.first.post(&format!("/v1/allocations/{allocation}/releases"), &release).await.expect(200);
    let of_line = cast.trail(&id).await["lines"][0].clone();
    assert_eq!(
        (&of_line["reserved"], &of_line["delivered"], &of_line["free"]),
        (&json!("0"), &json!("1"), &json!("4"))
    );
}

/// Source: Shelf-nu/shelf.nu PR #2769.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_free_is_the_same_number_everywhere() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("9", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "2").await.remove(0);
    allocated(&cast, (&id, &tractors), &family, "2").await;
    let lost = json!({ "reason": "Hilang", "pledge_line_id": tractors, "quantity": "3", "site": "Gudang" });
    cast.decided(&id, "losses", &lost).await;
    assert_eq!(cast.trail(&id).await["lines"][0]["free"], "4");
    let accounts = cast.first.get(&format!("/v1/ledger/accounts?owner_id={tractors}&kind=stock")).await.expect(200);
    assert_eq!(accounts.body["items"][0]["balance"], "4");
    assert_eq!(cast.run(&id, true).await.expect(200).body["lines"][0]["free_quantity"], "4");
    let pack = cast.company.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    let document = cast.company.get(pack.header("location")).await.expect(200).body["document"].clone();
    let table = &document["groups"][3]["tables"][0];
    let column = table["columns"].as_array().unwrap().iter().position(|column| column["code"] == "free").unwrap();
    assert_eq!(table["rows"][0]["cells"][column], "4");
    let ask = json!({ "reason": "x", "pledge_line_id": tractors, "quantity": "5" });
    let refused = cast.propose(&cast.first, &id, "refunds", &ask).await.expect_problem(409, "not_enough_left");
    assert!(refused.text.contains("4 unit free"), "{}", refused.text);
}

/// Source: planningcenter/developers #1185.
#[tokio::test(flavor = "multi_thread")]
async fn goods_are_pledged_and_received_in_their_own_unit() {
    let cast = Cast::new().await;
    let pledge = json!({ "title": "Beras", "year": 2026, "lines": [line("rice", "120.5", &[HAMBAU])] });
    let pledge = cast.committed(&pledge).await;
    let receipt = cast.receive(&pledge.id(), &line_id(&pledge, 0), "20.25").await.expect(201);
    assert_eq!((&receipt.body["quantity"], &receipt.body["outstanding"]), (&json!("20.25"), &json!("100.25")));
    let of_line = cast.trail(&pledge.id()).await["lines"][0].clone();
    assert_eq!((&of_line["unit"], &of_line["free"]), (&json!("kg"), &json!("20.25")));
}

/// Source: OCA/donation #56 and GratefulGarmentProject/StockAid #431.
#[tokio::test(flavor = "multi_thread")]
async fn goods_have_a_receipt_by_quantity_and_a_value_with_its_basis() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("2", &[HAMBAU]).await;
    let receipts = cast.company.get(&format!("/v1/pledges/{id}/receipts")).await.expect(200).body;
    assert_eq!(receipts["items"][0]["handover_number"], "BAST/1");
    assert!(!receipts.to_string().contains("rupiah"), "the minutes count goods");
    let line = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).body["lines"][0].clone();
    assert_eq!(
        (&line["unit_value_rupiah"], &line["valuation_basis"]),
        (&json!(1_000_000), &json!("acquisition_value"))
    );
    assert_eq!(line["id"], json!(tractors));
}

/// Source: sheltermanager/asm3 PR #2054.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_donation_was_spent_on_is_counted_once() {
    let cast = Cast::new().await;
    let (one, of_one) = cast.stocked("2", &[HAMBAU]).await;
    let (two, _) = cast.stocked("2", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let allocation = allocated(&cast, (&one, &of_one), &family, "1").await;
    let path = format!("/v1/allocations/{allocation}/deliveries");
    let member = family.beneficiary_id.to_string();
    cast.second.post(&path, &handover("1", &member)).await.expect(201);
    cast.second.post(&path, &handover("1", &member)).await.expect_problem(409, "allocation_not_reserved");
    let delivered = |trail: Value| trail["lines"][0]["delivered"].clone();
    assert_eq!((delivered(cast.trail(&one).await), delivered(cast.trail(&two).await)), (json!("1"), json!("0")));
}

/// Source: factn/resilience-app #391.
#[tokio::test(flavor = "multi_thread")]
async fn a_handover_needs_a_proof() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("1", &[HAMBAU]).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let allocation = allocated(&cast, (&id, &tractors), &family, "1").await;
    let path = format!("/v1/allocations/{allocation}/deliveries");
    let mut bare = handover("1", &family.beneficiary_id.to_string());
    bare.as_object_mut().unwrap().remove("proof_digest");
    let refused = cast.second.post(&path, &bare).await.expect(422);
    assert!(refused.text.contains("proof_digest"), "{}", refused.text);
    assert_eq!(cast.trail(&id).await["lines"][0]["delivered"], "0");
}
