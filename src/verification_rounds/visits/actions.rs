//! Recording visits, inside a transaction, with audit row and event.

use chrono::SubsecRound;
use serde_json::json;

use super::model::{NewVisit, Visit, VisitFinding};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::beneficiaries::{self, NewVerification};
use crate::change_requests::{self, Proposal, Target};
use crate::db::{self, Conn};
use crate::domain::{Caller, Document, VisitId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Vault;
use crate::verification_rounds::model::RoundStatus;
use crate::verification_rounds::{queries as rounds, tasks};

/// Who records, and whether it may confirm families as well.
pub(super) struct Visitor<'a> {
    pub(super) caller: &'a Caller,
    pub(super) vault: &'a Vault,
    pub(super) may_confirm: bool,
}

/// Records a visit.
///
/// # Errors
/// `invalid_fields`, `round_not_open`, `family_not_in_round`, `visit_already_recorded`.
pub(super) async fn record(conn: &Conn, visitor: &Visitor<'_>, new: &NewVisit) -> Result<Visit> {
    let caller = visitor.caller;
    let faults = rules::faults_of(new, db::now());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let area_id = queries::area_of(conn, &caller.scope, new.beneficiary_id).await?;
    let area_id = area_id.ok_or_else(|| Error::invalid_field("/beneficiary_id", Code::ReferenceUnknown))?;
    let visit = Visit {
        id: VisitId::new(),
        area_id,
        beneficiary_id: new.beneficiary_id,
        round_id: new.round_id,
        visited_at: new.visited_at.trunc_subsecs(6),
        finding: new.finding,
        is_poor: new.is_poor,
        note: new.note.as_ref().map(ToString::to_string),
        evidence: Document(new.evidence.clone()),
        has_confirmed: has_confirmed(conn, visitor, new).await?,
        recorded_by: caller.client_id.clone(),
        created_at: db::now(),
    };
    insert(conn, &visit).await?;
    correct(conn, visitor, new, &visit).await?;
    tell(conn, caller, &visit).await?;
    Ok(visit)
}

/// Inserts the visit and notes it on the list of its round, which stays open until then.
async fn insert(conn: &Conn, visit: &Visit) -> Result<()> {
    let round = match visit.round_id {
        Some(id) => {
            let round = rounds::share(conn, visit.area_id, id).await?;
            Some(round.ok_or_else(|| Error::invalid_field("/round_id", Code::ReferenceUnknown))?)
        }
        None => None,
    };
    if round.as_ref().is_some_and(|round| round.status != RoundStatus::Open) {
        return Err(Code::RoundNotOpen.into());
    }
    let is_met = matches!(visit.finding, VisitFinding::Confirmed | VisitFinding::Corrected);
    if is_met && visit.is_poor.is_none() && round.as_ref().is_some_and(|round| round.seed.is_some()) {
        return Err(Error::invalid_field("/is_poor", Code::Required));
    }
    if queries::insert(conn, visit).await?.is_none() {
        let moment = (visit.recorded_by.as_str(), visit.visited_at);
        let earlier = queries::earlier(conn, visit.area_id, visit.beneficiary_id, moment).await?;
        let refusal = Error::from(Code::VisitAlreadyRecorded);
        return Err(earlier.map_or(refusal, |id| Error::from(Code::VisitAlreadyRecorded).related("visits", id.0)));
    }
    match round {
        Some(round) if !tasks::note_visit(conn, &round, visit).await? => Err(Code::FamilyNotInRound.into()),
        _ => Ok(()),
    }
}

/// Confirms the family where the visitor compared its newest version and may confirm families. A record that has
/// changed since, or lives no more, does not keep the visit from being told.
async fn has_confirmed(conn: &Conn, visitor: &Visitor<'_>, new: &NewVisit) -> Result<bool> {
    let is_asked = new.finding == VisitFinding::Confirmed && new.version.is_some() && visitor.may_confirm;
    if !is_asked {
        return Ok(false);
    }
    let verification = NewVerification { version: new.version, change_reason: None };
    match beneficiaries::verify(conn, visitor.caller, visitor.vault, new.beneficiary_id, &verification).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.code(), Some(Code::VersionStale | Code::BeneficiaryNotLive)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a change request of each correction; a second person decides.
async fn correct(conn: &Conn, visitor: &Visitor<'_>, new: &NewVisit, visit: &Visit) -> Result<()> {
    let proposal = |target, version, changes, at: String| Proposal {
        target,
        version,
        changes,
        pointer: format!("{at}/changes"),
        reason: new.note.as_ref(),
        evidence: &new.evidence,
        visit_id: Some(visit.id),
    };
    let family = new.family_correction.iter().map(|one| {
        proposal(Target::Family(new.beneficiary_id), one.version, &one.changes, "/family_correction".to_owned())
    });
    let members = new.member_corrections.iter().enumerate().map(|(index, one)| {
        proposal(Target::Member(one.member_id), one.version, &one.changes, format!("/member_corrections/{index}"))
    });
    for proposal in family.chain(members) {
        let request = change_requests::propose(conn, visitor.caller, visitor.vault, &proposal).await;
        let request = request.map_err(|error| at_correction(error, &proposal))?;
        if request.beneficiary_id != new.beneficiary_id {
            return Err(unknown_member(&proposal));
        }
    }
    Ok(())
}

/// A member that is not known here is a fault of the body: the visit's own address names no record.
fn at_correction(error: Error, proposal: &Proposal<'_>) -> Error {
    if error.code() == Some(Code::NotFound) { unknown_member(proposal) } else { error }
}

fn unknown_member(proposal: &Proposal<'_>) -> Error {
    Error::invalid_field(&proposal.pointer.replace("/changes", "/member_id"), Code::ReferenceUnknown)
}

async fn tell(conn: &Conn, caller: &Caller, visit: &Visit) -> Result<()> {
    let write = Write::of("record_visit", "visits", visit.id.0, visit.area_id);
    audit::record(conn, caller, write, None, Some(visit)).await?;
    let event = NewEvent {
        kind: "visit.recorded",
        subject: "visits",
        subject_id: visit.id.0,
        area_id: visit.area_id,
        company_id: None,
        data: json!({
            "beneficiary_id": visit.beneficiary_id, "round_id": visit.round_id, "finding": visit.finding,
            "evidence_count": visit.evidence.0.len(),
        }),
    };
    events::emit(conn, event).await
}
