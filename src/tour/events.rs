//! Step 7: each step left an event and an audit row.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::Value;

use super::player::{Player, Told, check};
use super::{AUDITOR, COMPANY, KECAMATAN};

/// Events that the story must have left, in the order they first happened.
const STORY: [&str; 9] = [
    "import.applied",
    "beneficiary.registered",
    "program.defined",
    "cycle.approved",
    "delivery.recorded",
    "suspension_order.laid",
    "suspension_order.released",
    "pledge.committed",
    "pledge.delivered",
];

/// Reads the feed from its start and the auditor's records.
pub(super) async fn replay<W: Write>(player: &mut Player<W>) -> Told {
    player.teller.chapter("The event feed replays the story, and the auditor sees who did what")?;
    let told = feed(player, KECAMATAN).await?;
    // Each step is looked for after the one before: the sandbox may have told of some kinds already.
    let mut later = told.iter();
    let missing: Vec<&str> = STORY.into_iter().filter(|kind| !later.any(|one| one == kind)).collect();
    check(missing.is_empty(), &format!("the feed does not tell {missing:?} in this order"))?;
    player.teller.shows(&STORY.join(" -> "))?;
    let company: BTreeSet<String> = feed(player, COMPANY).await?.into_iter().collect();
    let foreign = company.iter().any(|kind| kind.starts_with("beneficiary") || kind.starts_with("delivery"));
    check(!foreign, "the company's feed tells of families")?;
    player.teller.shows(&format!("the company's own feed: {}", company.into_iter().collect::<Vec<_>>().join(", ")))?;
    let records = player.get(AUDITOR, "/v1/audit-records?limit=200").await?;
    let mut operations: Vec<&str> =
        records.items().iter().filter_map(|record| record.get("operation").and_then(Value::as_str)).collect();
    operations.sort_unstable();
    operations.dedup();
    player.teller.shows(&format!("audit rows of {}", operations.join(", ")))?;
    check(operations.len() > 3, "the audit records are missing")
}

/// All kinds of events that a client sees, in order.
async fn feed<W: Write>(player: &mut Player<W>, who: &str) -> Told<Vec<String>> {
    let (mut kinds, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let page = player.get(who, &format!("/v1/events?after={after}&limit=200")).await?;
        let told = page.items().iter().filter_map(|event| event.get("type")?.as_str());
        kinds.extend(told.map(ToOwned::to_owned));
        let last = page.text("/last_position");
        if last == after {
            return Ok(kinds);
        }
        after = last;
    }
}
