//! Commands on pledges: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{
    Acceptance, LineOrigin, NewLine, NewPledge, Pledge, PledgeChanges, PledgeLine, PledgeRow, PledgeStatus, Reasoned,
};
use super::queries;
use super::rules::{self, Command, Known, Side};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId, Document, PledgeId, PledgeLineId, Quantity, TransferId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::ledger::{self, AccountKind, AccountRef, Group, NewAccount, Posting, Transfer, TransferCode};
use crate::needs::{self, AidField};

/// Drafts a pledge for the caller's company.
///
/// # Errors
/// `invalid_fields`; `insufficient_scope` for a caller that acts for no company.
pub(super) async fn draft(conn: &Conn, caller: &Caller, new: &NewPledge) -> Result<Pledge> {
    let company_id = caller.scope.company_id.ok_or(Code::InsufficientScope)?;
    let known = look_up(conn, caller, &new.lines).await?;
    let area_id = area_of(rules::year_faults(new.year), &new.lines, &known, None)?;
    let now = db::now();
    let row = PledgeRow {
        id: PledgeId::new(),
        company_id,
        area_id,
        title: new.title.clone(),
        year: new.year,
        status: PledgeStatus::Draft,
        agreement_number: new.agreement_number.clone(),
        submitted_at: None,
        first_accepted_by: None,
        accepted_by: None,
        accepted_at: None,
        decision_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &row).await?;
    let lines = lines_of(row.id, &new.lines, &known);
    queries::insert_lines(conn, &lines).await?;
    let told = Told { operation: "draft_pledge", event: "pledge.drafted" };
    finish(conn, caller, told, None, Pledge::of(row, lines), area_id).await
}

/// Changes a draft.
///
/// # Errors
/// `not_found`, `command_not_possible`, `version_stale`, `invalid_fields`.
pub(super) async fn edit(
    conn: &Conn,
    caller: &Caller,
    id: PledgeId,
    changes: &PledgeChanges,
    version: i32,
) -> Result<Pledge> {
    let (mut row, before) = begin(conn, caller, id, Command::Edit).await?;
    if row.version != version {
        return Err(Code::VersionStale.into());
    }
    let faults = rules::year_faults(changes.year.unwrap_or(row.year));
    let mut lines = before.lines.clone();
    if let Some(new) = &changes.lines {
        let known = look_up(conn, caller, new).await?;
        area_of(faults, new, &known, Some(row.area_id))?;
        queries::delete_lines(conn, id).await?;
        lines = lines_of(id, new, &known);
        queries::insert_lines(conn, &lines).await?;
    } else if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    row.year = changes.year.unwrap_or(row.year);
    row.title = changes.title.clone().unwrap_or(row.title);
    row.agreement_number = changes.agreement_number.clone().unwrap_or(row.agreement_number);
    let told = Told { operation: "update_pledge", event: "pledge.changed" };
    store(conn, caller, told, (row, lines), &before).await
}

/// Hands a draft to the sub-district.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn submit(conn: &Conn, caller: &Caller, id: PledgeId) -> Result<Pledge> {
    let (mut row, before) = begin(conn, caller, id, Command::Submit).await?;
    row.status = PledgeStatus::Submitted;
    row.submitted_at = Some(db::now());
    row.decision_reason = None;
    let told = Told { operation: "submit_pledge", event: "pledge.submitted" };
    store(conn, caller, told, (row, before.lines.clone()), &before).await
}

/// Gives a pledge back to be changed, turns it down or takes it back; a first acceptance is void then.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn end(
    conn: &Conn,
    caller: &Caller,
    id: PledgeId,
    (command, reasoned): (Command, &Reasoned),
) -> Result<Pledge> {
    let (mut row, before) = begin(conn, caller, id, command).await?;
    let (status, operation, event) = match command {
        Command::Return => (PledgeStatus::Draft, "return_pledge", "pledge.returned"),
        Command::Reject => (PledgeStatus::Rejected, "reject_pledge", "pledge.rejected"),
        _ => (PledgeStatus::Withdrawn, "withdraw_pledge", "pledge.withdrawn"),
    };
    row.status = status;
    row.first_accepted_by = None;
    row.decision_reason = Some(reasoned.reason.clone());
    store(conn, caller, Told { operation, event }, (row, before.lines.clone()), &before).await
}

/// Accepts a pledge: the first officer notes it, another one commits it, and its quantities enter the ledger.
///
/// # Errors
/// `not_found`, `command_not_possible`, `second_person_needed`.
pub(super) async fn accept(conn: &Conn, caller: &Caller, id: PledgeId, acceptance: &Acceptance) -> Result<Pledge> {
    let (mut row, before) = begin(conn, caller, id, Command::Accept).await?;
    row.agreement_number = acceptance.agreement_number.clone().or(row.agreement_number);
    let lines = before.lines.clone();
    let Some(first) = &row.first_accepted_by else {
        row.first_accepted_by = Some(caller.client_id.clone());
        let told = Told { operation: "accept_pledge", event: "pledge.accepted_first" };
        return store(conn, caller, told, (row, lines), &before).await;
    };
    if *first == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    row.status = PledgeStatus::Committed;
    row.accepted_by = Some(caller.client_id.clone());
    row.accepted_at = Some(db::now());
    let transfer_ids = commit(conn, caller, &row, &lines).await?;
    let told = Told { operation: "accept_pledge", event: "pledge.committed" };
    let pledge = store(conn, caller, told, (row, lines), &before).await?;
    Ok(Pledge { transfer_ids, ..pledge })
}

