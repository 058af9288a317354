//! Which command a decision is, who agrees to it, and how far its terms go. Pure.

use super::model::{AmendedLine, DecidedLine, DecisionStatus, DecisionTerms, PledgeDecision, PledgeDecisionKind};
use crate::domain::{Quantity, Scope};
use crate::error::{Code, Error, Fault, Result};
use crate::ledger::{Movement, TransferCode};
use crate::pledges::model::{LineOrigin, PledgeLine, PledgeStatus};
use crate::pledges::rules::{Command, Side, possible};

/// A write-off waits for so many days after an installment was due.
pub(super) const WRITE_OFF_AFTER_DAYS: u64 = 30;

impl PledgeDecisionKind {
    /// The command of the state machine.
    pub(super) fn command(self) -> Command {
        match self {
            Self::Amendment => Command::Amend,
            Self::Cancellation => Command::Cancel,
            Self::WriteOff => Command::WriteOff,
            Self::Refund => Command::Refund,
            Self::Reallocation => Command::Reallocate,
            Self::Loss => Command::Lose,
            Self::Correction => Command::Correct,
            Self::Closure => Command::Close,
            Self::Reopening => Command::Reopen,
        }
    }

    /// True where one person is enough.
    pub(super) fn needs_nobody_else(self) -> bool {
        matches!(self, Self::Cancellation | Self::Closure)
    }

    /// The side of the second person.
    fn decider(self) -> Side {
        if self == Self::Reallocation { Side::Company } else { Side::Officer }
    }

    /// The operation that proposes it.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Amendment => "amend_pledge",
            Self::Cancellation => "cancel_pledge",
            Self::WriteOff => "write_off_pledge",
            Self::Refund => "refund_pledge",
            Self::Reallocation => "reallocate_pledge",
            Self::Loss => "record_pledge_loss",
            Self::Correction => "correct_pledge",
            Self::Closure => "close_pledge",
            Self::Reopening => "reopen_pledge",
        }
    }

    /// What the pledge is told to have become.
    pub(super) fn event(self) -> &'static str {
        match self {
            Self::Amendment => "pledge.amended",
            Self::Cancellation => "pledge.cancelled",
            Self::WriteOff => "pledge.written_off",
            Self::Refund => "pledge.refunded",
            Self::Reallocation => "pledge.reallocated",
            Self::Loss => "pledge.lost",
            Self::Correction => "pledge.corrected",
            Self::Closure => "pledge.closed",
            Self::Reopening => "pledge.reopened",
        }
    }
}

/// The side that proposed it: the company where it is an amendment, an officer otherwise.
pub(super) fn proposer(kind: PledgeDecisionKind) -> Side {
    if kind == PledgeDecisionKind::Amendment { Side::Company } else { Side::Officer }
}

/// Refuses what comes too late, naming what the pledge takes now.
pub(super) fn check_waiting(decision: &PledgeDecision, status: PledgeStatus, scope: &Scope) -> Result<()> {
    if decision.status == DecisionStatus::Proposed {
        return Ok(());
    }
    Err(Error::from(Code::PledgeDecisionDecided).possible(possible(status, Side::of(scope))))
}

/// Refuses who is not of the side that proposed a decision.
pub(super) fn check_proposer(decision: &PledgeDecision, scope: &Scope) -> Result<()> {
    let proposer = proposer(decision.kind);
    if Side::of(scope) == proposer {
        return Ok(());
    }
    let who = if proposer == Side::Company { "the company" } else { "an officer" };
    Err(Error::from(Code::InsufficientScope).about(format!("{who} takes it back")))
}

/// Refuses a second person who is the first, or of the wrong side.
pub(super) fn check_second_person(decision: &PledgeDecision, scope: &Scope, client_id: &str) -> Result<()> {
    let decider = decision.kind.decider();
    if Side::of(scope) == decider && decision.proposed_by != client_id {
        return Ok(());
    }
    let who = if decider == Side::Company { "the company" } else { "an officer who did not propose it" };
    Err(Error::from(Code::SecondPersonNeeded).about(format!("{who} decides")))
}

/// Refuses more than there is of a place.
pub(super) fn check_left(left: &Quantity, asked: &Quantity, (unit, place): (&str, &str)) -> Result<()> {
    if asked <= left {
        return Ok(());
    }
    Err(Error::from(Code::NotEnoughLeft).about(format!("{left} {unit} {place}, {asked} asked")))
}

/// A line with a quantity that moves.
pub(super) fn moving(line: &PledgeLine, quantity: &Quantity) -> DecidedLine {
    DecidedLine {
        pledge_line_id: line.id,
        quantity: quantity.clone(),
        former_quantity: None,
        unit: line.unit.clone(),
        installments: Vec::new(),
        field: None,
    }
}

/// A line with what is promised of it from now on.
pub(super) fn amended(line: &PledgeLine, new: &AmendedLine) -> DecidedLine {
    DecidedLine {
        former_quantity: Some(line.quantity.clone()),
        field: new.field,
        // What is not said stays: a schedule never goes missing with a change of the quantity.
        installments: if new.installments.is_empty() { line.installments.0.clone() } else { new.installments.clone() },
        ..moving(line, &new.quantity)
    }
}

/// Faults of an amendment that changes nothing, or one line twice.
pub(super) fn shape_faults(terms: &DecisionTerms) -> Vec<Fault> {
    if terms.lines.is_empty() && terms.new_lines.is_empty() {
        return vec![Fault::new("/lines", Code::WrongType)];
    }
    let twice =
        terms.lines.iter().enumerate().filter(|(at, line)| {
            terms.lines.iter().take(*at).any(|before| before.pledge_line_id == line.pledge_line_id)
        });
    twice.map(|(at, _)| Fault::new(format!("/lines/{at}/pledge_line_id"), Code::ValueTwice)).collect()
}

/// Refuses a movement that is undone another way: what stands in allocations, what two officers accepted, and what
/// amendments did. A surplus was accepted by nobody but the receipt that it came with.
pub(super) fn check_correctable(movement: &Movement, line: &PledgeLine) -> Result<()> {
    use TransferCode::{Accept, Cancel, Lose, Receive, Return, WriteOff};
    match movement.code {
        Receive | Return | Lose | Cancel | WriteOff => Ok(()),
        Accept if line.origin == LineOrigin::Surplus => Ok(()),
        _ => Err(Code::TransferNotCorrectable.into()),
    }
}
