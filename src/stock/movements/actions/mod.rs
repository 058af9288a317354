//! Moving goods: each movement in one transaction with its transfer, its audit row and its event.

mod handovers;

use serde_json::json;

pub(crate) use self::handovers::{Came, Drawn, draw, put_back};
use super::model::{
    Move, NewStockCount, NewStockHandOut, NewStockReturn, NewStockTransfer, StockMovement, StockMovementKind,
};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, StockLotId, StockMovementId, StockPlaceId, StockSiteId, TransferId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::ledger::{self, AccountKind, AccountRef, Group, NewAccount, Posting, Transfer};
use crate::stock::lots::{self, StockLot};
use crate::stock::sites;

/// Opens the accounts of a new lot.
///
/// # Errors
/// Where the database refuses.
pub(in crate::stock) async fn open(conn: &Conn, lot: &StockLot) -> Result<()> {
    use AccountKind::{Counted, Delivered, HandedOut, Lost, Returned, Supply};
    let kinds = [Supply, HandedOut, Delivered, Returned, Lost, Counted];
    let accounts = kinds.map(|kind| NewAccount { account: AccountRef::new(kind, lot.id.0), unit: &lot.unit });
    ledger::open(conn, lot.area_id, &accounts, db::now()).await
}

/// Books a movement of a lot between sites that are held open, or between one and an account of the lot.
///
/// # Errors
/// `invalid_fields` where the sub-district has no such site, `stock_site_closed`, `not_enough_left`.
pub(in crate::stock) async fn book(conn: &Conn, caller: &Caller, moved: Move<'_>) -> Result<StockMovement> {
    for (site_id, pointer) in [(moved.from, "/from_site_id"), (moved.to, "/to_site_id")] {
        let Some(site_id) = site_id else { continue };
        let pointer = if moved.kind == StockMovementKind::Transfer { pointer } else { "/stock_site_id" };
        sites::hold(conn, (moved.lot.area_id, site_id), pointer).await?;
    }
    let id = StockMovementId::new();
    if !moved.quantity.is_zero() {
        let from = from_end(conn, &moved).await?;
        let to = to_end(conn, &moved).await?;
        post(conn, caller, (&moved, id), (from, to)).await?;
    }
    let movement = row(caller, &moved, id);
    queries::insert(conn, &movement).await?;
    tell(conn, caller, &movement).await?;
    Ok(movement)
}

/// The account that a movement leaves.
async fn from_end(conn: &Conn, moved: &Move<'_>) -> Result<AccountRef> {
    let lot = moved.lot;
    let Some(site_id) = moved.from else { return Ok(AccountRef::new(moved.kind.other_end(), lot.id.0)) };
    let place = queries::find_place(conn, (lot.area_id, lot.id), site_id).await?;
    let place = place.ok_or_else(|| {
        let sentence = format!("0 {} free, {} asked", lot.unit, moved.quantity);
        Error::from(Code::NotEnoughLeft).about(sentence)
    })?;
    Ok(AccountRef::new(AccountKind::Stock, place.0))
}

/// The account that a movement enters.
async fn to_end(conn: &Conn, moved: &Move<'_>) -> Result<AccountRef> {
    let Some(site_id) = moved.to else { return Ok(AccountRef::new(moved.kind.other_end(), moved.lot.id.0)) };
    Ok(AccountRef::new(AccountKind::Stock, open_place(conn, moved.lot, site_id).await?.0))
}

/// The place of a lot at a site, with its account; made where the lot comes there for the first time.
async fn open_place(conn: &Conn, lot: &StockLot, site_id: StockSiteId) -> Result<StockPlaceId> {
    let key = (lot.area_id, lot.id);
    if let Some(place) = queries::find_place(conn, key, site_id).await? {
        return Ok(place);
    }
    queries::insert_place(conn, key, site_id).await?;
    let place = queries::find_place(conn, key, site_id).await?;
    let place = place.ok_or_else(|| Error::internal("a place of stock that was just made is not there"))?;
    let account = NewAccount { account: AccountRef::new(AccountKind::Stock, place.0), unit: &lot.unit };
    ledger::open(conn, lot.area_id, &[account], db::now()).await?;
    Ok(place)
}

