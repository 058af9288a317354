//! Steps 3 and 4: a program with its rules, who is eligible and why, a month of rice.

use std::io::Write;

use serde_json::{Value, json};

use super::player::{Player, Told, check};
use super::{KECAMATAN, PROOF, SECOND_OFFICER, VILLAGE};

/// The rule of the program: ranked at most 4, in the district, not on PKH.
const RULE: &str = r#"family.decile <= 4 && family.district == "64.02.10" && !("PKH" in family.programs)"#;

/// What later steps need of the program.
pub(super) struct Rice {
    pub(super) program_id: String,
}

/// Defines the program and asks who is eligible.
pub(super) async fn define<W: Write>(player: &mut Player<W>) -> Told<Rice> {
    player.teller.chapter("The kecamatan defines \"bantuan beras\" and asks who is eligible")?;
    let program = json!({
        "code": "BERAS-TUR", "name": "Bantuan beras", "kind": "goods", "unit": "kg",
        "description": "10 kg of rice a month for poor families",
    });
    let program_id = player.post(KECAMATAN, "/v1/programs", &program).await?.text("/id");
    let rules_address = format!("/v1/programs/{program_id}/rule-sets");
    let wrong = rule_set("family.decile <= \"four\"");
    let refused = player.refused(KECAMATAN, &rules_address, &wrong, (422, "invalid_fields")).await?;
    player.teller.shows(&refused.text("/errors/0/detail"))?;
    player.post(KECAMATAN, &rules_address, &rule_set(RULE)).await?;
    let counts = player.get(KECAMATAN, &format!("/v1/programs/{program_id}/eligibility")).await?;
    for village in counts.body.get("villages").and_then(Value::as_array).into_iter().flatten() {
        player.teller.shows(&village.to_string())?;
    }
    let list = format!("/v1/programs/{program_id}/eligible-beneficiaries?limit=1&village_code=64.02.10.2003");
    let eligible = player.get(KECAMATAN, &list).await?.text("/items/0/beneficiary_id");
    let why = player.get(KECAMATAN, &format!("/v1/programs/{program_id}/eligibility/{eligible}")).await?;
    player.teller.shows(&format!("this family is eligible: {}", why.text("/is_eligible")))?;
    check(why.text("/is_eligible") == "true", "a family of the list is not eligible")?;
    let families = player.get(KECAMATAN, "/v1/beneficiaries?village_code=64.02.10.2003&limit=200").await?;
    let rich = families.items().iter().find(|family| family.get("decile").and_then(Value::as_i64) > Some(4));
    let rich = rich.and_then(|family| family.get("id")?.as_str()).unwrap_or_default().to_owned();
    let why_not = player.get(KECAMATAN, &format!("/v1/programs/{program_id}/eligibility/{rich}")).await?;
    player.teller.shows(&format!("that family is not, because: {}", why_not.text("/reasons")))?;
    check(why_not.text("/is_eligible") == "false", "a family ranked above 4 is eligible")?;
    Ok(Rice { program_id })
}

fn rule_set(eligibility: &str) -> Value {
    json!({
        "eligibility": eligibility, "benefit_quantity": "10", "benefit_period": "month",
        "legal_basis": { "title": "Keputusan Camat (contoh)", "number": "500/01/2026", "article": "2" },
        "effective_from": "2026-01-01",
    })
}

/// Enrols, opens a month, lets the second officer approve it, and hands rice over.
pub(super) async fn deliver<W: Write>(player: &mut Player<W>, rice: &Rice) -> Told {
    player.teller.chapter("A month of rice: enrolled, approved by a second officer, handed over")?;
    let run = json!({ "decree_number": "400/12/2026", "village_codes": ["64.02.10.2003"] });
    let run = player.command(KECAMATAN, &format!("/v1/programs/{}/enrollment-runs", rice.program_id), &run).await?;
    player.teller.shows(&format!("{} families enrolled", run.text("/enrolled")))?;
    let cycles = format!("/v1/programs/{}/cycles", rice.program_id);
    let period = json!({ "period": player.month() });
    let cycle = player.post(KECAMATAN, &cycles, &period).await?.text("/id");
    let approvals = format!("/v1/cycles/{cycle}/approvals");
    player.refused(KECAMATAN, &approvals, &json!({}), (409, "second_person_needed")).await?;
    let approved = player.command(SECOND_OFFICER, &approvals, &json!({})).await?;
    player.teller.shows(&format!("the list is frozen: {} entitlements", approved.text("/entitlement_count")))?;
    let due = player.get(VILLAGE, &format!("/v1/entitlements?cycle_id={cycle}&limit=1")).await?;
    let (entitlement, family) = (due.text("/items/0/id"), due.text("/items/0/beneficiary_id"));
    let members = player.get(VILLAGE, &format!("/v1/beneficiaries/{family}/members")).await?;
    let delivery = json!({
        "entitlement_id": entitlement, "quantity": "10", "delivered_on": player.today,
        "collector_member_id": members.text("/items/0/id"),
        "handover_number": "BAST/BERAS/001",
        "proof_digest": PROOF, "proof_media_type": "image/jpeg",
    });
    player.post(VILLAGE, "/v1/deliveries", &delivery).await?;
    player.teller.shows("10 kg handed over, with collector, minutes and the digest of the signed photo")?;
    player.refused(VILLAGE, "/v1/deliveries", &delivery, (409, "entitlement_used_up")).await?;
    Ok(())
}