/// Opens the accounts of the lines and moves what is promised into them.
async fn commit(conn: &Conn, caller: &Caller, row: &PledgeRow, lines: &[PledgeLine]) -> Result<Vec<TransferId>> {
    open_accounts(conn, row, lines).await?;
    let transfers: Vec<Transfer> =
        lines.iter().map(|line| enter(row.company_id, line, TransferCode::Accept, &line.quantity)).collect();
    let posting =
        Posting { area_id: row.area_id, group: Group::Pledge(row.id), client_id: &caller.client_id, at: db::now() };
    ledger::post(conn, posting, &transfers).await?;
    Ok(transfers.iter().map(|transfer| transfer.id).collect())
}

/// Opens all places that a quantity of these lines can be; those that are open stay as they are.
pub(super) async fn open_accounts(conn: &Conn, row: &PledgeRow, lines: &[PledgeLine]) -> Result<()> {
    let of_line = |line| {
        AccountKind::ALL.iter().map(move |kind: &AccountKind| {
            let line: &PledgeLine = line;
            let owner_id = if *kind == AccountKind::Promise { row.company_id.0 } else { line.id.0 };
            NewAccount { account: AccountRef::new(*kind, owner_id), unit: &line.unit }
        })
    };
    let accounts: Vec<NewAccount<'_>> = lines.iter().flat_map(of_line).collect();
    ledger::open(conn, row.area_id, &accounts, db::now()).await
}

/// The transfer by which a quantity of a line enters the ledger.
pub(super) fn enter(company_id: CompanyId, line: &PledgeLine, code: TransferCode, quantity: &Quantity) -> Transfer {
    Transfer {
        id: TransferId::new(),
        code,
        from: AccountRef::new(AccountKind::Promise, company_id.0),
        to: AccountRef::new(AccountKind::Commitment, line.id.0),
        unit: line.unit.clone(),
        quantity: quantity.clone(),
    }
}

/// How a command is told of in audit and feed.
pub(super) struct Told {
    pub(super) operation: &'static str,
    pub(super) event: &'static str,
}

/// Locks a pledge that takes the command, and keeps what it was.
async fn begin(conn: &Conn, caller: &Caller, id: PledgeId, command: Command) -> Result<(PledgeRow, Pledge)> {
    let row = queries::lock(conn, &caller.scope, id).await?;
    rules::allow(row.status, command, Side::of(&caller.scope))?;
    let lines = queries::lines(conn, &[id]).await?;
    Ok((row.clone(), Pledge::of(row, lines)))
}

/// Writes the next version of a locked pledge, with audit row and event.
pub(super) async fn store(
    conn: &Conn,
    caller: &Caller,
    told: Told,
    (row, lines): (PledgeRow, Vec<PledgeLine>),
    before: &Pledge,
) -> Result<Pledge> {
    let area_id = row.area_id;
    let row = PledgeRow { version: row.version + 1, updated_at: db::now(), ..row };
    queries::update(conn, &row).await?;
    finish(conn, caller, told, Some(before), Pledge::of(row, lines), area_id).await
}

async fn finish(
    conn: &Conn,
    caller: &Caller,
    told: Told,
    before: Option<&Pledge>,
    after: Pledge,
    area_id: i32,
) -> Result<Pledge> {
    let write = audit::Write::of(told.operation, "pledges", after.id.0, area_id);
    let write = audit::Write { company_id: Some(after.company_id), ..write };
    audit::record(conn, caller, write, before, Some(&after)).await?;
    let data = json!({ "status": after.status, "version": after.version });
    events::emit(conn, event(told.event, after.id, (area_id, after.company_id), data)).await?;
    Ok(after)
}

/// An event about a pledge, for its company and its area. What is of a family never goes into `data`.
pub(super) fn event(
    kind: &str,
    pledge_id: PledgeId,
    (area_id, company_id): (i32, CompanyId),
    data: serde_json::Value,
) -> NewEvent<'_> {
    NewEvent { kind, subject: "pledges", subject_id: pledge_id.0, area_id, company_id: Some(company_id), data }
}

/// Kinds and villages that lines name.
pub(super) async fn look_up(conn: &Conn, caller: &Caller, lines: &[NewLine]) -> Result<Known> {
    let codes: Vec<_> = lines.iter().flat_map(|line| &line.village_codes).collect();
    let areas = queries::areas_of(conn, &caller.scope, &codes).await?;
    Ok(Known { kinds: needs::kinds(conn).await?, areas })
}

fn area_of(mut faults: Vec<Fault>, lines: &[NewLine], known: &Known, area_id: Option<i32>) -> Result<i32> {
    match rules::area_of("/lines", lines, known, area_id) {
        Ok(area_id) if faults.is_empty() => Ok(area_id),
        Ok(_) => Err(Error::invalid(faults)),
        Err(of_lines) => {
            faults.extend(of_lines);
            Err(Error::invalid(faults))
        }
    }
}

/// New lines as rows.
pub(super) fn lines_of(pledge_id: PledgeId, lines: &[NewLine], known: &Known) -> Vec<PledgeLine> {
    let line = |new: &NewLine| {
        let kind = known.kind(new.kind.as_str());
        PledgeLine {
            id: PledgeLineId::new(),
            pledge_id,
            kind: new.kind.clone(),
            quantity: new.quantity.clone(),
            unit: kind.map(|kind| kind.unit.clone()).unwrap_or_default(),
            unit_value_rupiah: new.unit_value_rupiah,
            valuation_basis: new.valuation_basis,
            village_codes: new.village_codes.clone(),
            installments: Document(new.installments.clone()),
            origin: LineOrigin::Pledged,
            source_line_id: None,
            field: new.field.or(kind.map(|kind| kind.field)).unwrap_or(AidField::Other),
        }
    };
    lines.iter().map(line).collect()
}
