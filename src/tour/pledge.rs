//! Step 6: a company's promise becomes tools and training in verified families' hands.

use std::io::Write;

use serde_json::{Value, json};

use super::player::{Player, Told, check};
use super::{COMPANY, KECAMATAN, PROOF, SECOND_OFFICER};

/// The two villages of the pledge.
const VILLAGES: [&str; 2] = ["64.02.10.2003", "64.02.10.2004"];

/// From the needs list to the trail.
pub(super) async fn keep<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("A company pledges 200 hand tractors and 40 training seats, and follows them")?;
    let needs = player.get(COMPANY, "/v1/needs?kind=hand_tractor").await?;
    for need in needs.items().iter().take(3) {
        player.teller.shows(&need.to_string())?;
    }
    let (pledge, lines) = promise(player).await?;
    for who in [KECAMATAN, SECOND_OFFICER] {
        player.command(who, &format!("/v1/pledges/{pledge}/acceptances"), &json!({})).await?;
    }
    player.teller.shows("two officers accepted: the promise is a commitment in the ledger")?;
    receive(player, &pledge, &lines).await?;
    hand_over(player, &pledge).await?;
    let trail = player.get(COMPANY, &format!("/v1/pledges/{pledge}/trail")).await?;
    for line in trail.body.get("lines").and_then(Value::as_array).into_iter().flatten() {
        player.teller.shows(&line.to_string())?;
    }
    check(!trail.body.to_string().contains("Contoh"), "the trail holds a name")
}

async fn promise<W: Write>(player: &mut Player<W>) -> Told<(String, Vec<Value>)> {
    let draft = json!({
        "title": "Alat dan pelatihan 2026", "year": 2026,
        "lines": [
            { "kind": "hand_tractor", "quantity": "200", "unit_value_rupiah": 18_000_000,
              "valuation_basis": "acquisition_value", "village_codes": VILLAGES },
            { "kind": "training_seat", "quantity": "40", "unit_value_rupiah": 2_500_000,
              "valuation_basis": "acquisition_value", "village_codes": VILLAGES },
        ],
    });
    let made = player.post(COMPANY, "/v1/pledges", &draft).await?;
    let pledge = made.text("/id");
    let lines = made.body.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    player.command(COMPANY, &format!("/v1/pledges/{pledge}/submissions"), &json!({})).await?;
    Ok((pledge, lines))
}

async fn receive<W: Write>(player: &mut Player<W>, pledge: &str, lines: &[Value]) -> Told {
    for (index, line) in lines.iter().enumerate() {
        let receipt = json!({
            "pledge_line_id": line.get("id"), "quantity": line.get("quantity"), "received_on": "2026-11-10",
            "handover_number": format!("BAST/CSR/2026/{:03}", index + 1),
        });
        player.post(KECAMATAN, &format!("/v1/pledges/{pledge}/receipts"), &receipt).await?;
    }
    Ok(())
}

async fn hand_over<W: Write>(player: &mut Player<W>, pledge: &str) -> Told {
    let runs = format!("/v1/pledges/{pledge}/allocation-runs");
    let run = player.post(KECAMATAN, &runs, &json!({})).await?;
    player.teller.shows(&format!("allocated by need: {}", run.text("/lines")))?;
    let reserved = player.get(KECAMATAN, &format!("/v1/allocations?pledge_id={pledge}&limit=200")).await?;
    let mut handed_over = 0;
    for allocation in reserved.items().iter().take(10) {
        let id = allocation.get("id").and_then(Value::as_str).unwrap_or_default();
        let family = allocation.get("beneficiary_id").and_then(Value::as_str).unwrap_or_default();
        let members = player.get(KECAMATAN, &format!("/v1/beneficiaries/{family}/members")).await?;
        handed_over += 1;
        let delivery = json!({
            "quantity": allocation.get("quantity"), "delivered_on": "2026-11-18",
            "collector_member_id": members.text("/items/0/id"),
            "handover_number": format!("BAST/ALAT/2026/{handed_over:03}"),
            "proof_digest": PROOF, "proof_media_type": "image/jpeg",
        });
        // Who allocated it does not say that it was handed over.
        player.post(SECOND_OFFICER, &format!("/v1/allocations/{id}/deliveries"), &delivery).await?;
    }
    check(handed_over == 10, "fewer than ten allocations were made")
}
