//! What a decision does to the lines and the ledger once it takes effect.

use super::terms::{balance, check_overdue};
use crate::db::Conn;
use crate::domain::{Caller, Document, PledgeLineId, Quantity, TransferId};
use crate::error::{Code, Error, Result};
use crate::ledger::{self, AccountKind, AccountRef, Transfer, TransferCode};
use crate::pledges::decisions::model::{PledgeDecision, PledgeDecisionKind};
use crate::pledges::decisions::queries;
use crate::pledges::installments;
use crate::pledges::model::{LineOrigin, PledgeLine, PledgeRow, PledgeStatus};
use crate::pledges::{actions, progress, queries as pledges, rules};

/// What is to be posted, and where the pledge stands then.
pub(super) struct Effect {
    pub(super) transfers: Vec<Transfer>,
    /// Transfers that take back another one each, in the order they are posted.
    pub(super) corrections: Vec<(TransferId, TransferId)>,
    pub(super) status: PledgeStatus,
}

impl Effect {
    fn of(status: PledgeStatus, transfers: Vec<Transfer>) -> Self {
        Self { transfers, corrections: Vec::new(), status }
    }

    pub(super) fn transfer_ids(&self) -> Vec<TransferId> {
        let posted = self.transfers.iter().map(|transfer| transfer.id);
        posted.chain(self.corrections.iter().map(|(id, _)| *id)).collect()
    }
}

/// Changes the lines of a locked pledge and says what moves.
pub(super) async fn prepare(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    decision: &PledgeDecision,
) -> Result<Effect> {
    actions::open_accounts(conn, pledge, lines).await?;
    let status = pledge.status;
    match decision.kind {
        PledgeDecisionKind::Amendment => amend(conn, caller, (pledge, lines), decision).await,
        PledgeDecisionKind::Cancellation => rest(conn, lines, (TransferCode::Cancel, AccountKind::Cancelled)).await,
        PledgeDecisionKind::WriteOff => {
            check_overdue(conn, pledge, lines).await?;
            rest(conn, lines, (TransferCode::WriteOff, AccountKind::WrittenOff)).await
        }
        PledgeDecisionKind::Refund => Ok(Effect::of(status, leave(lines, decision, TransferCode::Return)?)),
        PledgeDecisionKind::Loss => Ok(Effect::of(status, leave(lines, decision, TransferCode::Lose)?)),
        PledgeDecisionKind::Reallocation => reallocate(conn, (pledge, lines), decision).await,
        PledgeDecisionKind::Correction => correct(conn, (pledge, lines), decision).await,
        PledgeDecisionKind::Closure => close(conn, pledge, lines).await,
        PledgeDecisionKind::Reopening => Ok(Effect::of(PledgeStatus::Committed, Vec::new())),
    }
}

fn find(lines: &[PledgeLine], id: PledgeLineId) -> Result<&PledgeLine> {
    let line = lines.iter().find(|line| line.id == id);
    line.ok_or_else(|| Error::internal("a decision on a line that the pledge does not have"))
}

fn transfer(
    line: &PledgeLine,
    code: TransferCode,
    places: (AccountKind, AccountKind),
    quantity: &Quantity,
) -> Transfer {
    Transfer {
        id: TransferId::new(),
        code,
        from: AccountRef::new(places.0, line.id.0),
        to: AccountRef::new(places.1, line.id.0),
        unit: line.unit.clone(),
        quantity: quantity.clone(),
    }
}

/// Sets what is promised: more enters from the promise of the company, less goes back to it, as far as it is outstanding.
async fn amend(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    decision: &PledgeDecision,
) -> Result<Effect> {
    let terms = &decision.terms.0;
    let mut transfers = Vec::new();
    for one in &terms.lines {
        let line = find(lines, one.pledge_line_id)?;
        if one.former_quantity.as_ref() != Some(&line.quantity) {
            return Err(Code::PledgeDecisionStale.into());
        }
        let amended = PledgeLine {
            quantity: one.quantity.clone(),
            installments: Document(one.installments.clone()),
            field: one.field.unwrap_or(line.field),
            ..line.clone()
        };
        pledges::update_line(conn, &amended).await?;
        transfers.extend(difference(pledge, line, &one.quantity));
    }
    if !terms.new_lines.is_empty() {
        let known = actions::look_up(conn, caller, &terms.new_lines).await?;
        let mut new = actions::lines_of(pledge.id, &terms.new_lines, &known);
        for line in &mut new {
            line.origin = LineOrigin::Amended;
        }
        pledges::insert_lines(conn, &new).await?;
        actions::open_accounts(conn, pledge, &new).await?;
        let enter = |line: &PledgeLine| actions::enter(pledge.company_id, line, TransferCode::Amend, &line.quantity);
        transfers.extend(new.iter().map(enter));
    }
    Ok(Effect::of(pledge.status, transfers))
}

fn difference(pledge: &PledgeRow, line: &PledgeLine, quantity: &Quantity) -> Option<Transfer> {
    let enter = |quantity: &Quantity| actions::enter(pledge.company_id, line, TransferCode::Amend, quantity);
    match (quantity.minus(&line.quantity), line.quantity.minus(quantity)) {
        (Some(more), _) if !more.is_zero() => Some(enter(&more)),
        (_, Some(less)) if !less.is_zero() => {
            let back = enter(&less);
            Some(Transfer { from: back.to, to: back.from, ..back })
        }
        _ => None,
    }
}

