//! Deciding on a pair: inside a transaction, with audit row and event.

use serde_json::json;
use uuid::Uuid;

use super::model::{DecisionRow, DuplicatePair, NewPairDecision, PairStatus};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, DuplicatePairId};
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};

/// Records what somebody decided on a pair.
///
/// # Errors
/// `not_found`, `duplicate_pair_merged`.
pub(super) async fn decide(
    conn: &Conn,
    caller: &Caller,
    id: DuplicatePairId,
    new: &NewPairDecision,
) -> Result<DuplicatePair> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status == PairStatus::Merged {
        return Err(Code::DuplicatePairMerged.into());
    }
    let taken = DecisionRow {
        area_id: before.area_id,
        id: Uuid::now_v7(),
        pair_id: id,
        decision: new.decision,
        reason: new.reason.to_string(),
        finding: before.finding,
        centibits: before.centibits,
        client_id: caller.client_id.clone(),
        created_at: db::now(),
    };
    queries::insert_decision(conn, &taken).await?;
    let after = queries::decide(conn, &before, &taken).await?;
    let area_id = before.area_id;
    let (before, after) = (DuplicatePair::from(before), DuplicatePair::from(after));
    let write = audit::Write::of("decide_duplicate_pair", "duplicate_pairs", id.0, area_id);
    audit::record(conn, caller, write, Some(&before), Some(&after)).await?;
    let event = NewEvent {
        kind: "duplicate_pair.decided",
        subject: "duplicate_pairs",
        subject_id: id.0,
        area_id,
        company_id: None,
        data: json!({
            "decision": new.decision, "one_member_id": after.one_member_id, "other_member_id": after.other_member_id,
        }),
    };
    events::emit(conn, event).await?;
    Ok(after)
}
