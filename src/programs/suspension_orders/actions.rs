//! Laying and releasing orders: each in one transaction with its holds, its audit row and its event.

use serde_json::json;

use super::model::{NewOrder, NewRelease, OrderStatus, OrderWithHolds, SuspensionOrder, Within};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, OrderId, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::{self, Program};
use crate::regions;

/// Lays an order on a program in the caller's sub-district and holds what is due in its scope.
///
/// Locks, in this order: the program, then its cycles. Deliveries and approvals share the first and take the second,
/// so each ends before the order counts what is left, or begins after it and meets the order.
///
/// # Errors
/// `not_found`, `invalid_fields`.
pub(super) async fn lay(conn: &Conn, caller: &Caller, program_id: ProgramId, new: &NewOrder) -> Result<OrderWithHolds> {
    let program = programs::lock(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    let area_id = check(conn, caller, &program, new).await?;
    queries::lock_cycles(conn, area_id, program_id).await?;
    let now = db::now();
    let order = queries::insert(conn, caller, (area_id, program_id), new, now).await?;
    queries::hold(conn, (area_id, program_id), Within::Program, now).await?;
    tell(conn, caller, ("lay_suspension_order", "suspension_order.laid"), None, &order).await
}

/// What an order says fits together and is there; answers the sub-district that it is laid in.
///
/// # Errors
/// `invalid_fields`.
pub(super) async fn check(conn: &Conn, caller: &Caller, program: &Program, new: &NewOrder) -> Result<i32> {
    let faults = rules::order_faults(new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let area_id = programs::acting_area(conn, &caller.scope, program, new.district_code.as_ref()).await?;
    let villages = regions::villages_of(conn, area_id).await?;
    let cycles = queries::cycles_among(conn, (area_id, program.id), &new.scope.cycle_ids).await?;
    let (of_villages, of_cycles) = (&new.scope.village_codes, &new.scope.cycle_ids);
    let mut faults =
        Fault::of_unknown("/scope/village_codes/*", of_villages, |one| villages.contains(one), Code::VillageUnknown);
    let unknown =
        Fault::of_unknown("/scope/cycle_ids/*", of_cycles, |one| cycles.contains(one), Code::ReferenceUnknown);
    faults.extend(unknown);
    if let Some(component) = &new.scope.component
        && !queries::has_component(conn, program.id, component.as_str()).await?
    {
        faults.push(Fault::new("/scope/component", Code::ReferenceUnknown));
    }
    if faults.is_empty() { Ok(area_id) } else { Err(Error::invalid(faults)) }
}

/// Releases an order: what it holds is let go, reduced or voided, and lapses before that where no arrears are paid.
///
/// # Errors
/// `not_found`, `order_not_in_force`, `invalid_fields`.
pub(super) async fn release(conn: &Conn, caller: &Caller, id: OrderId, new: &NewRelease) -> Result<OrderWithHolds> {
    let found = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let program = programs::lock(conn, &caller.scope, found.program_id).await?.ok_or(Code::NotFound)?;
    let is_whole = program.kind.counts_whole_units();
    let resumes_on = rules::resumes_on(new, db::today());
    let faults = rules::release_faults(new, is_whole, found.effective_from);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    queries::lock_cycles(conn, found.area_id, found.program_id).await?;
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != OrderStatus::InForce {
        return Err(Code::OrderNotInForce.into());
    }
    let now = db::now();
    let part = rules::part_of(new, program.kind, resumes_on);
    queries::end_holds(conn, &before, (new.outcome, &part), now).await?;
    let order = queries::release(conn, caller, &before, new, (resumes_on, now)).await?;
    // Another order may still be in force: it holds what this one let go.
    queries::hold(conn, (order.area_id, order.program_id), Within::Program, now).await?;
    let operation = ("release_suspension_order", "suspension_order.released");
    tell(conn, caller, operation, Some(&before), &order).await
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&SuspensionOrder>,
    order: &SuspensionOrder,
) -> Result<OrderWithHolds> {
    let write = audit::Write::of(operation, "suspension_orders", order.id.0, order.area_id);
    audit::record(conn, caller, write, before, Some(order)).await?;
    let holds = queries::totals(conn, order).await?;
    let event = NewEvent {
        kind,
        subject: "suspension_orders",
        subject_id: order.id.0,
        area_id: order.area_id,
        company_id: None,
        data: json!({
            "program_id": order.program_id, "outcome": order.outcome, "count": holds.count, "quantity": holds.quantity,
        }),
    };
    events::emit(conn, event).await?;
    Ok(OrderWithHolds { order: order.clone(), holds })
}
