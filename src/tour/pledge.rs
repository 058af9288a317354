//! Step 6: a company's promise becomes tools and training in verified families' hands.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::{Value, json};

use super::player::{Player, Told, check};
use super::{COMPANY, KECAMATAN, PROOF, SECOND_OFFICER};

/// The two villages of the pledge.
const VILLAGES: [&str; 2] = ["64.02.10.2003", "64.02.10.2004"];

/// Tractors that are handed over.
const HANDED_OVER: usize = 10;

/// From the needs list to the trail.
pub(super) async fn keep<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("A company pledges 200 hand tractors and 40 training seats, and follows them")?;
    needs(player).await?;
    let (pledge, lines) = promise(player).await?;
    for who in [KECAMATAN, SECOND_OFFICER] {
        player.command(who, &format!("/v1/pledges/{pledge}/acceptances"), &json!({})).await?;
    }
    player.teller.shows("two officers accepted: the promise is a commitment in the ledger")?;
    receive(player, &pledge, &lines).await?;
    let allocated = allocate(player, &pledge).await?;
    let tractors = lines.first().map(|line| text(line, "id")).unwrap_or_default();
    hand_over(player, &pledge, &tractors).await?;
    follow(player, &pledge, &allocated).await
}

/// The list that names nobody tells what the two villages lack.
async fn needs<W: Write>(player: &mut Player<W>) -> Told {
    let needs = player.get(COMPANY, "/v1/needs?kind=hand_tractor").await?;
    for need in needs.items().iter().take(3) {
        player.teller.shows(&need.to_string())?;
    }
    for village in VILLAGES {
        let cell = needs.items().iter().find(|cell| text(cell, "village_code") == village);
        let families = cell.and_then(|cell| cell.get("families_at_least")?.as_i64()).unwrap_or_default();
        check(families >= 5, &format!("the needs list tells of no tractors in {village}"))?;
    }
    check(!needs.body.to_string().contains("beneficiary_id"), "the needs list names families")
}

async fn promise<W: Write>(player: &mut Player<W>) -> Told<(String, Vec<Value>)> {
    let year = player.year();
    let draft = json!({
        "title": format!("Alat dan pelatihan {year}"), "year": year,
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
            "pledge_line_id": line.get("id"), "quantity": line.get("quantity"), "received_on": player.today,
            "handover_number": format!("BAST/CSR/{}/{:03}", player.year(), index + 1),
        });
        player.post(KECAMATAN, &format!("/v1/pledges/{pledge}/receipts"), &receipt).await?;
    }
    Ok(())
}

/// Reserves by need what was received; answers what the run tells of each line.
async fn allocate<W: Write>(player: &mut Player<W>, pledge: &str) -> Told<Vec<Value>> {
    let run = player.post(KECAMATAN, &format!("/v1/pledges/{pledge}/allocation-runs"), &json!({})).await?;
    player.teller.shows(&format!("allocated by need: {}", run.text("/lines")))?;
    Ok(run.body.get("lines").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// Hands ten of the tractors over, each to another family.
async fn hand_over<W: Write>(player: &mut Player<W>, pledge: &str, line: &str) -> Told {
    let reserved = player.get(KECAMATAN, &format!("/v1/allocations?pledge_id={pledge}&limit=200")).await?;
    let tractors = reserved.items().iter().filter(|one| text(one, "pledge_line_id") == line);
    let mut families = BTreeSet::new();
    for allocation in tractors.take(HANDED_OVER) {
        let family = text(allocation, "beneficiary_id");
        let members = player.get(KECAMATAN, &format!("/v1/beneficiaries/{family}/members")).await?;
        families.insert(family);
        let delivery = json!({
            "quantity": "1", "delivered_on": player.today, "collector_member_id": members.text("/items/0/id"),
            "handover_number": format!("BAST/ALAT/{}/{:03}", player.year(), families.len()),
            "proof_digest": PROOF, "proof_media_type": "image/jpeg",
        });
        // Who allocated it does not say that it was handed over.
        let address = format!("/v1/allocations/{}/deliveries", text(allocation, "id"));
        player.post(SECOND_OFFICER, &address, &delivery).await?;
    }
    check(families.len() == HANDED_OVER, "fewer than ten families got a tractor")
}

/// The company follows its promise: each figure is what the steps before did.
async fn follow<W: Write>(player: &mut Player<W>, pledge: &str, allocated: &[Value]) -> Told {
    let trail = player.get(COMPANY, &format!("/v1/pledges/{pledge}/trail")).await?;
    let lines = trail.body.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    for (kind, promised, delivered) in [("hand_tractor", "200", "10"), ("training_seat", "40", "0")] {
        let of_kind = |lines: &[Value]| lines.iter().find(|line| text(line, "kind") == kind).cloned();
        let line = of_kind(&lines).unwrap_or_default();
        player.teller.shows(&line.to_string())?;
        let of_run = of_kind(allocated).map(|line| text(&line, "allocated_quantity")).unwrap_or_default();
        check(!["", "0"].contains(&of_run.as_str()), &format!("no {kind} was allocated"))?;
        let figures = [
            ("promised", promised),
            ("committed", promised),
            ("received", promised),
            ("allocated", &of_run),
            ("delivered", delivered),
        ];
        for (name, figure) in figures {
            let told = text(&line, name);
            check(told == figure, &format!("{name} of {kind} is {told}, not {figure}"))?;
        }
        let reached = line.get("families_reached").map(Value::to_string).unwrap_or_default();
        check(reached == delivered, &format!("{reached} families were reached by {kind}, not {delivered}"))?;
    }
    check(!trail.body.to_string().contains("Contoh"), "the trail holds a name")
}

/// A member of a row as text.
fn text(row: &Value, name: &str) -> String {
    row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
