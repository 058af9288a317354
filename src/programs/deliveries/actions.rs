//! Recording a delivery: one transaction with its audit row and its event.

use serde_json::json;

use super::model::{Delivery, Due, NewDelivery};
use super::{queries, rules};
use crate::audit;
use crate::beneficiaries::{self, Handover};
use crate::db::{self, Conn};
use crate::domain::{Caller, DeliveryId, Text};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::suspension_orders::{self, InForce};
use crate::programs::{self, entitlements};
use crate::stock::{self, Drawn};

/// Records what was handed over.
///
/// Locks, in this order: the cycle, shared, so that orders and closures wait or are met; then the entitlement, so
/// that what is left is counted once; last what stock holds, where it comes from there.
///
/// # Errors
/// `invalid_fields`, `cycle_not_approved`, `program_suspended`, `entitlement_used_up`, and as
/// [`beneficiaries::check_collector`] and [`stock::draw`].
pub(super) async fn record(conn: &Conn, caller: &Caller, new: &NewDelivery) -> Result<Delivery> {
    record_as(conn, caller, DeliveryId::new(), new).await
}

/// Records what was handed over under an id that a device gave it.
///
/// # Errors
/// As [`record`].
pub(super) async fn record_as(conn: &Conn, caller: &Caller, id: DeliveryId, new: &NewDelivery) -> Result<Delivery> {
    let mut faults = rules::faults_of(new, db::today());
    let Some(due) = queries::find_due(conn, &caller.scope, new.entitlement_id).await? else {
        return Err(Error::invalid_field("/entitlement_id", Code::ReferenceUnknown));
    };
    let program = programs::find(conn, &caller.scope, due.program_id).await?.ok_or(Code::NotFound)?;
    if program.kind.counts_whole_units() && !new.quantity.is_whole() {
        faults.push(Fault::new("/quantity", Code::QuantityNotWhole));
    }
    faults.extend(rules::early_fault(&due, new.delivered_on));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let order = be_open(conn, &due, new.component.as_ref()).await?;
    be_received(conn, &due, new).await?;
    be_left(conn, &due, new, (order.as_ref(), &program.unit)).await?;
    draw(conn, caller, (&due, id), new, &program.unit).await?;
    // Whoever waited for an order to end hands over after it.
    let delivery = queries::insert(conn, caller, (&due, id), new, db::now()).await?;
    tell(conn, caller, &delivery).await?;
    Ok(delivery)
}

/// Takes it from stock, where it comes from there.
async fn draw(
    conn: &Conn,
    caller: &Caller,
    (due, delivery_id): (&Due, DeliveryId),
    new: &NewDelivery,
    unit: &str,
) -> Result<()> {
    let (Some(lot_id), Some(site_id)) = (new.stock_lot_id, new.stock_site_id) else { return Ok(()) };
    let drawn = Drawn {
        area_id: due.area_id,
        lot_id,
        site_id,
        delivery_id,
        program_id: due.program_id,
        unit,
        quantity: &new.quantity,
        on: new.delivered_on,
        handover_number: new.handover_number.as_str(),
    };
    stock::draw(conn, caller, &drawn).await
}

/// Somebody took it who may, and who it was is known.
async fn be_received(conn: &Conn, due: &Due, new: &NewDelivery) -> Result<()> {
    let handover = Handover {
        area_id: due.area_id,
        beneficiary_id: due.beneficiary_id,
        member_id: new.collector_member_id,
        power_of_attorney: new.power_of_attorney.as_ref(),
        receiver_name: new.receiver_name.as_ref(),
        on: new.delivered_on,
        listed_at: due.listed_at.ok_or(Code::CycleNotApproved)?,
    };
    beneficiaries::check_collector(conn, &handover).await
}

/// The cycle is approved, not closed, and no order stops all that is due; answers one that stops a part of it, that on the
/// component before others.
async fn be_open(conn: &Conn, due: &Due, component: Option<&Text<40>>) -> Result<Option<InForce>> {
    let status = queries::share_cycle(conn, due).await?;
    if status != "approved" {
        return Err(Error::from(Code::CycleNotApproved).about(format!("the cycle is {status}")));
    }
    let named = component.map(Text::as_str);
    let order = suspension_orders::in_force(conn, due.area_id, (due.period, due.id), named).await?;
    match order {
        Some(order) if order.is_whole => Err(stopped(&order, "")),
        part => Ok(part),
    }
}

fn stopped(order: &InForce, rest: &str) -> Error {
    let named = format!("{}, {}{rest}", order.directive_number, order.directive_title);
    Error::from(Code::ProgramSuspended).about(named).related("suspension_orders", order.id.0)
}

/// No more than is left of what is due, and nothing of the part of it that an order holds.
async fn be_left(conn: &Conn, due: &Due, new: &NewDelivery, (order, unit): (Option<&InForce>, &str)) -> Result<()> {
    queries::lock_due(conn, due).await?;
    be_of_component(conn, due, new, (order, unit)).await?;
    let given = queries::given(conn, due).await?;
    let withdrawn = suspension_orders::withdrawn(conn, due.area_id, due.id).await?.plus(&given.withdrawn);
    let left = rules::left(&due.quantity, &given.quantity, &withdrawn);
    if left.minus(&new.quantity).is_none() {
        // What is left reads the same in every language.
        return Err(Error::from(Code::EntitlementUsedUp).about(format!("{left} {unit}")));
    }
    let Some(order) = order else { return Ok(()) };
    let held = suspension_orders::held(conn, due.area_id, due.id).await?;
    let free = left.beyond(&held);
    if free.minus(&new.quantity).is_none() { Err(stopped(order, &format!(" ({free} {unit})"))) } else { Ok(()) }
}

/// Of the component that it names no more than is left for it, and nothing that orders on it hold.
async fn be_of_component(
    conn: &Conn,
    due: &Due,
    new: &NewDelivery,
    (order, unit): (Option<&InForce>, &str),
) -> Result<()> {
    let Some(name) = &new.component else { return Ok(()) };
    let components = entitlements::components(conn, due.area_id, (due.period, due.id)).await?;
    let component = components.iter().find(|one| one.name == name.as_str());
    let component = component.ok_or_else(|| Error::invalid_field("/component", Code::ReferenceUnknown))?;
    let left = component.left();
    if left.minus(&new.quantity).is_none() {
        return Err(Error::from(Code::EntitlementUsedUp).about(format!("{name}: {left} {unit}")));
    }
    let free = left.beyond(&component.held);
    match order {
        Some(order) if free.minus(&new.quantity).is_none() => Err(stopped(order, &format!(" ({name}: {free} {unit})"))),
        _ => Ok(()),
    }
}

async fn tell(conn: &Conn, caller: &Caller, delivery: &Delivery) -> Result<()> {
    let write = audit::Write::of("record_delivery", "deliveries", delivery.id.0, delivery.area_id);
    audit::record(conn, caller, write, None, Some(delivery)).await?;
    let event = NewEvent {
        kind: "delivery.recorded",
        subject: "deliveries",
        subject_id: delivery.id.0,
        area_id: delivery.area_id,
        company_id: None,
        // What it was for can be a pregnancy or an illness.
        data: json!({
            "program_id": delivery.program_id, "entitlement_id": delivery.entitlement_id, "quantity": delivery.quantity,
        }),
    };
    events::emit(conn, event).await
}
