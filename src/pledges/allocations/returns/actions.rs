//! Recording a return: one transaction with its audit row and its event.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::{AllocationReturn, Handed, NewAllocationReturn};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{AllocationId, AllocationReturnId, Caller, Quantity, TransferId};
use crate::error::{Code, Error, Result};
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::actions as pledges;
use crate::pledges::allocations::model::Allocation;
use crate::pledges::allocations::{actions as allocations, queries as rows};
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::rules::Command;

/// Records what a family gave back of an allocation.
///
/// Locks as a release does: the allocation, the pledge, shared, the need; between them the pieces of equipment, and the
/// balances last.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `second_person_needed`,
/// `returned_more_than_given`, `asset_in_custody`, `beneficiary_not_live`, `need_already_open`.
pub(super) async fn record(
    conn: &Conn,
    caller: &Caller,
    id: AllocationId,
    new: &NewAllocationReturn,
) -> Result<AllocationReturn> {
    let (before, pledge, line) = allocations::hold(conn, caller, id, Command::TakeBack).await?;
    let handed = rules::handover(queries::handovers(conn, &before).await?, new)?;
    allocations::check_quantity(conn, &line, &new.quantity).await?;
    let faults = rules::faults_of(new, &handed, db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if handed.recorded_by == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    let rest = be_kept(conn, (&before, &handed), new, &line).await?;
    let now = db::now();
    let came_back = row(caller, (&before, &handed), new, (rest.is_zero(), now));
    queries::insert(conn, &came_back).await?;
    let returned_quantity = before.returned_quantity.plus(&new.quantity);
    rows::update(conn, &Allocation { returned_quantity, ..before.clone() }, now).await?;
    need_again(conn, &before, new, now).await?;
    tell(conn, caller, (&pledge, &line), &came_back).await?;
    Ok(came_back)
}

/// No more than the family still has, by the handovers and by the list of equipment; answers what it keeps.
async fn be_kept(
    conn: &Conn,
    (allocation, handed): (&Allocation, &Handed),
    new: &NewAllocationReturn,
    line: &PledgeLine,
) -> Result<Quantity> {
    let kept = handed.kept();
    let Some(rest) = kept.minus(&new.quantity) else {
        // What the family still has reads the same in every language.
        return Err(Error::from(Code::ReturnedMoreThanGiven).about(format!("{kept} {}", line.unit)));
    };
    let with_family = queries::custodies(conn, allocation.area_id, handed.id).await?;
    match with_family.custody_id {
        Some(custody_id) if with_family.pieces > rest => {
            Err(Error::from(Code::AssetInCustody).related("custodies", custody_id))
        }
        _ => Ok(rest),
    }
}

fn row(
    caller: &Caller,
    (allocation, handed): (&Allocation, &Handed),
    new: &NewAllocationReturn,
    (takes_rest, created_at): (bool, DateTime<Utc>),
) -> AllocationReturn {
    AllocationReturn {
        area_id: allocation.area_id,
        id: AllocationReturnId::new(),
        allocation_id: allocation.id,
        allocation_delivery_id: handed.id,
        pledge_id: allocation.pledge_id,
        pledge_line_id: allocation.pledge_line_id,
        beneficiary_id: allocation.beneficiary_id,
        quantity: new.quantity.clone(),
        is_usable: new.is_usable,
        is_still_needed: new.is_still_needed,
        takes_rest,
        delivered_on: handed.delivered_on,
        returned_on: new.returned_on,
        reason: new.reason,
        remark: new.remark.clone(),
        handover_number: new.handover_number.clone(),
        transfer_id: TransferId::new(),
        loss_transfer_id: (!new.is_usable).then(TransferId::new),
        recorded_by: caller.client_id.clone(),
        created_at,
    }
}

/// What is still needed is met by somebody else, so the family is live.
async fn need_again(conn: &Conn, allocation: &Allocation, new: &NewAllocationReturn, now: DateTime<Utc>) -> Result<()> {
    if !new.is_still_needed {
        return Ok(());
    }
    if !rows::is_live(conn, allocation.area_id, allocation.beneficiary_id).await? {
        return Err(Code::BeneficiaryNotLive.into());
    }
    needs::need_again(conn, allocation.area_id, allocation.need_id, &new.quantity, now).await
}

/// Tells the company how much came back, never from whom nor why, and posts it.
async fn tell(
    conn: &Conn,
    caller: &Caller,
    (pledge, line): (&PledgeRow, &PledgeLine),
    came_back: &AllocationReturn,
) -> Result<()> {
    let write = audit::Write::of("record_allocation_return", "allocation_returns", came_back.id.0, came_back.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, None, Some(came_back)).await?;
    let data = json!({
        "pledge_line_id": line.id, "kind": line.kind, "unit": line.unit, "quantity": came_back.quantity,
        "is_usable": came_back.is_usable, "transfer_id": came_back.transfer_id,
        "loss_transfer_id": came_back.loss_transfer_id,
    });
    let about = (pledge.area_id, pledge.company_id);
    events::emit(conn, pledges::event("pledge.taken_back", pledge.id, about, data)).await?;
    // Not every line has a place for what is lost from the start.
    pledges::open_accounts(conn, pledge, std::slice::from_ref(line)).await?;
    let posting = Posting {
        area_id: pledge.area_id,
        group: Group::Pledge(pledge.id),
        client_id: &caller.client_id,
        at: db::now(),
    };
    ledger::post(conn, posting, &transfers(line, came_back)).await
}

/// Back into stock, and out of it again where it is lost: a correction can take the loss back alone.
fn transfers(line: &PledgeLine, came_back: &AllocationReturn) -> Vec<Transfer> {
    use AccountKind::{Delivered, Lost, Stock};
    let moved = |(id, code): (TransferId, TransferCode), (from, to): (AccountKind, AccountKind)| Transfer {
        id,
        code,
        from: AccountRef::new(from, line.id.0),
        to: AccountRef::new(to, line.id.0),
        unit: line.unit.clone(),
        quantity: came_back.quantity.clone(),
    };
    let back = moved((came_back.transfer_id, TransferCode::PutBack), (Delivered, Stock));
    let loss = came_back.loss_transfer_id.map(|id| moved((id, TransferCode::Lose), (Stock, Lost)));
    std::iter::once(back).chain(loss).collect()
}
