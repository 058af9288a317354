//! Proposing decisions, agreeing to them, refusing them and taking them back: each inside a transaction, with audit rows and events.
//!
//! The pledge is locked first and held: nothing of it is received, allocated or handed over meanwhile, so that what the
//! ledger says when a decision takes effect is what it is about.

mod effects;
mod terms;

use serde_json::json;

pub(super) use terms::Proposal;

use self::effects::Effect;
use super::model::{DecisionStatus, PledgeDecision};
use super::queries;
use super::rules;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Document, Note, PledgeDecisionId, PledgeId};
use crate::error::Result;
use crate::events::{self, NewEvent};
use crate::ledger::{self, Group, Posting};
use crate::pledges::actions::{Told, store};
use crate::pledges::model::{Pledge, PledgeLine, PledgeRow, PledgeStatus, Reasoned};
use crate::pledges::queries as pledges;
use crate::pledges::rules::{Side, allow};

/// Proposes a decision; where one person is enough, it takes effect at once.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `pledge_decision_pending`, and what its kind forbids.
pub(super) async fn propose(
    conn: &Conn,
    caller: &Caller,
    id: PledgeId,
    proposal: &Proposal<'_>,
) -> Result<PledgeDecision> {
    let pledge = pledges::lock(conn, &caller.scope, id).await?;
    let kind = proposal.kind();
    allow(pledge.status, kind.command(), Side::of(&caller.scope))?;
    let lines = pledges::lines(conn, &[id]).await?;
    let terms = Document(terms::of(conn, caller, (&pledge, &lines), proposal).await?);
    let now = db::now();
    let decision = PledgeDecision {
        id: PledgeDecisionId::new(),
        pledge_id: id,
        company_id: pledge.company_id,
        area_id: pledge.area_id,
        kind,
        status: DecisionStatus::Proposed,
        reason: proposal.reason().clone(),
        terms,
        transfer_ids: Vec::new(),
        proposed_by: caller.client_id.clone(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        created_at: now,
        updated_at: now,
    };
    if kind.needs_nobody_else() {
        return conclude(conn, caller, (pledge, lines), (kind.operation(), None, decision)).await;
    }
    queries::insert(conn, &decision).await?;
    tell(conn, caller, (kind.operation(), "pledge_decision.proposed"), None, &decision).await?;
    Ok(decision)
}

/// Agrees to a decision as the second person: it takes effect.
///
/// # Errors
/// `not_found`, `pledge_decision_decided`, `second_person_needed`, `command_not_possible`, `pledge_decision_stale`,
/// `not_enough_left`, and what its kind forbids.
pub(super) async fn agree(conn: &Conn, caller: &Caller, id: PledgeDecisionId) -> Result<PledgeDecision> {
    let (pledge, before) = hold(conn, caller, id).await?;
    allow(pledge.status, before.kind.command(), rules::proposer(before.kind))?;
    let lines = pledges::lines(conn, &[pledge.id]).await?;
    let decision = PledgeDecision { decided_by: Some(caller.client_id.clone()), ..before.clone() };
    conclude(conn, caller, (pledge, lines), ("agree_to_pledge_decision", Some(&before), decision)).await
}

/// Refuses a decision as the second person: it never takes effect.
///
/// # Errors
/// `not_found`, `pledge_decision_decided`, `second_person_needed`.
pub(super) async fn refuse(
    conn: &Conn,
    caller: &Caller,
    id: PledgeDecisionId,
    refusal: &Reasoned,
) -> Result<PledgeDecision> {
    let (_, before) = hold(conn, caller, id).await?;
    let after = ended(&before, DecisionStatus::Refused, caller, &refusal.reason);
    queries::decide(conn, &after).await?;
    tell(conn, caller, ("refuse_pledge_decision", "pledge_decision.refused"), Some(&before), &after).await?;
    Ok(after)
}

/// Takes a proposal back, by the side that made it: it never takes effect.
///
/// # Errors
/// `not_found`, `pledge_decision_decided`, `insufficient_scope` for the other side.
pub(super) async fn withdraw(
    conn: &Conn,
    caller: &Caller,
    id: PledgeDecisionId,
    withdrawal: &Reasoned,
) -> Result<PledgeDecision> {
    let (pledge, before) = hold_any(conn, caller, id).await?;
    rules::check_waiting(&before, pledge.status, &caller.scope)?;
    rules::check_proposer(&before, &caller.scope)?;
    let after = ended(&before, DecisionStatus::Withdrawn, caller, &withdrawal.reason);
    queries::decide(conn, &after).await?;
    tell(conn, caller, ("withdraw_pledge_decision", "pledge_decision.withdrawn"), Some(&before), &after).await?;
    Ok(after)
}

/// Takes back what waits for a second person when its pledge is closed.
async fn withdraw_waiting(conn: &Conn, caller: &Caller, id: PledgeId, reason: &Note) -> Result<()> {
    for before in queries::waiting(conn, id).await? {
        let after = ended(&before, DecisionStatus::Withdrawn, caller, reason);
        queries::decide(conn, &after).await?;
        tell(conn, caller, ("end_pledge_decision", "pledge_decision.withdrawn"), Some(&before), &after).await?;
    }
    Ok(())
}

/// A decision that never takes effect.
fn ended(before: &PledgeDecision, status: DecisionStatus, caller: &Caller, reason: &Note) -> PledgeDecision {
    let now = db::now();
    PledgeDecision {
        status,
        decided_by: Some(caller.client_id.clone()),
        decided_at: Some(now),
        decision_reason: Some(reason.clone()),
        updated_at: now,
        ..before.clone()
    }
}

/// Locks the pledge of a decision that the caller may decide; of two at once the second finds it decided.
async fn hold(conn: &Conn, caller: &Caller, id: PledgeDecisionId) -> Result<(PledgeRow, PledgeDecision)> {
    let (pledge, decision) = hold_any(conn, caller, id).await?;
    rules::check_waiting(&decision, pledge.status, &caller.scope)?;
    rules::check_second_person(&decision, &caller.scope, &caller.client_id)?;
    Ok((pledge, decision))
}

async fn hold_any(conn: &Conn, caller: &Caller, id: PledgeDecisionId) -> Result<(PledgeRow, PledgeDecision)> {
    let decision = queries::find(conn, &caller.scope, id).await?;
    let pledge = pledges::lock(conn, &caller.scope, decision.pledge_id).await?;
    Ok((pledge, queries::find(conn, &caller.scope, id).await?))
}

/// Lets a decision take effect: the pledge gets its next version, and the quantities move last.
async fn conclude(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (PledgeRow, Vec<PledgeLine>),
    (operation, before, decision): (&'static str, Option<&PledgeDecision>, PledgeDecision),
) -> Result<PledgeDecision> {
    let effect = effects::prepare(conn, caller, (&pledge, &lines), &decision).await?;
    let now = db::now();
    let after = PledgeDecision {
        status: DecisionStatus::Agreed,
        transfer_ids: effect.transfer_ids(),
        decided_at: Some(now),
        updated_at: now,
        ..decision
    };
    match before {
        Some(_) => queries::decide(conn, &after).await?,
        None => queries::insert(conn, &after).await?,
    }
    tell(conn, caller, (operation, "pledge_decision.agreed"), before, &after).await?;
    if effect.status == PledgeStatus::Closed {
        withdraw_waiting(conn, caller, pledge.id, &after.reason).await?;
    }
    let was = Pledge::of(pledge.clone(), lines);
    let row = PledgeRow { status: effect.status, ..pledge };
    let lines = pledges::lines(conn, &[row.id]).await?;
    store(conn, caller, Told { operation, event: after.kind.event() }, (row.clone(), lines), &was).await?;
    post(conn, caller, &row, &effect).await?;
    Ok(after)
}

async fn post(conn: &Conn, caller: &Caller, pledge: &PledgeRow, effect: &Effect) -> Result<()> {
    let posting = Posting {
        area_id: pledge.area_id,
        group: Group::Pledge(pledge.id),
        client_id: &caller.client_id,
        at: db::now(),
    };
    for (id, corrects_id) in &effect.corrections {
        ledger::correct(conn, posting, *id, *corrects_id).await?;
    }
    if effect.transfers.is_empty() { Ok(()) } else { ledger::post(conn, posting, &effect.transfers).await }
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&PledgeDecision>,
    after: &PledgeDecision,
) -> Result<()> {
    let write = audit::Write::of(operation, "pledge_decisions", after.id.0, after.area_id);
    let write = audit::Write { company_id: Some(after.company_id), ..write };
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "pledge_decisions",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: Some(after.company_id),
        data: json!({
            "pledge_id": after.pledge_id, "kind": after.kind, "status": after.status,
            "transfer_ids": after.transfer_ids,
        }),
    };
    events::emit(conn, event).await
}
