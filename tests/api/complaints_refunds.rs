//! What users of other systems complain of: money and goods given back that are counted on, or gone without a trace.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{Cast, HAMBAU, KELEKAT, handover, line, line_id};

fn refund(line: &str, quantity: &str) -> Value {
    json!({ "reason": "Tidak sesuai", "pledge_line_id": line, "quantity": quantity })
}

fn loss(line: &str, quantity: &str) -> Value {
    json!({ "reason": "Banjir", "pledge_line_id": line, "quantity": quantity, "site": "Gudang kecamatan" })
}

fn of<'a>(trail: &'a Value, step: &str) -> &'a Value {
    &trail["lines"][0][step]
}

/// Source: opencollective/opencollective #968.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_taken_out_of_the_totals() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    cast.decided(&id, "refunds", &refund(&tractors, "3")).await;
    let trail = cast.trail(&id).await;
    for (step, expected) in [("received", "10"), ("free", "7"), ("returned", "3"), ("lost", "0"), ("delivered", "0")] {
        assert_eq!(of(&trail, step), expected, "{step}");
    }
    cast.assert_sums().await;
}

/// Source: opencollective/opencollective #2265.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_taken_out_of_the_balance() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    cast.decided(&id, "refunds", &refund(&tractors, "3")).await;
    let accounts = cast.first.get(&format!("/v1/ledger/accounts?owner_id={tractors}&limit=50")).await.expect(200).body;
    let balance = |kind: &str| {
        accounts["items"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()["balance"].clone()
    };
    assert_eq!((balance("stock"), balance("returned")), (json!("7"), json!("3")));
}

/// Source: opencollective/opencollective #2354.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_back_cannot_be_allocated() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("1", &[HAMBAU]).await;
    cast.decided(&id, "refunds", &refund(&tractors, "1")).await;
    let family = cast.app.needy_families(HAMBAU, 1, "hand_tractor", "1").await.remove(0);
    let body = json!({ "pledge_line_id": tractors, "need_id": family.need_id, "quantity": "1" });
    let refused = cast.first.post(&format!("/v1/pledges/{id}/allocations"), &body).await;
    refused.expect_problem(409, "not_enough_left");
}

/// Source: opencollective/opencollective #2679 and #4814.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_stands_in_the_evidence() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let decision = cast.decided(&id, "refunds", &refund(&tractors, "3")).await;
    let pack = cast.company.post(&format!("/v1/pledges/{id}/evidence-packs"), &json!({})).await.expect(201);
    let document = cast.company.get(pack.header("location")).await.expect(200).body["document"].clone();
    let quantities = &document["groups"][3]["tables"][0];
    let column = |code: &str| {
        quantities["columns"].as_array().unwrap().iter().position(|column| column["code"] == code).unwrap()
    };
    let cells = &quantities["rows"][0]["cells"];
    assert_eq!((&cells[column("returned")], &cells[column("free")]), (&json!("3"), &json!("7")));
    let decisions = &document["groups"][15]["tables"][1]["rows"];
    assert_eq!((&decisions[0]["cells"][0], &decisions[0]["cells"][1]), (&decision.body["id"], &json!("refund")));
}

/// Source: opencollective/opencollective #7969.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_of_all_that_is_free_is_not_blocked_by_what_is_elsewhere() {
    let cast = Cast::new().await;
    let (other, _) = cast.stocked("5", &[HAMBAU]).await;
    cast.propose(
        &cast.company,
        &other,
        "amendments",
        &json!({ "reason": "x", "new_lines": [line("rice", "9", &[HAMBAU])] }),
    )
    .await
    .expect(201);
    let pledge =
        cast.committed(&json!({ "title": "T", "year": 2026, "lines": [line("hand_tractor", "10", &[HAMBAU])] })).await;
    let (id, tractors) = (pledge.id(), line_id(&pledge, 0));
    cast.receive(&id, &tractors, "4").await.expect(201);
    cast.decided(&id, "refunds", &refund(&tractors, "4")).await;
    let trail = cast.trail(&id).await;
    assert_eq!(
        (of(&trail, "free"), of(&trail, "outstanding"), of(&trail, "returned")),
        (&json!("0"), &json!("6"), &json!("4"))
    );
    let refused = cast.propose(&cast.first, &id, "refunds", &refund(&tractors, "1")).await;
    let refused = refused.expect_problem(409, "not_enough_left");
    assert!(refused.text.contains("0 unit free, 1 asked"), "{}", refused.text);
}