/// Takes all that is outstanding out of the commitment.
async fn rest(conn: &Conn, lines: &[PledgeLine], (code, to): (TransferCode, AccountKind)) -> Result<Effect> {
    let mut transfers = Vec::new();
    for line in lines {
        let left = balance(conn, line, AccountKind::Commitment).await?;
        if !left.is_zero() {
            transfers.push(transfer(line, code, (AccountKind::Commitment, to), &left));
        }
    }
    if transfers.is_empty() {
        return Err(Error::from(Code::NotEnoughLeft).about("nothing is outstanding".to_owned()));
    }
    Ok(Effect::of(PledgeStatus::Closing, transfers))
}

/// Takes free stock out; the floor of the stock refuses more than is free by now.
fn leave(lines: &[PledgeLine], decision: &PledgeDecision, code: TransferCode) -> Result<Vec<Transfer>> {
    let to = if code == TransferCode::Return { AccountKind::Returned } else { AccountKind::Lost };
    let moved = decision.terms.0.lines.iter().map(|one| {
        let line = find(lines, one.pledge_line_id)?;
        Ok(transfer(line, code, (AccountKind::Stock, to), &one.quantity))
    });
    moved.collect()
}

/// Splits a line: what goes over is of a new line from then on, promise and stock; the old one keeps its earmark.
async fn reallocate(
    conn: &Conn,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    decision: &PledgeDecision,
) -> Result<Effect> {
    let terms = &decision.terms.0;
    let mut transfers = Vec::new();
    for one in &terms.lines {
        let line = find(lines, one.pledge_line_id)?;
        let stale = || Error::from(Code::PledgeDecisionStale);
        let left = line.quantity.minus(&one.quantity).ok_or_else(stale)?;
        let kept = installments::taken_off(&line.installments.0, &one.quantity);
        let old = PledgeLine { quantity: left, installments: Document(kept), ..line.clone() };
        let new = PledgeLine {
            id: PledgeLineId::new(),
            quantity: one.quantity.clone(),
            village_codes: terms.village_codes.clone(),
            installments: Document(Vec::new()),
            origin: LineOrigin::Reallocated,
            source_line_id: Some(line.id),
            ..line.clone()
        };
        pledges::update_line(conn, &old).await?;
        pledges::insert_lines(conn, std::slice::from_ref(&new)).await?;
        actions::open_accounts(conn, pledge, std::slice::from_ref(&new)).await?;
        let places = (AccountKind::Stock, AccountKind::Stock);
        let moved = transfer(line, TransferCode::Reallocate, places, &one.quantity);
        transfers.push(Transfer { to: AccountRef::new(AccountKind::Stock, new.id.0), ..moved });
    }
    Ok(Effect::of(pledge.status, transfers))
}

/// Takes a transfer back; what is outstanding again makes a closing pledge a committed one.
///
/// Of a surplus nothing was promised before it came: with its receipt the line's own acceptance is taken back, so that
/// nothing of it is outstanding.
async fn correct(
    conn: &Conn,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    decision: &PledgeDecision,
) -> Result<Effect> {
    let missing = || Error::internal("a correction of a transfer that the pledge does not have");
    let terms = &decision.terms.0;
    let corrects_id = terms.corrects_id.ok_or_else(missing)?;
    let movement = ledger::find_movement(conn, (pledge.area_id, pledge.id), corrects_id).await?.ok_or_else(missing)?;
    let line = find(lines, terms.lines.first().ok_or_else(missing)?.pledge_line_id)?;
    let mut corrections = vec![(TransferId::new(), corrects_id)];
    let mut unpromised = movement.code == TransferCode::Accept;
    if movement.code == TransferCode::Receive
        && let Some(accept_id) = queries::surplus_accepted(conn, line, &movement.quantity).await?
    {
        corrections.push((TransferId::new(), accept_id));
        unpromised = true;
    }
    if unpromised {
        let stale = || Error::from(Code::PledgeDecisionStale);
        let quantity = line.quantity.minus(&movement.quantity).ok_or_else(stale)?;
        let kept = installments::taken_off(&line.installments.0, &movement.quantity);
        pledges::update_line(conn, &PledgeLine { quantity, installments: Document(kept), ..line.clone() }).await?;
    }
    let is_open_again = movement.from == AccountKind::Commitment && !unpromised;
    let status = if is_open_again { PledgeStatus::Committed } else { pledge.status };
    Ok(Effect { transfers: Vec::new(), corrections, status })
}

/// Closes a pledge of which nothing is left to do, and everything is told.
async fn close(conn: &Conn, pledge: &PledgeRow, lines: &[PledgeLine]) -> Result<Effect> {
    for line in lines {
        let (left, free, reserved) = (
            balance(conn, line, AccountKind::Commitment).await?,
            balance(conn, line, AccountKind::Stock).await?,
            balance(conn, line, AccountKind::Reserved).await?,
        );
        if ![&left, &free, &reserved].iter().all(|one| one.is_zero()) {
            let sentence = format!("{left} {} outstanding, {free} free, {reserved} reserved", line.unit);
            let mut possible = rules::possible(pledge.status, rules::Side::Officer);
            possible.retain(|command| *command != rules::Command::Close.as_str());
            return Err(Error::from(Code::PledgeNotDone).about(sentence).possible(possible));
        }
    }
    if !progress::has_whole_evidence(conn, pledge.id).await? {
        return Err(Code::EvidenceIncomplete.into());
    }
    Ok(Effect::of(PledgeStatus::Closed, Vec::new()))
}
