//! Step 7: each write of the story left its audit row, and each step its events.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde_json::Value;

use super::player::{Player, Told, check};
use super::{AUDITOR, COMPANY, KECAMATAN};

/// What each step of the story wrote, by the names of its operations, and the events that it left, in their order.
const STORY: [(&[&str], &[&str]); 6] = [
    (&["start_import"], &["import.uploaded", "import.applied"]),
    (&["register_beneficiary", "update_member"], &["beneficiary.registered", "member.updated"]),
    (&["define_program", "add_rule_set"], &["program.defined", "rule_set.added"]),
    (
        &["enrol_eligible_beneficiaries", "open_cycle", "approve_cycle", "record_delivery"],
        &["program.families_enrolled", "cycle.opened", "cycle.approved", "delivery.recorded"],
    ),
    (
        &[
            "release_suspension_order",
            "enrol_eligible_beneficiaries",
            "open_cycle",
            "approve_cycle",
            "lay_suspension_order",
            "record_delivery",
        ],
        &[
            "program.families_enrolled",
            "cycle.opened",
            "cycle.approved",
            "suspension_order.laid",
            "suspension_order.released",
            "delivery.recorded",
        ],
    ),
    (
        &["draft_pledge", "submit_pledge", "accept_pledge", "record_receipt", "run_allocation", "deliver_allocation"],
        &[
            "pledge.drafted",
            "pledge.submitted",
            "pledge.accepted_first",
            "pledge.committed",
            "pledge.received",
            "pledge.received",
            "pledge.allocated",
            "pledge.allocated",
            "pledge.delivered",
        ],
    ),
];

/// Where the feed stands before the story begins: what the sandbox told is no part of it.
pub(super) async fn position<W: Write>(player: &mut Player<W>) -> Told<String> {
    Ok(feed(player, KECAMATAN, "0").await?.1)
}

/// Reads the feed from where the story began, and the auditor's records.
pub(super) async fn replay<W: Write>(player: &mut Player<W>, began_after: &str) -> Told {
    player.teller.chapter("The event feed replays the story, and the auditor sees who did what")?;
    let (told, _) = feed(player, KECAMATAN, began_after).await?;
    // Each step is looked for after the one before.
    let mut later = told.iter();
    let story: Vec<&str> = STORY.iter().flat_map(|(_, kinds)| *kinds).copied().collect();
    let missing: Vec<&str> = story.iter().filter(|kind| !later.any(|one| one == *kind)).copied().collect();
    check(missing.is_empty(), &format!("the feed does not tell {missing:?} in this order"))?;
    player.teller.shows(&story.join(" -> "))?;
    let (company, _) = feed(player, COMPANY, "0").await?;
    let company: BTreeSet<String> = company.into_iter().collect();
    let foreign = company.iter().any(|kind| kind.starts_with("beneficiary") || kind.starts_with("delivery"));
    check(!foreign, "the company's feed tells of families")?;
    check(company.contains("pledge.delivered"), "the company's feed does not tell of its pledge")?;
    player.teller.shows(&format!("the company's own feed: {}", company.into_iter().collect::<Vec<_>>().join(", ")))?;
    audited(player).await
}

/// Each write that was sent has its audit row, found by the id of its request, and each step wrote what it tells.
async fn audited<W: Write>(player: &mut Player<W>) -> Told {
    let records = records(player).await?;
    let mut steps = BTreeMap::<u32, BTreeSet<&str>>::new();
    for write in player.writes.clone() {
        let operations = records.get(&write.request_id);
        check(operations.is_some(), &format!("{} left no audit row", write.request))?;
        steps.entry(write.chapter).or_default().extend(operations.into_iter().flatten().map(String::as_str));
    }
    for (chapter, (operations, _)) in (1..).zip(STORY) {
        let left = steps.remove(&chapter).unwrap_or_default();
        check(left == operations.iter().copied().collect(), &format!("step {chapter} left audit rows of {left:?}"))?;
        player.teller.shows(&format!("audit rows of step {chapter}: {}", operations.join(", ")))?;
    }
    check(steps.is_empty(), &format!("more than the story was written: {steps:?}"))
}

/// The operations of the audit rows about writes since the story began, by the ids of their requests.
async fn records<W: Write>(player: &mut Player<W>) -> Told<BTreeMap<String, BTreeSet<String>>> {
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    let first = format!("/v1/audit-records?sort=at&limit=200&from={}", player.began_at);
    let mut next = String::new();
    loop {
        let page = player.get(AUDITOR, &format!("{first}{next}")).await?;
        let writes = page.items().iter().filter(|record| !record.get("after_digest").is_none_or(Value::is_null));
        let text = |record: &Value, name: &str| Some(record.get(name)?.as_str()?.to_owned());
        for (request_id, operation) in
            writes.filter_map(|record| Some((text(record, "request_id")?, text(record, "operation")?)))
        {
            found.entry(request_id).or_default().insert(operation);
        }
        let cursor = page.text("/next");
        if cursor.is_empty() {
            return Ok(found);
        }
        next = format!("&cursor={cursor}");
    }
}

/// The kinds of events that a client sees after a position, in order, and the position of the last one.
async fn feed<W: Write>(player: &mut Player<W>, who: &str, begin: &str) -> Told<(Vec<String>, String)> {
    let (mut kinds, mut after) = (Vec::new(), begin.to_owned());
    loop {
        let page = player.get(who, &format!("/v1/events?after={after}&limit=200")).await?;
        let told = page.items().iter().filter_map(|event| event.get("type")?.as_str());
        kinds.extend(told.map(ToOwned::to_owned));
        let last = page.text("/last_position");
        if last == after {
            return Ok((kinds, after));
        }
        after = last;
    }
}