/// Source: Giveth/giveth-dapp #681 and #721.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_back_is_seen_to_go_back_to_the_company_that_gave_it() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let decision = cast.decided(&id, "refunds", &refund(&tractors, "3")).await;
    assert_eq!(decision.body["company_id"], json!(cast.company_id));
    let trail = cast.trail(&id).await;
    let movement = trail["movements"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&movement["from"], &movement["to"], &movement["code"]),
        (&json!("stock"), &json!("returned"), &json!("return"))
    );
    assert_eq!((&movement["id"], &movement["pledge_line_id"]), (&decision.body["transfer_ids"][0], &json!(tractors)));
    let seen = cast.company.get(&format!("/v1/pledge-decisions/{}", decision.id())).await.expect(200);
    assert_eq!(seen.body, decision.body);
}

/// Source: Giveth/giveth-dapp #1285 and #1323.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_pledge_says_where_everything_went() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let more = json!({ "reason": "Tambahan", "lines": [{ "pledge_line_id": tractors, "quantity": "16" }] });
    cast.amended(&id, &more).await;
    cast.decided(&id, "refunds", &refund(&tractors, "3")).await;
    cast.decided(&id, "losses", &loss(&tractors, "2")).await;
    cast.propose(&cast.company, &id, "cancellations", &json!({ "reason": "Berhenti" })).await.expect(201);
    let trail = cast.trail(&id).await;
    let expected = [
        ("promised", "16"),
        ("committed", "16"),
        ("outstanding", "0"),
        ("received", "10"),
        ("free", "5"),
        ("returned", "3"),
        ("lost", "2"),
        ("cancelled", "6"),
        ("written_off", "0"),
    ];
    for (step, quantity) in expected {
        assert_eq!(of(&trail, step), quantity, "{step}");
    }
    cast.assert_sums().await;
}

/// Source: Giveth/giveth-dapp #24.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_puts_a_quantity_back_to_where_it_came_from_and_names_the_first() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let wrong = cast.decided(&id, "refunds", &refund(&tractors, "3")).await.body["transfer_ids"][0].clone();
    let correction = json!({ "reason": "Salah catat", "transfer_id": wrong });
    let corrected = cast.decided(&id, "corrections", &correction).await;
    let trail = cast.trail(&id).await;
    assert_eq!((of(&trail, "free"), of(&trail, "returned")), (&json!("10"), &json!("0")));
    let movement = trail["movements"].as_array().unwrap().last().unwrap();
    assert_eq!((&movement["corrects_id"], &movement["id"]), (&wrong, &corrected.body["transfer_ids"][0]));
    assert_eq!((&movement["from"], &movement["to"]), (&json!("returned"), &json!("stock")));
    let again = cast.propose(&cast.first, &id, "corrections", &correction).await.expect(201);
    cast.agree(&cast.second, &again).await.expect_problem(409, "transfer_corrected");
    let of_first = trail["movements"][0]["id"].clone();
    let refused =
        cast.propose(&cast.first, &id, "corrections", &json!({ "reason": "x", "transfer_id": of_first })).await;
    refused.expect_problem(409, "transfer_not_correctable");
    cast.assert_sums().await;
}

