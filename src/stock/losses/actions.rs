//! Proposing losses, agreeing to them and refusing them: each in one transaction with its audit row and its event.

use serde_json::json;

use super::model::{Missing, StockLoss, StockLossProposal, StockLossReason, StockLossRefusal, StockLossStatus};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, Quantity, Scope, StockLossId, StockSiteId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::stock::lots::{self, StockLot};
use crate::stock::movements::{self, Move, StockMovementKind};
use crate::stock::sites;

/// Says that goods are gone; nothing is booked before somebody else agrees.
///
/// # Errors
/// `invalid_fields`, `stock_site_closed`.
pub(super) async fn propose(conn: &Conn, caller: &Caller, new: &StockLossProposal) -> Result<StockLoss> {
    let lot = lots::find(conn, &caller.scope, new.stock_lot_id).await?;
    let lot = lot.ok_or_else(|| Error::invalid_field("/stock_lot_id", Code::ReferenceUnknown))?;
    let mut faults = movements::faults_of(&lot, &new.quantity, (new.lost_on, "/lost_on"), db::today());
    if new.reason == StockLossReason::Other && new.remark.is_none() {
        faults.push(Fault::new("/remark", Code::RemarkMissing));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let loss = StockLoss {
        quantity: new.quantity.clone(),
        reason: new.reason,
        remark: new.remark.as_ref().map(ToString::to_string),
        lost_on: new.lost_on,
        minutes_number: new.minutes_number.to_string(),
        liable: new.liable.to_string(),
        ..blank(conn, caller, (&lot, new.stock_site_id)).await?
    };
    keep(conn, caller, &loss).await?;
    Ok(loss)
}

/// Proposes what a loss of a cycle takes from stock, inside its transaction.
///
/// # Errors
/// `invalid_fields`, `stock_site_closed`.
pub(crate) async fn tell_of(conn: &Conn, caller: &Caller, missing: &Missing<'_>) -> Result<()> {
    let scope = Scope { area_ids: vec![missing.area_id], ..caller.scope.clone() };
    let lot = lots::find(conn, &scope, missing.lot_id).await?;
    let lot = lot.ok_or_else(|| Error::invalid_field("/stock_lot_id", Code::ReferenceUnknown))?;
    movements::be_for(&lot, missing.program)?;
    let faults = movements::faults_of(&lot, missing.quantity, (missing.lost_on, "/lost_on"), db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let loss = StockLoss {
        quantity: missing.quantity.clone(),
        reason: missing.reason,
        remark: missing.remark.map(ToOwned::to_owned),
        lost_on: missing.lost_on,
        minutes_number: missing.minutes_number.to_owned(),
        liable: missing.liable.to_owned(),
        delivery_loss_id: Some(missing.delivery_loss_id),
        ..blank(conn, caller, (&lot, missing.site_id)).await?
    };
    keep(conn, caller, &loss).await
}

/// A loss of nothing yet, of a lot at a site that is held open.
async fn blank(conn: &Conn, caller: &Caller, (lot, stock_site_id): (&StockLot, StockSiteId)) -> Result<StockLoss> {
    sites::hold(conn, (lot.area_id, stock_site_id), "/stock_site_id").await?;
    let now = db::now();
    Ok(StockLoss {
        id: StockLossId::new(),
        stock_lot_id: lot.id,
        stock_site_id,
        quantity: Quantity::zero(),
        reason: StockLossReason::Other,
        remark: None,
        lost_on: lot.received_on,
        minutes_number: String::new(),
        liable: String::new(),
        delivery_loss_id: None,
        status: StockLossStatus::Proposed,
        proposed_by: caller.client_id.clone(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        created_at: now,
        updated_at: now,
        area_id: lot.area_id,
    })
}

async fn keep(conn: &Conn, caller: &Caller, loss: &StockLoss) -> Result<()> {
    queries::insert(conn, loss).await?;
    tell(conn, caller, ("propose_stock_loss", "stock_loss.proposed"), None, loss).await
}

/// Agrees to a loss as the second person: it is booked, as far as there is so much.
///
/// # Errors
/// `not_found`, `stock_loss_decided`, `second_person_needed`, `stock_site_closed`, `not_enough_left`.
pub(super) async fn agree(conn: &Conn, caller: &Caller, id: StockLossId) -> Result<StockLoss> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check_second_person(&before, &caller.client_id)?;
    let now = db::now();
    let loss = StockLoss {
        status: StockLossStatus::Agreed,
        decided_by: Some(caller.client_id.clone()),
        decided_at: Some(now),
        updated_at: now,
        ..before.clone()
    };
    queries::decide(conn, &loss).await?;
    let lot = lots::find(conn, &caller.scope, loss.stock_lot_id).await?.ok_or(Code::NotFound)?;
    movements::book(conn, caller, movement_of(&lot, &loss)).await?;
    tell(conn, caller, ("agree_to_stock_loss", "stock_loss.agreed"), Some(&before), &loss).await?;
    Ok(loss)
}

fn movement_of<'a>(lot: &'a StockLot, loss: &StockLoss) -> Move<'a> {
    Move {
        from: Some(loss.stock_site_id),
        quantity: loss.quantity.clone(),
        on: loss.lost_on,
        document_number: loss.minutes_number.clone(),
        remark: loss.remark.clone(),
        stock_loss_id: Some(loss.id),
        ..Move::of(lot, StockMovementKind::Lose)
    }
}

/// Refuses a loss as the second person: nothing is booked.
///
/// # Errors
/// `not_found`, `stock_loss_decided`, `second_person_needed`.
pub(super) async fn refuse(
    conn: &Conn,
    caller: &Caller,
    id: StockLossId,
    refusal: &StockLossRefusal,
) -> Result<StockLoss> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check_second_person(&before, &caller.client_id)?;
    let now = db::now();
    let loss = StockLoss {
        status: StockLossStatus::Refused,
        decided_by: Some(caller.client_id.clone()),
        decided_at: Some(now),
        decision_reason: Some(refusal.reason.to_string()),
        updated_at: now,
        ..before.clone()
    };
    queries::decide(conn, &loss).await?;
    tell(conn, caller, ("refuse_stock_loss", "stock_loss.refused"), Some(&before), &loss).await?;
    Ok(loss)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&StockLoss>,
    loss: &StockLoss,
) -> Result<()> {
    let write = audit::Write::of(operation, "stock_losses", loss.id.0, loss.area_id);
    audit::record(conn, caller, write, before, Some(loss)).await?;
    let event = NewEvent {
        kind,
        subject: "stock_losses",
        subject_id: loss.id.0,
        area_id: loss.area_id,
        company_id: None,
        data: json!({
            "stock_lot_id": loss.stock_lot_id, "stock_site_id": loss.stock_site_id, "quantity": loss.quantity,
            "reason": loss.reason, "status": loss.status,
        }),
    };
    events::emit(conn, event).await
}
