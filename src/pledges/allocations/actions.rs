//! Changes of allocations: each is called inside a transaction and leaves an audit row and an event in it.

use serde_json::json;

use super::model::{Allocation, AllocationDelivery, AllocationStatus, NewAllocation, NewAllocationDelivery, Release};
use super::queries::{self, ChosenNeed};
use crate::audit;
use crate::beneficiaries::{self, Handover};
use crate::db::{self, Conn};
use crate::domain::{AllocationId, Caller, CollectorKind, DeliveryId, PledgeId, Quantity, TransferId};
use crate::error::{Code, Error, Result};
use crate::events;
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs;
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::rules::{self, Command, Side};
use crate::pledges::{actions, caps, matching_runs, queries as pledges};

/// Reserves some of a line for the need of one family.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, what forbids serving the need,
/// `family_cap_reached`, `not_enough_left`.
pub(super) async fn allocate(conn: &Conn, caller: &Caller, id: PledgeId, new: &NewAllocation) -> Result<Allocation> {
    let pledge = pledges::find(conn, &caller.scope, id).await?;
    matching_runs::share_turn(conn, pledge.area_id).await?;
    let pledge = pledges::share(conn, &caller.scope, id).await?;
    rules::allow(pledge.status, Command::Allocate, Side::of(&caller.scope))?;
    let line = pledges::find_line(conn, id, new.pledge_line_id).await?;
    let line = line.ok_or_else(|| Error::invalid_field("/pledge_line_id", Code::ReferenceUnknown))?;
    let need = queries::lock_need(conn, &caller.scope, new.need_id).await?;
    let need = need.filter(|need| need.area_id == pledge.area_id);
    let need = need.ok_or_else(|| Error::invalid_field("/need_id", Code::ReferenceUnknown))?;
    check_quantity(conn, &line, &new.quantity).await?;
    check_need(&need, &line, &new.quantity)?;
    if let Some(round) = matching_runs::round_in_force(conn, need.area_id, db::today()).await? {
        caps::check(conn, (need.area_id, &round), need.beneficiary_id, (&line.kind, &new.quantity)).await?;
    }
    let expires_on = rules::kept_until(db::today(), new.expires_on)?;
    let now = db::now();
    let allocation = Allocation {
        area_id: need.area_id,
        id: AllocationId::new(),
        pledge_id: id,
        pledge_line_id: line.id,
        need_id: new.need_id,
        beneficiary_id: need.beneficiary_id,
        village_code: need.village_code,
        quantity: new.quantity.clone(),
        delivered_quantity: Quantity::zero(),
        returned_quantity: Quantity::zero(),
        run_id: None,
        rank_in_run: None,
        transfer_id: TransferId::new(),
        expires_on,
        status: AllocationStatus::Reserved,
        created_by: caller.client_id.clone(),
        release_reason: None,
        released_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &allocation).await?;
    needs::meet(conn, need.area_id, &[(new.need_id, new.quantity.clone())], now).await?;
    let write = audit::Write::of("allocate_to_need", "allocations", allocation.id.0, need.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, None, Some(&allocation)).await?;
    let moved = Moved { id: allocation.transfer_id, code: TransferCode::Reserve, quantity: &new.quantity };
    post(conn, caller, &pledge, (&line, moved)).await?;
    Ok(allocation)
}

