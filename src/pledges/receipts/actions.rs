//! Recording a receipt: inside a transaction, with an audit row and an event.

use serde_json::json;

use super::model::{NewReceipt, Receipt, RecordedReceipt};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Document, PledgeId, PledgeLineId, Quantity, ReceiptId, TransferId};
use crate::error::{Code, Error, Fault, Result};
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::actions::Told;
use crate::pledges::model::{LineOrigin, Pledge, PledgeLine, PledgeRow};
use crate::pledges::rules::{self, Command, LINES_IN_ALL, Side};
use crate::pledges::{actions, queries as pledges};

/// Records what a company gave; it moves from commitment to stock. What is more than is outstanding becomes a line of
/// its own, where the receipt says so.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `not_enough_left` beyond what is outstanding.
pub(super) async fn record(conn: &Conn, caller: &Caller, id: PledgeId, new: &NewReceipt) -> Result<RecordedReceipt> {
    // A line that is added needs the pledge alone, a receipt does not.
    let pledge = if new.is_surplus_taken {
        pledges::lock(conn, &caller.scope, id).await?
    } else {
        pledges::share(conn, &caller.scope, id).await?
    };
    rules::allow(pledge.status, Command::Receive, Side::of(&caller.scope))?;
    let line = pledges::find_line(conn, id, new.pledge_line_id).await?;
    let line = line.ok_or_else(|| Error::invalid_field("/pledge_line_id", Code::ReferenceUnknown))?;
    check(conn, (&pledge, &line), new).await?;
    let (due, surplus) = split(conn, &line, new).await?;
    let mut receipts = Vec::new();
    let mut transfers = Vec::new();
    if !due.is_zero() {
        receipts.push(keep(conn, caller, (&pledge, &line), (new, due)).await?);
    }
    if !surplus.is_zero() {
        let extra = add_line(conn, caller, &pledge, (&line, &surplus)).await?;
        transfers.push(actions::enter(pledge.company_id, &extra, TransferCode::Accept, &surplus));
        receipts.push(keep(conn, caller, (&pledge, &extra), (new, surplus)).await?);
    }
    transfers.extend(receipts.iter().map(|receipt| into_stock(receipt, &line.unit)));
    // The balances of a line are what others wait for, so they are locked last.
    let posting =
        Posting { area_id: pledge.area_id, group: Group::Pledge(id), client_id: &caller.client_id, at: db::now() };
    ledger::post(conn, posting, &transfers).await?;
    let mut receipts = receipts.into_iter();
    let receipt = receipts.next().ok_or_else(|| Error::internal("a receipt of nothing"))?;
    let outstanding = ledger::hold(conn, AccountRef::new(AccountKind::Commitment, receipt.pledge_line_id.0)).await?;
    Ok(RecordedReceipt { receipt, outstanding, surplus: receipts.next() })
}

async fn check(conn: &Conn, (pledge, line): (&PledgeRow, &PledgeLine), new: &NewReceipt) -> Result<()> {
    let kind = needs::find_kind(conn, &line.kind).await?;
    let mut faults = kind.map(|kind| needs::quantity_faults("/quantity", &kind, &new.quantity)).unwrap_or_default();
    if new.received_on > db::today() {
        faults.push(Fault::new("/received_on", Code::DateInFuture));
    } else if new.received_on < rules::first_day(pledge) {
        faults.push(rules::too_early("/received_on", rules::first_day(pledge)));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// What of a receipt was due, and what is more than that.
async fn split(conn: &Conn, line: &PledgeLine, new: &NewReceipt) -> Result<(Quantity, Quantity)> {
    if !new.is_surplus_taken {
        return Ok((new.quantity.clone(), Quantity::zero()));
    }
    let left = ledger::hold(conn, AccountRef::new(AccountKind::Commitment, line.id.0)).await?;
    Ok(match new.quantity.minus(&left) {
        Some(surplus) => (left, surplus),
        None => (new.quantity.clone(), Quantity::zero()),
    })
}

/// Writes a receipt, and tells of it.
async fn keep(
    conn: &Conn,
    caller: &Caller,
    (pledge, line): (&PledgeRow, &PledgeLine),
    (new, quantity): (&NewReceipt, Quantity),
) -> Result<Receipt> {
    let receipt = Receipt {
        id: ReceiptId::new(),
        pledge_id: pledge.id,
        pledge_line_id: line.id,
        quantity,
        handover_number: new.handover_number.clone(),
        received_on: new.received_on,
        recorded_by: caller.client_id.clone(),
        transfer_id: TransferId::new(),
        corrected_by_id: None,
        created_at: db::now(),
    };
    queries::insert(conn, &receipt).await?;
    let write = audit::Write::of("record_receipt", "receipts", receipt.id.0, pledge.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, None, Some(&receipt)).await?;
    let data = json!({
        "receipt_id": receipt.id, "pledge_line_id": line.id, "kind": line.kind, "unit": line.unit,
        "quantity": receipt.quantity, "transfer_id": receipt.transfer_id,
    });
    let about = (pledge.area_id, pledge.company_id);
    events::emit(conn, actions::event("pledge.received", pledge.id, about, data)).await?;
    Ok(receipt)
}

/// Adds the line of a surplus; the pledge has its next version with it.
async fn add_line(
    conn: &Conn,
    caller: &Caller,
    pledge: &PledgeRow,
    (line, surplus): (&PledgeLine, &Quantity),
) -> Result<PledgeLine> {
    let before = pledges::lines(conn, &[pledge.id]).await?;
    if before.len() >= LINES_IN_ALL {
        return Err(Error::from(Code::NotEnoughLeft).about("the pledge has no room for another line".to_owned()));
    }
    let extra = PledgeLine {
        id: PledgeLineId::new(),
        quantity: surplus.clone(),
        installments: Document(Vec::new()),
        origin: LineOrigin::Surplus,
        source_line_id: Some(line.id),
        ..line.clone()
    };
    pledges::insert_lines(conn, std::slice::from_ref(&extra)).await?;
    actions::open_accounts(conn, pledge, std::slice::from_ref(&extra)).await?;
    let was = Pledge::of(pledge.clone(), before.clone());
    let lines = [before, vec![extra.clone()]].concat();
    let told = Told { operation: "record_receipt", event: "pledge.surplus_received" };
    actions::store(conn, caller, told, (pledge.clone(), lines), &was).await?;
    Ok(extra)
}

fn into_stock(receipt: &Receipt, unit: &str) -> Transfer {
    Transfer {
        id: receipt.transfer_id,
        code: TransferCode::Receive,
        from: AccountRef::new(AccountKind::Commitment, receipt.pledge_line_id.0),
        to: AccountRef::new(AccountKind::Stock, receipt.pledge_line_id.0),
        unit: unit.to_owned(),
        quantity: receipt.quantity.clone(),
    }
}
