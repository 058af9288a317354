//! Step 5: BLT stops by order of a directive, and goes on.

use std::io::Write;

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};

use super::player::{Player, Told, check};
use super::{KECAMATAN, SECOND_OFFICER, VILLAGE};

/// Lays an order on the village-fund money, meets it, and releases what it kept back.
pub(super) async fn suspend<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("BLT is suspended by a cited directive, and released")?;
    let (program, cycle) = month_of_money(player).await?;
    let order = json!({
        "directive": { "title": "PMK tentang Dana Desa (contoh)", "number": "81/2025", "article": "29B",
                       "dated_on": "2025-11-19" },
        "reason": "Stage II waits for direction", "effective_from": "2026-01-01",
    });
    let orders = format!("/v1/programs/{program}/suspension-orders");
    let order = player.post(KECAMATAN, &orders, &order).await?.text("/id");
    let due = player.get(VILLAGE, &format!("/v1/entitlements?cycle_id={cycle}&limit=1")).await?;
    let family = due.text("/items/0/beneficiary_id");
    let members = player.get(VILLAGE, &format!("/v1/beneficiaries/{family}/members")).await?;
    let delivery = json!({
        "entitlement_id": due.text("/items/0/id"), "quantity": "300000", "delivered_on": player.today,
        "collector_member_id": members.text("/items/0/id"),
        "handover_number": "BAST/BLT/001",
    });
    let refused = player.refused(VILLAGE, "/v1/deliveries", &delivery, (409, "program_suspended")).await?;
    check(refused.text("/detail").contains("81/2025"), "the problem does not name the order")?;
    let held = player.get(KECAMATAN, &format!("/v1/suspension-orders/{order}")).await?;
    let shown =
        format!("held: {} rupiah of {} families", held.text("/holds/held_quantity"), held.text("/holds/held_count"));
    player.teller.shows(&shown)?;
    check(held.text("/holds/held_count") != "0", "the order holds nothing")?;
    let release = json!({ "outcome": "released", "reason": "Direction received" });
    player.command(SECOND_OFFICER, &format!("/v1/suspension-orders/{order}/releases"), &release).await?;
    player.post(VILLAGE, "/v1/deliveries", &delivery).await?;
    player.teller.shows("released: the same delivery is taken now")?;
    Ok(())
}

/// A month of BLT with an approved list, from the sandbox's program.
async fn month_of_money<W: Write>(player: &mut Player<W>) -> Told<(String, String)> {
    let programs = player.get(KECAMATAN, "/v1/programs?is_of_state=true&limit=200").await?;
    let blt = programs.items().iter().find(|program| program.get("code").is_some_and(|code| code == "BLT-DD"));
    let program = blt.and_then(|program| program.get("id")?.as_str()).unwrap_or_default().to_owned();
    end_earlier_orders(player, &program).await?;
    let cycles = format!("/v1/programs/{program}/cycles");
    let month = free_month(player, &cycles).await?;
    let run = json!({ "decree_number": "141/01/2026", "village_codes": ["64.02.10.2003"], "started_on": month });
    let run = player.command(KECAMATAN, &format!("/v1/programs/{program}/enrollment-runs"), &run).await?;
    player.teller.shows(&format!("{} families enrolled in BLT", run.text("/enrolled")))?;
    let cycle = player.post(KECAMATAN, &cycles, &json!({ "period": month })).await?.text("/id");
    player.command(SECOND_OFFICER, &format!("/v1/cycles/{cycle}/approvals"), &json!({})).await?;
    Ok((program, cycle))
}

/// This month, or the one before where the sandbox has handed out the money of this one: it begins with a quarter.
async fn free_month<W: Write>(player: &mut Player<W>, cycles: &str) -> Told<NaiveDate> {
    let month = player.month();
    let listed = player.get(KECAMATAN, &format!("{cycles}?period={month}")).await?;
    Ok(if listed.items().is_empty() { month } else { month - Months::new(1) })
}

/// The sandbox comes with an order in force: this story lays its own.
async fn end_earlier_orders<W: Write>(player: &mut Player<W>, program: &str) -> Told {
    let orders = player.get(KECAMATAN, &format!("/v1/programs/{program}/suspension-orders?status=in_force")).await?;
    for order in orders.items() {
        let id = order.get("id").and_then(Value::as_str).unwrap_or_default();
        let release = json!({ "outcome": "released", "reason": "Superseded" });
        player.command(SECOND_OFFICER, &format!("/v1/suspension-orders/{id}/releases"), &release).await?;
    }
    Ok(())
}
