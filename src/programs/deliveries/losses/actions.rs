//! Recording a loss: one transaction with its audit row and its event.

use serde_json::json;

use super::model::{DeliveryLoss, LossCycle, NewLoss};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, CycleId, DeliveryLossId, Quantity};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs;
use crate::programs::deliveries::queries as deliveries;
use crate::stock::{self, Missing};

/// Records what was lost on the way. What is due is not touched, so nothing is locked.
///
/// # Errors
/// `not_found`, `cycle_not_approved`, `invalid_fields`, `loss_too_large`, `lot_not_for_program`, `stock_site_closed`.
pub(super) async fn record(conn: &Conn, caller: &Caller, id: CycleId, new: &NewLoss) -> Result<DeliveryLoss> {
    let cycle = queries::find_cycle(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    // After the end as well: what was missing is found in the count of the store.
    if matches!(cycle.status.as_str(), "planned" | "cancelled") {
        return Err(Error::from(Code::CycleNotApproved).about(format!("the cycle is {}", cycle.status)));
    }
    let program = programs::find(conn, &caller.scope, cycle.program_id).await?.ok_or(Code::NotFound)?;
    let mut faults = rules::faults_of(new, program.kind.counts_whole_units(), db::today());
    let most = check_target(conn, caller, (&cycle, new), &mut faults).await?;
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if most.minus(&new.quantity).is_none() {
        return Err(Error::from(Code::LossTooLarge).about(format!("{most} {}", program.unit)));
    }
    let loss = row(caller, &cycle, new);
    queries::insert(conn, &loss).await?;
    propose_for_stock(conn, caller, (&loss, &program.unit), new).await?;
    tell(conn, caller, &loss).await?;
    Ok(loss)
}

/// Proposes the loss of what was still in stock: another person agrees to it.
async fn propose_for_stock(
    conn: &Conn,
    caller: &Caller,
    (loss, unit): (&DeliveryLoss, &str),
    new: &NewLoss,
) -> Result<()> {
    let (Some(lot_id), Some(site_id)) = (new.stock_lot_id, new.stock_site_id) else { return Ok(()) };
    let missing = Missing {
        area_id: loss.area_id,
        lot_id,
        site_id,
        delivery_loss_id: loss.id,
        program: (loss.program_id, unit),
        quantity: &loss.quantity,
        reason: loss.reason.in_stock(),
        remark: loss.remark.as_deref(),
        lost_on: loss.lost_on,
        minutes_number: loss.handover_number.as_deref().unwrap_or_default(),
        liable: &loss.liable,
    };
    stock::tell_of_loss(conn, caller, &missing).await
}

/// Finds whom it was for, in the list of the cycle; answers how much was due there.
async fn check_target(
    conn: &Conn,
    caller: &Caller,
    (cycle, new): (&LossCycle, &NewLoss),
    faults: &mut Vec<Fault>,
) -> Result<Quantity> {
    if let Some(village_code) = &new.village_code
        && !queries::has_village(conn, cycle, village_code).await?
    {
        faults.push(Fault::new("/village_code", Code::VillageUnknown));
    }
    let Some(entitlement_id) = new.entitlement_id else { return Ok(cycle.entitled_quantity.clone()) };
    let due = deliveries::find_due(conn, &caller.scope, entitlement_id).await?;
    if let Some(due) = due.filter(|due| due.cycle_id == cycle.id && due.area_id == cycle.area_id) {
        return Ok(due.quantity);
    }
    faults.push(Fault::new("/entitlement_id", Code::ReferenceUnknown));
    Ok(cycle.entitled_quantity.clone())
}

fn row(caller: &Caller, cycle: &LossCycle, new: &NewLoss) -> DeliveryLoss {
    DeliveryLoss {
        id: DeliveryLossId::new(),
        cycle_id: cycle.id,
        program_id: cycle.program_id,
        village_code: new.village_code.clone(),
        entitlement_id: new.entitlement_id,
        quantity: new.quantity.clone(),
        stage: new.stage,
        reason: new.reason,
        remark: new.remark.as_ref().map(ToString::to_string),
        lost_on: new.lost_on,
        liable: new.liable.to_string(),
        police_report_number: new.police_report_number.as_ref().map(ToString::to_string),
        handover_number: new.handover_number.as_ref().map(ToString::to_string),
        recorded_by: caller.client_id.clone(),
        created_at: db::now(),
        area_id: cycle.area_id,
    }
}

async fn tell(conn: &Conn, caller: &Caller, loss: &DeliveryLoss) -> Result<()> {
    let (id, area_id) = (loss.id.0, loss.area_id);
    let write = audit::Write::of("record_delivery_loss", "delivery_losses", id, area_id);
    audit::record(conn, caller, write, None, Some(loss)).await?;
    let event = NewEvent {
        kind: "delivery.lost",
        subject: "delivery_losses",
        subject_id: id,
        area_id,
        company_id: None,
        data: json!({
            "program_id": loss.program_id, "cycle_id": loss.cycle_id, "village_code": loss.village_code,
            "quantity": loss.quantity, "reason": loss.reason,
        }),
    };
    events::emit(conn, event).await
}
