//! Proposing changes and deciding on them: each inside a transaction, with audit row and event.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::{
    ChangeRequest, ChangeRow, ChangeStatus, NewChangeApproval, NewChangeRejection, Patch, Proposal, Target,
};
use super::queries::{self, Decision};
use super::rules;
use crate::audit::{self, Write};
use crate::beneficiaries::{self, BeneficiaryChanges, MemberChanges};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, ChangeRequestId, Document, MemberId, Nik};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::http::read_part;
use crate::keys::{Place, Vault};

/// The record that a proposal is about, as it is now.
struct Present {
    area_id: i32,
    beneficiary_id: BeneficiaryId,
    member_id: Option<MemberId>,
    version: i32,
    shown: Patch,
}

impl Present {
    async fn read(conn: &Conn, caller: &Caller, vault: &Vault, target: Target) -> Result<Self> {
        match target {
            Target::Family(id) => {
                let (area_id, family) = beneficiaries::current_family(conn, &caller.scope, vault, id).await?;
                let shown = fields_of(&family)?;
                Ok(Self { area_id, beneficiary_id: id, member_id: None, version: family.version, shown })
            }
            Target::Member(id) => {
                let (area_id, member) = beneficiaries::current_member(conn, &caller.scope, vault, id).await?;
                let shown = fields_of(&member)?;
                let beneficiary_id = member.beneficiary_id;
                Ok(Self { area_id, beneficiary_id, member_id: Some(id), version: member.version, shown })
            }
        }
    }
}

fn fields_of(record: &impl Serialize) -> Result<Patch> {
    match serde_json::to_value(record).map_err(Error::internal)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::internal("a record is an object")),
    }
}

