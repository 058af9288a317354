//! What is proposed, checked against the pledge as it is now.

use crate::db::{self, Conn};
use crate::domain::{Caller, Note, PledgeLineId, Quantity, VillageCode};
use crate::error::{Code, Error, Fault, Result};
use crate::ledger::{self, AccountKind, AccountRef};
use crate::needs;
use crate::pledges::decisions::model::{
    DecisionTerms, NewAmendment, NewCorrection, NewReallocation, NewRefund, NewStockLoss, PledgeDecisionKind,
};
use crate::pledges::decisions::rules;
use crate::pledges::installments;
use crate::pledges::model::{PledgeLine, PledgeRow, Reasoned};
use crate::pledges::rules::{Known, LINES_IN_ALL, area_of, village_faults};
use crate::pledges::{actions, queries as pledges};

/// A decision to propose.
pub(in crate::pledges::decisions) enum Proposal<'a> {
    Amendment(&'a NewAmendment),
    Cancellation(&'a Reasoned),
    WriteOff(&'a Reasoned),
    Refund(&'a NewRefund),
    Reallocation(&'a NewReallocation),
    Loss(&'a NewStockLoss),
    Correction(&'a NewCorrection),
    Closure(&'a Reasoned),
    Reopening(&'a Reasoned),
}

impl Proposal<'_> {
    pub(super) fn kind(&self) -> PledgeDecisionKind {
        match self {
            Self::Amendment(_) => PledgeDecisionKind::Amendment,
            Self::Cancellation(_) => PledgeDecisionKind::Cancellation,
            Self::WriteOff(_) => PledgeDecisionKind::WriteOff,
            Self::Refund(_) => PledgeDecisionKind::Refund,
            Self::Reallocation(_) => PledgeDecisionKind::Reallocation,
            Self::Loss(_) => PledgeDecisionKind::Loss,
            Self::Correction(_) => PledgeDecisionKind::Correction,
            Self::Closure(_) => PledgeDecisionKind::Closure,
            Self::Reopening(_) => PledgeDecisionKind::Reopening,
        }
    }

    pub(super) fn reason(&self) -> &Note {
        match self {
            Self::Amendment(new) => &new.reason,
            Self::Refund(new) => &new.reason,
            Self::Reallocation(new) => &new.reason,
            Self::Loss(new) => &new.reason,
            Self::Correction(new) => &new.reason,
            Self::Cancellation(new) | Self::WriteOff(new) | Self::Closure(new) | Self::Reopening(new) => &new.reason,
        }
    }
}

/// The terms of a proposal.
pub(super) async fn of(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    proposal: &Proposal<'_>,
) -> Result<DecisionTerms> {
    match proposal {
        Proposal::Amendment(new) => amendment(conn, caller, (pledge, lines), new).await,
        Proposal::Cancellation(_) => rest(conn, lines).await,
        Proposal::WriteOff(_) => {
            check_overdue(conn, pledge, lines).await?;
            rest(conn, lines).await
        }
        Proposal::Refund(new) => free(conn, lines, (new.pledge_line_id, &new.quantity)).await,
        Proposal::Loss(new) => {
            let terms = free(conn, lines, (new.pledge_line_id, &new.quantity)).await?;
            Ok(DecisionTerms { site: Some(new.site.clone()), ..terms })
        }
        Proposal::Reallocation(new) => reallocation(conn, caller, (pledge, lines), new).await,
        Proposal::Correction(new) => correction(conn, pledge, lines, new).await,
        Proposal::Closure(_) | Proposal::Reopening(_) => Ok(DecisionTerms::default()),
    }
}

/// How much of a line stands in a place.
pub(super) async fn balance(conn: &Conn, line: &PledgeLine, kind: AccountKind) -> Result<Quantity> {
    ledger::balance(conn, AccountRef::new(kind, line.id.0)).await
}

fn find<'a>(lines: &'a [PledgeLine], id: PledgeLineId, pointer: &str) -> Result<&'a PledgeLine> {
    let line = lines.iter().find(|line| line.id == id);
    line.ok_or_else(|| Error::invalid_field(pointer, Code::ReferenceUnknown))
}

async fn amendment(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    new: &NewAmendment,
) -> Result<DecisionTerms> {
    let known = actions::look_up(conn, caller, &new.new_lines).await?;
    let mut terms = DecisionTerms { new_lines: new.new_lines.clone(), ..DecisionTerms::default() };
    let mut faults = Vec::new();
    for (at, one) in new.lines.iter().enumerate() {
        let pointer = format!("/lines/{at}");
        let line = find(lines, one.pledge_line_id, &format!("{pointer}/pledge_line_id"))?;
        let decided = rules::amended(line, one);
        faults.extend(quantity_faults(&format!("{pointer}/quantity"), &known, line, &one.quantity));
        faults.extend(installments::faults(&pointer, &decided.installments, &one.quantity));
        terms.lines.push(decided);
    }
    faults.extend(rules::shape_faults(&terms));
    if !new.new_lines.is_empty() {
        faults.extend(area_of("/new_lines", &new.new_lines, &known, Some(pledge.area_id)).err().into_iter().flatten());
    }
    if lines.len() + new.new_lines.len() > LINES_IN_ALL {
        faults.push(Fault::new("/new_lines", Code::WrongType));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    for one in &terms.lines {
        let line = find(lines, one.pledge_line_id, "/lines")?;
        let less = line.quantity.beyond(&one.quantity);
        let left = balance(conn, line, AccountKind::Commitment).await?;
        rules::check_left(&left, &less, (&line.unit, "still to be received"))?;
    }
    Ok(terms)
}

fn quantity_faults(pointer: &str, known: &Known, line: &PledgeLine, quantity: &Quantity) -> Vec<Fault> {
    known.kind(line.kind.as_str()).map(|kind| needs::quantity_faults(pointer, kind, quantity)).unwrap_or_default()
}

/// All that is outstanding, line by line.
async fn rest(conn: &Conn, lines: &[PledgeLine]) -> Result<DecisionTerms> {
    let mut terms = DecisionTerms::default();
    for line in lines {
        let left = balance(conn, line, AccountKind::Commitment).await?;
        if !left.is_zero() {
            terms.lines.push(rules::moving(line, &left));
        }
    }
    if terms.lines.is_empty() {
        return Err(Error::from(Code::NotEnoughLeft).about("nothing is outstanding".to_owned()));
    }
    Ok(terms)
}

/// Refuses a write-off before something is late for long enough.
pub(super) async fn check_overdue(conn: &Conn, pledge: &PledgeRow, lines: &[PledgeLine]) -> Result<()> {
    let on = db::today();
    let mut outstanding = installments::outstanding_on(conn, pledge, on).await?;
    let is_late = lines.iter().any(|line| {
        let left = outstanding.remove(&line.id).unwrap_or_else(Quantity::zero);
        installments::is_late((line, pledge.year), left, (on, rules::WRITE_OFF_AFTER_DAYS))
    });
    if is_late { Ok(()) } else { Err(Code::InstallmentNotOverdue.into()) }
}

/// Some of what is free of a line.
async fn free(conn: &Conn, lines: &[PledgeLine], (id, quantity): (PledgeLineId, &Quantity)) -> Result<DecisionTerms> {
    let line = find(lines, id, "/pledge_line_id")?;
    let kind = needs::find_kind(conn, &line.kind).await?;
    let faults = kind.map(|kind| needs::quantity_faults("/quantity", &kind, quantity)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let left = balance(conn, line, AccountKind::Stock).await?;
    rules::check_left(&left, quantity, (&line.unit, "free"))?;
    Ok(DecisionTerms { lines: vec![rules::moving(line, quantity)], ..DecisionTerms::default() })
}

async fn reallocation(
    conn: &Conn,
    caller: &Caller,
    (pledge, lines): (&PledgeRow, &[PledgeLine]),
    new: &NewReallocation,
) -> Result<DecisionTerms> {
    let codes: Vec<&VillageCode> = new.village_codes.iter().collect();
    let areas = pledges::areas_of(conn, &caller.scope, &codes).await?;
    let known = Known { kinds: Vec::new(), areas };
    let mut faults = village_faults("", &new.village_codes, &known, &mut Some(pledge.area_id));
    if lines.len() >= LINES_IN_ALL {
        faults.push(Fault::new("/pledge_line_id", Code::WrongType));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let line = find(lines, new.pledge_line_id, "/pledge_line_id")?;
    let terms = free(conn, lines, (line.id, &new.quantity)).await?;
    Ok(DecisionTerms {
        former_village_codes: line.village_codes.clone(),
        village_codes: new.village_codes.clone(),
        ..terms
    })
}

async fn correction(
    conn: &Conn,
    pledge: &PledgeRow,
    lines: &[PledgeLine],
    new: &NewCorrection,
) -> Result<DecisionTerms> {
    let movement = ledger::find_movement(conn, (pledge.area_id, pledge.id), new.transfer_id).await?;
    let movement = movement.ok_or_else(|| Error::invalid_field("/transfer_id", Code::ReferenceUnknown))?;
    let line_id = movement.pledge_line_id.unwrap_or_default();
    let line = find(lines, PledgeLineId(line_id), "/transfer_id")?;
    rules::check_correctable(&movement, line)?;
    Ok(DecisionTerms {
        lines: vec![rules::moving(line, &movement.quantity)],
        corrects_id: Some(movement.id),
        ..DecisionTerms::default()
    })
}
