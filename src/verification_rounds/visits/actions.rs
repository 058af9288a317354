//! Recording visits, inside a transaction, with audit row and event.

use chrono::SubsecRound;
use serde_json::json;

use super::model::{Finding, NewVisit, Visit};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::beneficiaries::{self, NewVerification};
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
    let (caller, now) = (visitor.caller, db::now());
    let faults = rules::faults_of(new, now);
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
        note: new.note.as_ref().map(ToString::to_string),
        evidence: Document(new.evidence.clone()),
        has_confirmed: has_confirmed(conn, visitor, new).await?,
        recorded_by: caller.client_id.clone(),
        created_at: now,
    };
    insert(conn, &visit).await?;
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
    let is_asked = new.finding == Finding::Confirmed && new.version.is_some() && visitor.may_confirm;
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