/// Proposes a change of a record.
///
/// # Errors
/// `not_found`, `beneficiary_not_live`, `member_not_live`, `version_stale`, `invalid_fields`.
pub async fn propose(conn: &Conn, caller: &Caller, vault: &Vault, proposal: &Proposal<'_>) -> Result<ChangeRequest> {
    let present = Present::read(conn, caller, vault, proposal.target).await?;
    if present.version != proposal.version {
        return Err(Code::VersionStale.into());
    }
    check_form(proposal)?;
    let (mut changes, before) = rules::differing(proposal.changes, &present.shown);
    let faults = rules::faults_of(&proposal.pointer, &before, proposal.evidence);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let nik_sealed = seal_nik(vault, &present, &mut changes)?;
    let now = db::now();
    let row = ChangeRow {
        area_id: present.area_id,
        id: ChangeRequestId::new(),
        beneficiary_id: present.beneficiary_id,
        member_id: present.member_id,
        visit_id: proposal.visit_id,
        status: ChangeStatus::Pending,
        fields: before.keys().cloned().collect(),
        changes: Document(changes),
        before: Document(before),
        nik_sealed,
        base_version: present.version,
        reason: proposal.reason.map(ToString::to_string),
        evidence: Document(proposal.evidence.to_vec()),
        requested_by: caller.client_id.clone(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &row).await?;
    let operation = if row.member_id.is_some() { "propose_member_change" } else { "propose_family_change" };
    tell(conn, caller, (operation, "change_request.proposed"), None, row.id).await
}

/// Reads the changes as the record's PATCH would.
fn check_form(proposal: &Proposal<'_>) -> Result<()> {
    match proposal.target {
        Target::Family(_) => read_part::<BeneficiaryChanges>(&proposal.pointer, proposal.changes).map(|_| ()),
        Target::Member(_) => read_part::<MemberChanges>(&proposal.pointer, proposal.changes).map(|_| ()),
    }
}

/// Takes a NIK out of the changes: what stays in them is masked, what is kept of it is sealed for the member's row.
fn seal_nik(vault: &Vault, present: &Present, changes: &mut Patch) -> Result<Option<Vec<u8>>> {
    let Some(member_id) = present.member_id else { return Ok(None) };
    let Some(Value::String(digits)) = changes.get_mut("nik") else { return Ok(None) };
    let nik = Nik::parse(digits).ok_or_else(|| Error::internal("the form of the NIK was checked before"))?;
    *digits = nik.masked();
    vault.seal(Place::nik(present.area_id, member_id), nik.reveal()).map(Some)
}

/// Applies a request as a second person, the way of the record's PATCH.
///
/// # Errors
/// `not_found`, `change_request_decided`, `second_person_needed`, `change_request_stale`,
/// `change_request_in_conflict`, and what a PATCH of the record answers.
pub(super) async fn approve(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    id: ChangeRequestId,
    new: &NewChangeApproval,
) -> Result<ChangeRequest> {
    let row = hold(conn, caller, id).await?;
    let target = row.member_id.map_or(Target::Family(row.beneficiary_id), Target::Member);
    // Before the look: whatever changes after it is met by its version.
    let version = Present::read(conn, caller, vault, target).await?.version;
    let seen = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check_application(&seen, new.despite_conflicts)?;
    let before = ChangeRequest::from(seen);
    apply(conn, caller, vault, (&row, target, version)).await?;
    let reason = new.reason.as_ref().map(ToString::to_string);
    let (status, client_id, now) = (ChangeStatus::Applied, caller.client_id.as_str(), db::now());
    queries::decide(conn, &row, &Decision { status, client_id, reason, now }).await?;
    tell(conn, caller, ("approve_change_request", "change_request.applied"), Some(&before), id).await
}

/// Rejects a request as a second person.
///
/// # Errors
/// `not_found`, `change_request_decided`, `second_person_needed`.
pub(super) async fn reject(
    conn: &Conn,
    caller: &Caller,
    id: ChangeRequestId,
    new: &NewChangeRejection,
) -> Result<ChangeRequest> {
    let row = hold(conn, caller, id).await?;
    let before = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?.into();
    let (status, client_id, now) = (ChangeStatus::Rejected, caller.client_id.as_str(), db::now());
    let reason = Some(new.reason.to_string());
    queries::decide(conn, &row, &Decision { status, client_id, reason, now }).await?;
    tell(conn, caller, ("reject_change_request", "change_request.rejected"), Some(&before), id).await
}

/// Locks a request that the caller may decide: of two who decide at once the second finds it decided.
async fn hold(conn: &Conn, caller: &Caller, id: ChangeRequestId) -> Result<ChangeRow> {
    let row = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check_decision(&row, &caller.client_id)?;
    Ok(row)
}

/// Changes the record at the version that was looked at; one that has changed since makes the request stale.
async fn apply(
    conn: &Conn,
    caller: &Caller,
    vault: &Vault,
    (row, target, version): (&ChangeRow, Target, i32),
) -> Result<()> {
    let outcome = match target {
        Target::Family(id) => {
            let changes: BeneficiaryChanges = read_part("", &row.changes.0)?;
            beneficiaries::update_family(conn, caller, vault, id, (&changes, version)).await.map(|_| ())
        }
        Target::Member(id) => {
            let changes: MemberChanges = read_part("", &opened(vault, row, id)?)?;
            beneficiaries::update_member(conn, caller, vault, id, (&changes, version)).await.map(|_| ())
        }
    };
    match outcome {
        Err(error) if error.code() == Some(Code::VersionStale) => Err(Code::ChangeRequestStale.into()),
        outcome => outcome,
    }
}

/// The changes with the NIK in the place of the masked one.
fn opened(vault: &Vault, row: &ChangeRow, member_id: MemberId) -> Result<Patch> {
    let mut changes = row.changes.0.clone();
    if let Some(sealed) = &row.nik_sealed {
        let nik = vault.open_nik(row.area_id, member_id, sealed)?;
        changes.insert("nik".to_owned(), nik.reveal().into());
    }
    Ok(changes)
}

/// Reads the request as it is now, and leaves an audit row and an event of the change to it.
async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&ChangeRequest>,
    id: ChangeRequestId,
) -> Result<ChangeRequest> {
    let seen = queries::find(conn, &caller.scope, id).await?;
    let after = ChangeRequest::from(seen.ok_or_else(|| Error::internal("the request was written just now"))?);
    let write = Write::of(operation, "change_requests", id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(&after)).await?;
    let fields: Vec<&str> = after.changes.iter().map(|change| change.field.as_str()).collect();
    let event = NewEvent {
        kind,
        subject: "change_requests",
        subject_id: id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "beneficiary_id": after.beneficiary_id, "member_id": after.member_id, "visit_id": after.visit_id,
            "status": after.status, "fields": fields,
        }),
    };
    events::emit(conn, event).await?;
    Ok(after)
}