pub(super) async fn check_quantity(conn: &Conn, line: &PledgeLine, quantity: &Quantity) -> Result<()> {
    let kind = needs::find_kind(conn, &line.kind).await?;
    let faults = kind.map(|kind| needs::quantity_faults("/quantity", &kind, quantity)).unwrap_or_default();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Refuses a need that the line may not serve.
fn check_need(need: &ChosenNeed, line: &PledgeLine, quantity: &Quantity) -> Result<()> {
    let refused = [
        (need.kind != line.kind.as_str(), Code::NeedKindDiffers),
        (!line.village_codes.contains(&need.village_code), Code::NeedOutsideEarmark),
        (!need.is_live, Code::BeneficiaryNotLive),
        (!need.is_verified, Code::BeneficiaryNotVerified),
        (!need.is_open, Code::NeedNotOpen),
    ];
    if let Some((_, code)) = refused.into_iter().find(|(is_so, _)| *is_so) {
        return Err(code.into());
    }
    if *quantity > need.unmet {
        let sentence = format!("{} {} unmet, {quantity} asked", need.unmet, line.unit);
        return Err(Error::from(Code::MoreThanNeeded).about(sentence));
    }
    Ok(())
}

/// Records that aid was handed over to the family, with who took it and the proof.
///
/// # Errors
/// `not_found`, `allocation_not_reserved`, `second_person_needed`, `invalid_fields`, who may not collect,
/// `beneficiary_not_live`, `not_enough_left` beyond what is reserved.
pub(super) async fn deliver(
    conn: &Conn,
    caller: &Caller,
    id: AllocationId,
    new: &NewAllocationDelivery,
) -> Result<AllocationDelivery> {
    let (before, pledge, line) = begin(conn, caller, id, Command::Deliver).await?;
    if before.created_by == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    check_quantity(conn, &line, &new.quantity).await?;
    let collector_kind = collector_of(conn, &before, new).await?;
    let delivered_quantity = before.delivered_quantity.plus(&new.quantity);
    let status = match before.quantity.minus(&delivered_quantity) {
        Some(left) if left.is_zero() => AllocationStatus::Delivered,
        Some(_) => AllocationStatus::Reserved,
        None => return Err(too_much(&before, &line, &new.quantity)),
    };
    let now = db::now();
    let delivery = AllocationDelivery {
        area_id: before.area_id,
        id: DeliveryId::new(),
        allocation_id: id,
        pledge_id: before.pledge_id,
        pledge_line_id: before.pledge_line_id,
        beneficiary_id: before.beneficiary_id,
        quantity: new.quantity.clone(),
        delivered_on: new.delivered_on,
        collector_member_id: new.collector_member_id,
        collector_kind,
        power_of_attorney: new.power_of_attorney.clone(),
        receiver_name: new.receiver_name.clone(),
        handover_number: new.handover_number.clone(),
        proof_digest: new.proof_digest,
        proof_media_type: new.proof_media_type.clone(),
        transfer_id: TransferId::new(),
        recorded_by: caller.client_id.clone(),
        created_at: now,
    };
    queries::insert_delivery(conn, &delivery).await?;
    queries::update(conn, &Allocation { delivered_quantity, status, ..before.clone() }, now).await?;
    let write = audit::Write::of("deliver_allocation", "allocation_deliveries", delivery.id.0, before.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, None, Some(&delivery)).await?;
    let moved = Moved { id: delivery.transfer_id, code: TransferCode::Deliver, quantity: &new.quantity };
    post(conn, caller, &pledge, (&line, moved)).await?;
    Ok(delivery)
}

fn too_much(allocation: &Allocation, line: &PledgeLine, asked: &Quantity) -> Error {
    let left = allocation.quantity.beyond(&allocation.delivered_quantity);
    Error::from(Code::NotEnoughLeft).about(format!("{left} {} reserved, {asked} asked", line.unit))
}

/// Who takes the aid; exactly one of a member and an alternate.
async fn collector_of(conn: &Conn, allocation: &Allocation, new: &NewAllocationDelivery) -> Result<CollectorKind> {
    if new.delivered_on > db::today() {
        return Err(Error::invalid_field("/delivered_on", Code::DateInFuture));
    }
    if let Some(first) = queries::first_receipt(conn, allocation.pledge_line_id).await?
        && new.delivered_on < first
    {
        return Err(Error::invalid(vec![rules::too_early("/delivered_on", first)]));
    }
    if !queries::is_live(conn, allocation.area_id, allocation.beneficiary_id).await? {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let (paper, receiver) = (new.power_of_attorney.as_ref(), new.receiver_name.as_ref());
    let named = beneficiaries::collector_of(new.collector_member_id, paper, receiver);
    let kind = named.map_err(|fault| Error::invalid(vec![fault]))?;
    let handover = Handover {
        area_id: allocation.area_id,
        beneficiary_id: allocation.beneficiary_id,
        member_id: new.collector_member_id,
        power_of_attorney: paper,
        receiver_name: receiver,
        on: new.delivered_on,
        listed_at: allocation.created_at,
    };
    beneficiaries::check_collector(conn, &handover).await?;
    Ok(kind)
}

/// Frees what is reserved and not handed over; the need of the family is unmet again.
///
/// # Errors
/// `not_found`, `allocation_not_reserved`.
pub(super) async fn release(conn: &Conn, caller: &Caller, id: AllocationId, release: &Release) -> Result<Allocation> {
    let (before, pledge, line) = begin(conn, caller, id, Command::Release).await?;
    let left = before.quantity.beyond(&before.delivered_quantity);
    let now = db::now();
    let released = Allocation {
        status: AllocationStatus::Released,
        release_reason: Some(release.reason.clone()),
        released_at: Some(now),
        ..before.clone()
    };
    let after = queries::update(conn, &released, now).await?;
    needs::unmeet(conn, before.area_id, &[(before.need_id, left.clone())], now).await?;
    let write = audit::Write::of("release_allocation", "allocations", id.0, before.area_id);
    let write = audit::Write { company_id: Some(pledge.company_id), ..write };
    audit::record(conn, caller, write, Some(&before), Some(&after)).await?;
    let moved = Moved { id: TransferId::new(), code: TransferCode::Release, quantity: &left };
    post(conn, caller, &pledge, (&line, moved)).await?;
    Ok(after)
}

/// Locks an allocation of which something is reserved, and finds where it comes from.
async fn begin(
    conn: &Conn,
    caller: &Caller,
    id: AllocationId,
    command: Command,
) -> Result<(Allocation, PledgeRow, PledgeLine)> {
    let held = hold(conn, caller, id, command).await?;
    if held.0.status == AllocationStatus::Reserved { Ok(held) } else { Err(not_reserved(&held.0)) }
}

/// Refuses what needs something reserved, naming what can be done where the family has some of it.
fn not_reserved(allocation: &Allocation) -> Error {
    let has_some = allocation.delivered_quantity > allocation.returned_quantity;
    let possible = has_some.then(|| Command::TakeBack.as_str());
    Error::from(Code::AllocationNotReserved).possible(possible.into_iter().collect())
}

/// Locks an allocation of a pledge that takes a command, and finds where it comes from.
pub(super) async fn hold(
    conn: &Conn,
    caller: &Caller,
    id: AllocationId,
    command: Command,
) -> Result<(Allocation, PledgeRow, PledgeLine)> {
    let allocation = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let pledge = pledges::share(conn, &caller.scope, allocation.pledge_id).await?;
    rules::allow(pledge.status, command, Side::of(&caller.scope))?;
    let line = pledges::find_line(conn, pledge.id, allocation.pledge_line_id).await?;
    Ok((allocation, pledge, line.ok_or_else(|| Error::internal("an allocation without its line"))?))
}

/// A movement of one line.
struct Moved<'a> {
    id: TransferId,
    code: TransferCode,
    quantity: &'a Quantity,
}

/// Tells the company how much moved, never for whom, and posts it. The balances are what others wait for, so they
/// are locked last.
async fn post(conn: &Conn, caller: &Caller, pledge: &PledgeRow, (line, moved): (&PledgeLine, Moved<'_>)) -> Result<()> {
    let (kind, from, to) = match moved.code {
        TransferCode::Deliver => ("pledge.delivered", AccountKind::Reserved, AccountKind::Delivered),
        TransferCode::Release => ("pledge.released", AccountKind::Reserved, AccountKind::Stock),
        _ => ("pledge.allocated", AccountKind::Stock, AccountKind::Reserved),
    };
    let data = json!({
        "pledge_line_id": line.id, "kind": line.kind, "unit": line.unit, "quantity": moved.quantity,
        "transfer_id": moved.id,
    });
    let about = (pledge.area_id, pledge.company_id);
    events::emit(conn, actions::event(kind, pledge.id, about, data)).await?;
    let posting = Posting {
        area_id: pledge.area_id,
        group: Group::Pledge(pledge.id),
        client_id: &caller.client_id,
        at: db::now(),
    };
    let transfer = Transfer {
        id: moved.id,
        code: moved.code,
        from: AccountRef::new(from, line.id.0),
        to: AccountRef::new(to, line.id.0),
        unit: line.unit.clone(),
        quantity: moved.quantity.clone(),
    };
    ledger::post(conn, posting, &[transfer]).await
}
