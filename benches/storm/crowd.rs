//! One client of the crowd.

use serde_json::{Value, json};

use crate::ground::Ground;
use crate::officer::Officer;
use crate::retries::until_answered;
use crate::tally::Tally;

/// Something to ask for: its operation, path and body, and what it is about where the answer does not say.
type Command = (&'static str, String, Value, Option<String>);

pub(crate) fn command(client: &Officer, (number, commands): (usize, usize), ground: &Ground, tally: &Tally) {
    let mut draw = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..commands {
        draw ^= draw << 13;
        draw ^= draw >> 7;
        draw ^= draw << 17;
        let (operation, path, body, about) = choose(draw, ground, tally);
        let (status, told) = until_answered(client, (&path, &body), |told| tally.failed(told));
        let made = || serde_json::from_str::<Value>(&told).unwrap();
        let acknowledged = (200..300).contains(&status).then(|| match operation {
            "run_enrollment" => made()["enrolled"].to_string(),
            _ => about.unwrap_or_else(|| made()["id"].as_str().unwrap().to_owned()),
        });
        tally.answered(operation, acknowledged);
    }
}

fn choose(draw: u64, ground: &Ground, tally: &Tally) -> Command {
    let place = usize::try_from(draw >> 20).unwrap();
    let enrollment = &ground.enrollments[place % ground.enrollments.len()];
    let of_enrollment = |operation, step: &str, body| {
        (operation, format!("/v1/enrollments/{enrollment}/{step}"), body, Some(enrollment.clone()))
    };
    match draw % 64 {
        0 => {
            ("lay_suspension_order", format!("/v1/programs/{}/suspension-orders", ground.program), order(ground), None)
        }
        1..=4 => release(ground, tally),
        5..=15 => of_enrollment("suspend_enrollment", "suspensions", json!({ "reason": "Cuaca" })),
        16..=26 => of_enrollment("resume_enrollment", "resumptions", json!({})),
        27 => of_enrollment("exit_enrollment", "exits", json!({ "reason": "moved" })),
        28..=31 => {
            let family = &ground.families[place % ground.families.len()];
            let run = json!({ "decree_number": "140/9/2026", "include_exited": true, "beneficiary_ids": [family] });
            ("run_enrollment", format!("/v1/programs/{}/enrollment-runs", ground.program), run, None)
        }
        32..=41 => {
            let need = &ground.needs[place % ground.needs.len()];
            let new = json!({ "pledge_line_id": ground.line, "need_id": need, "quantity": "1" });
            ("allocate_to_need", format!("/v1/pledges/{}/allocations", ground.pledge), new, None)
        }
        42..=49 => of_allocation(place, ground, tally),
        _ => deliver(place, ground),
    }
}

fn deliver(place: usize, ground: &Ground) -> Command {
    let entitlement = &ground.entitlements[place % ground.entitlements.len()];
    let new = json!({
        "entitlement_id": entitlement, "quantity": "0.1", "delivered_on": ground.month,
        "power_of_attorney": "SK/9/2026", "receiver_name": "Contoh Kerabat", "handover_number": "BAST/BADAI/2026/002",
    });
    ("record_delivery", "/v1/deliveries".to_owned(), new, None)
}

fn of_allocation(place: usize, ground: &Ground, tally: &Tally) -> Command {
    let Some(allocation) = tally.allocation(place) else { return deliver(place, ground) };
    // Few are handed over: what is handed over cannot be fought over any more.
    if place.is_multiple_of(16) {
        let new = json!({
            "quantity": "1", "delivered_on": ground.month, "power_of_attorney": "SK/9/2026",
            "receiver_name": "Contoh Kerabat", "handover_number": "BAST/BADAI/2026/003",
            "proof_digest": "ab".repeat(32), "proof_media_type": "image/jpeg",
        });
        return ("deliver_allocation", format!("/v1/allocations/{allocation}/deliveries"), new, Some(allocation));
    }
    let why = json!({ "reason": "Cuaca" });
    ("release_allocation", format!("/v1/allocations/{allocation}/releases"), why, Some(allocation))
}

fn order(ground: &Ground) -> Value {
    json!({
        "directive": { "title": "Penundaan", "number": "PMK 81/2025", "article": "29B", "dated_on": "2025-11-19" },
        "reason": "Menunggu arahan", "effective_from": ground.month,
    })
}

fn release(ground: &Ground, tally: &Tally) -> Command {
    let Some(order) = tally.take_order() else { return deliver(1, ground) };
    let how = json!({ "reason": "Arahan sudah diterima", "outcome": "released" });
    ("release_suspension_order", format!("/v1/suspension-orders/{order}/releases"), how, Some(order))
}