async fn post(
    conn: &Conn,
    caller: &Caller,
    (moved, id): (&Move<'_>, StockMovementId),
    (from, to): (AccountRef, AccountRef),
) -> Result<()> {
    let lot = moved.lot;
    // What stood where is asked of any moment: a movement that waits for another is younger than it.
    let places = [from, to].into_iter().filter(|end| end.kind == AccountKind::Stock).map(|end| end.owner_id);
    ledger::hold_all(conn, AccountKind::Stock, &places.collect::<Vec<_>>()).await?;
    let posting =
        Posting { area_id: lot.area_id, group: Group::Lot(lot.id), client_id: &caller.client_id, at: db::now() };
    let transfer = Transfer {
        id: TransferId(id.0),
        code: moved.kind.code(),
        from,
        to,
        unit: lot.unit.clone(),
        quantity: moved.quantity.clone(),
    };
    ledger::post(conn, posting, &[transfer]).await
}

fn row(caller: &Caller, moved: &Move<'_>, id: StockMovementId) -> StockMovement {
    StockMovement {
        id,
        stock_lot_id: moved.lot.id,
        kind: moved.kind,
        from_site_id: moved.from,
        to_site_id: moved.to,
        quantity: moved.quantity.clone(),
        counted_quantity: moved.counted.clone(),
        moved_on: moved.on,
        document_number: moved.document_number.clone(),
        remark: moved.remark.clone(),
        cycle_id: moved.cycle_id,
        delivery_id: moved.delivery_id,
        delivery_return_id: moved.delivery_return_id,
        stock_loss_id: moved.stock_loss_id,
        recorded_by: caller.client_id.clone(),
        created_at: db::now(),
        area_id: moved.lot.area_id,
    }
}

async fn tell(conn: &Conn, caller: &Caller, movement: &StockMovement) -> Result<()> {
    let (id, area_id) = (movement.id.0, movement.area_id);
    let write = audit::Write::of(movement.kind.operation(), "stock_movements", id, area_id);
    audit::record(conn, caller, write, None, Some(movement)).await?;
    let event = NewEvent {
        kind: "stock_movement.recorded",
        subject: "stock_movements",
        subject_id: id,
        area_id,
        company_id: None,
        data: json!({
            "kind": movement.kind, "stock_lot_id": movement.stock_lot_id, "from_site_id": movement.from_site_id,
            "to_site_id": movement.to_site_id, "quantity": movement.quantity,
        }),
    };
    events::emit(conn, event).await
}

async fn find_lot(conn: &Conn, caller: &Caller, id: StockLotId) -> Result<StockLot> {
    lots::find(conn, &caller.scope, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// Brings goods from one site to another.
///
/// # Errors
/// `not_found`, `invalid_fields`, and as [`book`].
pub(super) async fn transfer(
    conn: &Conn,
    caller: &Caller,
    id: StockLotId,
    new: &NewStockTransfer,
) -> Result<StockMovement> {
    let lot = find_lot(conn, caller, id).await?;
    let mut faults = rules::faults_of(&lot, &new.quantity, (new.moved_on, "/moved_on"), db::today());
    if new.from_site_id == new.to_site_id {
        faults.push(Fault::new("/to_site_id", Code::SameSite));
    }
    be_faultless(faults)?;
    let moved = Move {
        from: Some(new.from_site_id),
        to: Some(new.to_site_id),
        quantity: new.quantity.clone(),
        on: new.moved_on,
        document_number: new.document_number.to_string(),
        remark: new.remark.as_ref().map(ToString::to_string),
        ..Move::of(&lot, StockMovementKind::Transfer)
    };
    book(conn, caller, moved).await
}

/// Takes goods to a hand-over day of a cycle, or what is left over of them back.
///
/// # Errors
/// `not_found`, `invalid_fields`, `lot_not_for_program`, `lot_expired`, `cycle_not_approved`, `program_suspended`, and as
/// [`book`].
pub(super) async fn hand_out(
    conn: &Conn,
    caller: &Caller,
    (id, kind): (StockLotId, StockMovementKind),
    new: &NewStockHandOut,
) -> Result<StockMovement> {
    let lot = find_lot(conn, caller, id).await?;
    be_faultless(rules::faults_of(&lot, &new.quantity, (new.moved_on, "/moved_on"), db::today()))?;
    let is_out = kind == StockMovementKind::HandOut;
    be_open(conn, &lot, new, is_out).await?;
    let moved = Move {
        from: is_out.then_some(new.stock_site_id),
        to: (!is_out).then_some(new.stock_site_id),
        quantity: new.quantity.clone(),
        on: new.moved_on,
        document_number: new.document_number.to_string(),
        remark: new.remark.as_ref().map(ToString::to_string),
        cycle_id: Some(new.cycle_id),
        ..Move::of(&lot, kind)
    };
    let movement = book(conn, caller, moved).await?;
    be_out(conn, &lot, new).await?;
    Ok(movement)
}

/// Goods go only to an approved cycle of a program that they are for, and that nothing stops.
async fn be_open(conn: &Conn, lot: &StockLot, new: &NewStockHandOut, is_out: bool) -> Result<()> {
    let cycle = queries::share_cycle(conn, lot.area_id, new.cycle_id).await?;
    let cycle = cycle.ok_or_else(|| Error::invalid_field("/cycle_id", Code::ReferenceUnknown))?;
    if !is_out {
        return Ok(());
    }
    rules::be_fit(lot, (cycle.program_id, &cycle.unit), new.moved_on)?;
    if cycle.status != "approved" {
        return Err(Error::from(Code::CycleNotApproved).about(format!("the cycle is {}", cycle.status)));
    }
    if queries::is_suspended(conn, lot.area_id, new.cycle_id).await? {
        return Err(Code::ProgramSuspended.into());
    }
    Ok(())
}

/// No more comes back from a cycle than went to it. The balance of what is out is locked by now.
async fn be_out(conn: &Conn, lot: &StockLot, new: &NewStockHandOut) -> Result<()> {
    let out = queries::still_out(conn, (lot.area_id, lot.id), new.cycle_id).await?;
    if !out.is_negative() {
        return Ok(());
    }
    let mut before = out;
    before += &new.quantity;
    let sentence = format!("{before} {} handed out in the cycle, {} asked", lot.unit, new.quantity);
    Err(Error::from(Code::NotEnoughLeft).about(sentence))
}

/// Gives goods back to the supplier.
///
/// # Errors
/// `not_found`, `invalid_fields`, and as [`book`].
pub(super) async fn give_back(
    conn: &Conn,
    caller: &Caller,
    id: StockLotId,
    new: &NewStockReturn,
) -> Result<StockMovement> {
    let lot = find_lot(conn, caller, id).await?;
    be_faultless(rules::faults_of(&lot, &new.quantity, (new.moved_on, "/moved_on"), db::today()))?;
    let moved = Move {
        from: Some(new.stock_site_id),
        quantity: new.quantity.clone(),
        on: new.moved_on,
        document_number: new.document_number.to_string(),
        remark: Some(new.remark.to_string()),
        ..Move::of(&lot, StockMovementKind::Return)
    };
    book(conn, caller, moved).await
}

/// Books what a count of a lot at a site differs by. The balance is held from before it is compared.
///
/// # Errors
/// `not_found`, `invalid_fields`, `stock_site_closed`.
pub(super) async fn count(conn: &Conn, caller: &Caller, id: StockLotId, new: &NewStockCount) -> Result<StockMovement> {
    let lot = find_lot(conn, caller, id).await?;
    let mut faults = Vec::new();
    if lot.counts_whole_units && !new.counted_quantity.is_whole() {
        faults.push(Fault::new("/counted_quantity", Code::QuantityNotWhole));
    }
    faults.extend(rules::faults_of_day(&lot, (new.counted_on, "/counted_on"), db::today()));
    be_faultless(faults)?;
    sites::hold(conn, (lot.area_id, new.stock_site_id), "/stock_site_id").await?;
    let place = open_place(conn, &lot, new.stock_site_id).await?;
    let held = ledger::hold(conn, AccountRef::new(AccountKind::Stock, place.0)).await?;
    let missing = held.minus(&new.counted_quantity).filter(|missing| !missing.is_zero());
    let surplus = new.counted_quantity.beyond(&held);
    let moved = Move {
        from: missing.is_some().then_some(new.stock_site_id),
        to: missing.is_none().then_some(new.stock_site_id),
        quantity: missing.unwrap_or(surplus),
        counted: Some(new.counted_quantity.clone()),
        on: new.counted_on,
        document_number: new.minutes_number.to_string(),
        remark: new.remark.as_ref().map(ToString::to_string),
        ..Move::of(&lot, StockMovementKind::Count)
    };
    book(conn, caller, moved).await
}

fn be_faultless(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}