/// Source: yuriytkach/fundraiser-tracker #236, PalisadoesFoundation/talawa-api PR #4075.
#[tokio::test(flavor = "multi_thread")]
async fn two_decisions_at_once_lose_no_update() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("3", &[HAMBAU]).await;
    let given = cast.propose(&cast.first, &id, "refunds", &refund(&tractors, "2")).await.expect(201);
    let lost = cast.propose(&cast.first, &id, "losses", &loss(&tractors, "2")).await.expect(201);
    let (one, two) = join(cast.agree(&cast.second, &given), cast.agree(&cast.second, &lost)).await;
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let trail = cast.trail(&id).await;
    assert_eq!(of(&trail, "free"), "1");
    let late = if one.status.as_u16() == 409 { given } else { lost };
    let still = cast.first.get(&format!("/v1/pledge-decisions/{}", late.id())).await.expect(200);
    assert_eq!(still.body["status"], "proposed");
    cast.assert_sums().await;
}

/// Source: impress-org/givewp #701.
#[tokio::test(flavor = "multi_thread")]
async fn an_earmark_is_kept_line_by_line_and_changes_with_consent_only() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let body = json!({ "reason": "Desa sudah terpenuhi", "pledge_line_id": tractors, "quantity": "4",
                       "village_codes": [KELEKAT] });
    let proposed = cast.propose(&cast.first, &id, "reallocations", &body).await.expect(201);
    cast.agree(&cast.second, &proposed).await.expect_problem(409, "second_person_needed");
    let agreed = cast.agree(&cast.company, &proposed).await.expect(200);
    assert_eq!(agreed.body["decided_by"], json!(cast.company.id));
    let terms = &agreed.body["terms"];
    assert_eq!((&terms["former_village_codes"], &terms["village_codes"]), (&json!([HAMBAU]), &json!([KELEKAT])));
    let lines = cast.company.get(&format!("/v1/pledges/{id}")).await.expect(200).body["lines"].clone();
    assert_eq!((&lines[0]["village_codes"], &lines[1]["village_codes"]), (&json!([HAMBAU]), &json!([KELEKAT])));
    assert_eq!((&lines[1]["origin"], &lines[1]["source_line_id"]), (&json!("reallocated"), &json!(tractors)));
    let trail = cast.trail(&id).await;
    for (index, quantity) in [(0, "6"), (1, "4")] {
        for step in ["promised", "committed", "received", "free"] {
            assert_eq!(trail["lines"][index][step], quantity, "{step} of {index}");
        }
    }
    let there = cast.app.needy_families(KELEKAT, 1, "hand_tractor", "1").await.remove(0);
    let allocate = |line: Value| json!({ "pledge_line_id": line, "need_id": there.need_id, "quantity": "1" });
    let path = format!("/v1/pledges/{id}/allocations");
    let refused = cast.first.post(&path, &allocate(json!(tractors))).await;
    refused.expect_problem(409, "need_outside_earmark");
    cast.first.post(&path, &allocate(lines[1]["id"].clone())).await.expect(201);
    cast.assert_sums().await;
}

/// Source: Giveth/giveth-dapp #467.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_sent_twice_counts_once() {
    let cast = Cast::new().await;
    let (id, tractors) = cast.stocked("10", &[HAMBAU]).await;
    let proposed = cast.propose(&cast.first, &id, "refunds", &refund(&tractors, "3")).await.expect(201);
    let path = format!("/v1/pledge-decisions/{}/agreements", proposed.id());
    let one = cast.second.post_keyed(&path, "sekali-saja", &json!({})).await.expect(200);
    let two = cast.second.post_keyed(&path, "sekali-saja", &json!({})).await.expect(200);
    assert_eq!((&one.body, two.header("idempotency-replayed")), (&two.body, "true"));
    cast.second.post(&path, &json!({})).await.expect_problem(409, "pledge_decision_decided");
    assert_eq!(of(&cast.trail(&id).await, "returned"), "3");
    assert_eq!(cast.app.audited("agree_to_pledge_decision").await, 2, "the decision and the pledge");
}
