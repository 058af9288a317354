//! Registering and ending collectors, and whether somebody may collect.

use serde_json::json;

use super::model::{Collector, CollectorEnd, Handover, NewAlternate, NewCollector, NewRevocation};
use super::{queries, rules};
use crate::audit;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::Household;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, CollectorId, CollectorKind, MemberId};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::events::{self, NewEvent};

/// Registers who collects for a family. A member takes the place of the one before.
///
/// # Errors
/// `not_found`, `beneficiary_not_live`, `invalid_fields`, `power_of_attorney_registered`.
pub(super) async fn register(conn: &Conn, caller: &Caller, id: BeneficiaryId, new: &NewCollector) -> Result<Collector> {
    let household = Household::lock(conn, caller, id, None).await?;
    let faults = rules::faults_of(new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let why = Why::of("register_collector");
    let row = match &new.alternate {
        Some(alternate) => alternate_row(caller, &household, new, alternate)?,
        None => member_row(caller, &household, new)?,
    };
    if row.kind == CollectorKind::Member
        && let Some(before) = queries::lock_member_of(conn, (row.area_id, id)).await?
    {
        end(conn, caller, &before, (new.valid_from, CollectorEnd::Replaced), why).await?;
    }
    queries::insert(conn, &row).await?;
    tell(conn, caller, (None, &row), ("collector.registered", why)).await?;
    Ok(row)
}

fn member_row(caller: &Caller, household: &Household, new: &NewCollector) -> Result<Collector> {
    let member = new.member_id.filter(|id| household.member(*id).is_some());
    let member = member.ok_or_else(|| Error::invalid_field("/member_id", Code::ReferenceUnknown))?;
    Ok(Collector { member_id: Some(member), ..blank(caller, household, new, CollectorKind::Member) })
}

fn alternate_row(
    caller: &Caller,
    household: &Household,
    new: &NewCollector,
    alternate: &NewAlternate,
) -> Result<Collector> {
    let granter = alternate.granted_by_id.or_else(|| household.head().map(|(head, _)| head.id));
    let granter = granter.filter(|id| household.member(*id).is_some());
    let granter = granter.ok_or_else(|| Error::invalid_field("/alternate/granted_by_id", Code::ReferenceUnknown))?;
    Ok(Collector {
        name: Some(alternate.name.clone()),
        power_of_attorney: Some(alternate.power_of_attorney.clone()),
        granted_by_id: Some(granter),
        valid_to: Some(alternate.valid_to),
        ..blank(caller, household, new, CollectorKind::Alternate)
    })
}

fn blank(caller: &Caller, household: &Household, new: &NewCollector, kind: CollectorKind) -> Collector {
    let now = db::now();
    Collector {
        area_id: household.family.area_id,
        id: CollectorId::new(),
        beneficiary_id: household.family.id,
        kind,
        member_id: None,
        name: None,
        power_of_attorney: None,
        granted_by_id: None,
        valid_from: new.valid_from,
        valid_to: None,
        ended_on: None,
        end_reason: None,
        recorded_by: caller.client_id.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Takes back that somebody collects.
///
/// # Errors
/// `not_found`, `version_stale`, `collector_ended`.
pub(super) async fn revoke(conn: &Conn, caller: &Caller, id: CollectorId, new: &NewRevocation) -> Result<Collector> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if new.version.is_some_and(|version| version != before.version) {
        return Err(Code::VersionStale.into());
    }
    if before.ended_on.is_some() {
        return Err(Code::CollectorEnded.into());
    }
    let why = Why::of("revoke_collector").told(new.change_reason.as_ref());
    end(conn, caller, &before, (new.on, CollectorEnd::Revoked), why).await
}

/// Ends the collecting of members who leave a family, and of those whom they empowered.
pub(crate) async fn end_with(
    conn: &Conn,
    caller: &Caller,
    family: (i32, BeneficiaryId),
    (leaving, on): (&[MemberId], chrono::NaiveDate),
    why: Why<'_>,
) -> Result<()> {
    for collector in queries::lock_with(conn, family, leaving).await? {
        end(conn, caller, &collector, (on, CollectorEnd::Left), why).await?;
    }
    Ok(())
}

async fn end(
    conn: &Conn,
    caller: &Caller,
    before: &Collector,
    ending: (chrono::NaiveDate, CollectorEnd),
    why: Why<'_>,
) -> Result<Collector> {
    let at = (db::next_instant(before.updated_at), caller.client_id.as_str());
    let after = queries::end(conn, before, ending, at).await?;
    tell(conn, caller, (Some(before), &after), ("collector.ended", why)).await?;
    Ok(after)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (before, after): (Option<&Collector>, &Collector),
    (kind, why): (&str, Why<'_>),
) -> Result<()> {
    let write = audit::Write::of(why.operation, "collectors", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "collectors",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({ "beneficiary_id": after.beneficiary_id, "kind": after.kind, "end_reason": after.end_reason }),
    };
    events::emit(conn, event).await
}

/// Refuses whoever may not collect for a family on a day, and an alternate of whom nobody would know who it was: with a
/// paper that the family did not register, and without a name.
///
/// # Errors
/// `collector_not_member`, `collector_not_registered`, `power_of_attorney_not_in_force`, `invalid_fields`.
pub async fn check_collector(conn: &Conn, handover: &Handover<'_>) -> Result<()> {
    let standing = queries::standing(conn, handover).await?;
    let (pointer, code) = match handover.member_id {
        Some(member) => ("/collector_member_id", rules::member_fault(member, standing)),
        None => ("/power_of_attorney", rules::paper_fault(standing)),
    };
    let Some(code) = code else {
        let is_known = handover.member_id.is_some() || standing.is_paper_known || handover.receiver_name.is_some();
        return if is_known { Ok(()) } else { Err(Error::invalid_field("/receiver_name", Code::Required)) };
    };
    let fault = if code == Code::CollectorNotMember { Code::ReferenceUnknown } else { code };
    let faults = vec![Fault::new(pointer, fault)];
    Err(Error::Refused(Box::new(Refusal { faults, ..code.into() })))
}
