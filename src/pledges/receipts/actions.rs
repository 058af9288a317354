//! Recording a receipt: inside a transaction, with an audit row and an event.

use serde_json::json;

use super::model::{NewReceipt, Receipt, RecordedReceipt};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, PledgeId, ReceiptId, TransferId};
use crate::error::{Code, Error, Fault, Result};
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::rules::{self, Command, Side};
use crate::pledges::{actions, queries as pledges};

/// Records what a company gave; it moves from commitment to stock.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `not_enough_left` beyond what is outstanding.
pub(super) async fn record(conn: &Conn, caller: &Caller, id: PledgeId, new: &NewReceipt) -> Result<RecordedReceipt> {
    let pledge = pledges::share(conn, &caller.scope, id).await?;
    rules::allow(pledge.status, Command::Receive, Side::of(&caller.scope))?;
    let line = pledges::find_line(conn, id, new.pledge_line_id).await?;
    let line = line.ok_or_else(|| Error::invalid_field("/pledge_line_id", Code::ReferenceUnknown))?;
    let kind = needs::find_kind(conn, &line.kind).await?;
    let mut faults = kind.map(|kind| needs::quantity_faults("/quantity", &kind, &new.quantity)).unwrap_or_default();
    if new.received_on > db::today() {
        faults.push(Fault::new("/received_on", Code::DateInFuture));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let receipt = Receipt {
        id: ReceiptId::new(),
        pledge_id: id,
        pledge_line_id: line.id,
        quantity: new.quantity.clone(),
        handover_number: new.handover_number.clone(),
        received_on: new.received_on,
        recorded_by: caller.client_id.clone(),
        transfer_id: TransferId::new(),
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
    events::emit(conn, actions::event("pledge.received", id, about, data)).await?;
    // The balances of a line are what others wait for, so they are locked last.
    let posting =
        Posting { area_id: pledge.area_id, pledge_id: id, client_id: &caller.client_id, at: receipt.created_at };
    let transfer = Transfer {
        id: receipt.transfer_id,
        code: TransferCode::Receive,
        from: AccountRef::new(AccountKind::Commitment, line.id.0),
        to: AccountRef::new(AccountKind::Stock, line.id.0),
        unit: line.unit,
        quantity: receipt.quantity.clone(),
    };
    ledger::post(conn, posting, &[transfer]).await?;
    let outstanding = ledger::hold(conn, AccountRef::new(AccountKind::Commitment, line.id.0)).await?;
    Ok(RecordedReceipt { receipt, outstanding })
}
