//! Recording a return: one transaction with its audit row and its event.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::{DeliveryReturn, NewReturn};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, DeliveryId, DeliveryReturnId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs;
use crate::programs::deliveries::model::{Delivery, Due};
use crate::programs::deliveries::queries as deliveries;
use crate::programs::suspension_orders::{self, Within};
use crate::stock::{self, Came};

/// Records what came back of a delivery.
///
/// Locks as a delivery does: the cycle, shared, then the entitlement, so that returns and deliveries of it take turns.
///
/// # Errors
/// `not_found`, `invalid_fields`, `cycle_not_approved`, `returned_more_than_given`, and as [`stock::put_back`].
pub(super) async fn record(conn: &Conn, caller: &Caller, id: DeliveryId, new: &NewReturn) -> Result<DeliveryReturn> {
    let delivery = deliveries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let due = deliveries::find_due(conn, &caller.scope, delivery.entitlement_id).await?.ok_or(Code::NotFound)?;
    let program = programs::find(conn, &caller.scope, delivery.program_id).await?.ok_or(Code::NotFound)?;
    let faults = rules::faults_of(new, &delivery, program.kind.counts_whole_units(), db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    be_open(conn, &due, new).await?;
    let takes_rest = be_given(conn, (&due, &delivery), new, &program.unit).await?;
    let now = db::now();
    let came_back = row(caller, (&due, &delivery), new, (takes_rest, now));
    queries::insert(conn, &came_back).await?;
    put_back(conn, caller, &came_back, new).await?;
    hold_again(conn, &due, new, now).await?;
    tell(conn, caller, &came_back).await?;
    Ok(came_back)
}

/// Puts it back where it came from, where a site takes it.
async fn put_back(conn: &Conn, caller: &Caller, came_back: &DeliveryReturn, new: &NewReturn) -> Result<()> {
    let (Some(site_id), Some(number)) = (new.stock_site_id, &new.handover_number) else { return Ok(()) };
    let came = Came {
        area_id: came_back.area_id,
        site_id,
        delivery_id: came_back.delivery_id,
        return_id: came_back.id,
        quantity: &came_back.quantity,
        on: came_back.returned_on,
        document_number: number.as_str(),
    };
    stock::put_back(conn, caller, &came).await
}

/// Of a closed cycle nothing becomes due again; that something came back is recorded all the same.
async fn be_open(conn: &Conn, due: &Due, new: &NewReturn) -> Result<()> {
    let status = deliveries::share_cycle(conn, due).await?;
    if new.is_due_again && status != "approved" {
        return Err(Error::from(Code::CycleNotApproved).about(format!("the cycle is {status}")));
    }
    Ok(())
}

/// No more than the family still has of the delivery; answers whether it is all of that.
async fn be_given(conn: &Conn, (due, delivery): (&Due, &Delivery), new: &NewReturn, unit: &str) -> Result<bool> {
    deliveries::lock_due(conn, due).await?;
    let returned = queries::returned(conn, delivery).await?;
    let kept = delivery.quantity.beyond(&returned);
    match kept.minus(&new.quantity) {
        Some(rest) => Ok(rest.is_zero()),
        // What the family still has reads the same in every language.
        None => Err(Error::from(Code::ReturnedMoreThanGiven).about(format!("{kept} {unit}"))),
    }
}

fn row(
    caller: &Caller,
    (due, delivery): (&Due, &Delivery),
    new: &NewReturn,
    (takes_rest, created_at): (bool, DateTime<Utc>),
) -> DeliveryReturn {
    DeliveryReturn {
        id: DeliveryReturnId::new(),
        delivery_id: delivery.id,
        entitlement_id: due.id,
        cycle_id: due.cycle_id,
        period: due.period,
        program_id: due.program_id,
        beneficiary_id: due.beneficiary_id,
        quantity: new.quantity.clone(),
        component: delivery.component.clone(),
        is_due_again: new.is_due_again,
        delivered_on: delivery.delivered_on,
        returned_on: new.returned_on,
        reason: new.reason,
        remark: new.remark.as_ref().map(ToString::to_string),
        handover_number: new.handover_number.as_ref().map(ToString::to_string),
        recorded_by: caller.client_id.clone(),
        created_at,
        takes_rest,
        area_id: due.area_id,
    }
}

/// What is due again under an order in force is held, as what was not delivered is.
async fn hold_again(conn: &Conn, due: &Due, new: &NewReturn, now: DateTime<Utc>) -> Result<()> {
    if new.is_due_again {
        let within = Within::Entitlement(due.period, due.id);
        suspension_orders::hold(conn, (due.area_id, due.program_id), within, now).await?;
    }
    Ok(())
}

async fn tell(conn: &Conn, caller: &Caller, came_back: &DeliveryReturn) -> Result<()> {
    let (id, area_id) = (came_back.id.0, came_back.area_id);
    let write = audit::Write::of("record_delivery_return", "delivery_returns", id, area_id);
    audit::record(conn, caller, write, None, Some(came_back)).await?;
    let event = NewEvent {
        kind: "delivery.returned",
        subject: "delivery_returns",
        subject_id: id,
        area_id,
        company_id: None,
        data: json!({
            "program_id": came_back.program_id, "delivery_id": came_back.delivery_id,
            "entitlement_id": came_back.entitlement_id, "quantity": came_back.quantity,
            "is_due_again": came_back.is_due_again,
        }),
    };
    events::emit(conn, event).await
}
