//! Opening, approving and closing cycles: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{Cycle, CycleStatus, Frozen, NewCycle};
use super::queries;
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, CycleId, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::benefits::Plan;
use crate::programs::suspension_orders::{self, Within};
use crate::programs::{self, Program, RuleSet, rule_sets};

/// Opens a cycle; it waits for another person's approval.
///
/// # Errors
/// `not_found`, `no_rule_set_in_force`, `invalid_fields` where no period begins then, `cycle_exists`.
pub(super) async fn open(conn: &Conn, caller: &Caller, program_id: ProgramId, new: &NewCycle) -> Result<Cycle> {
    let program = programs::find(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    let area_id = programs::acting_area(conn, &caller.scope, &program, new.district_code.as_ref()).await?;
    let rule_set = programs::in_force(conn, program_id, new.period.first_day()).await?;
    let faults = faults_of(new, &rule_set, &program);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let what = (program_id, rule_set.id, new);
    let cycle = queries::insert(conn, caller, area_id, what, db::now()).await?;
    tell(conn, caller, ("open_cycle", "cycle.opened"), None, &cycle).await?;
    Ok(cycle)
}

fn faults_of(new: &NewCycle, rule_set: &RuleSet, program: &Program) -> Vec<Fault> {
    let has_no_period = !rule_set.benefit_period.begins_with(new.period);
    let period = has_no_period.then(|| Fault::new("/period", Code::PeriodUnfit));
    let ceiling = new.ceiling_quantity.as_ref().and_then(|ceiling| {
        let is_part = program.kind.counts_whole_units() && !ceiling.is_whole();
        let code = if ceiling.is_zero() { Some(Code::QuantityZero) } else { is_part.then_some(Code::QuantityNotWhole) };
        code.map(|code| Fault::new("/ceiling_quantity", code))
    });
    period.into_iter().chain(ceiling).collect()
}

/// Approves a cycle, which freezes its list; what an order in force reaches of it is held at once.
///
/// Locks, in this order: the program, shared, so that an order is either seen here or sees this cycle; the cycle;
/// its families, shared. The list is drawn up before its ceiling is asked: a refusal takes all of it back.
///
/// # Errors
/// `not_found`, `cycle_not_planned`, `second_person_needed`, `cycle_over_ceiling`.
pub(super) async fn approve(conn: &Conn, caller: &Caller, id: CycleId) -> Result<Cycle> {
    let found = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let program = programs::share(conn, &caller.scope, found.program_id).await?.ok_or(Code::NotFound)?;
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != CycleStatus::Planned {
        return Err(Code::CycleNotPlanned.into());
    }
    if before.planned_by == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    for table in ["entitlements", "deliveries"] {
        db::make_month(conn, table, before.period.first_day()).await?;
    }
    let rule_set = rule_sets::find(conn, &caller.scope, before.rule_set_id).await?.ok_or(Code::NotFound)?;
    let plan = Plan::of(&rule_set.benefit, rule_set.benefit_period, before.period)?;
    queries::hold_families(conn, &before).await?;
    let last_day = rule_set.benefit_period.last_day(before.period);
    let frozen = queries::freeze(conn, &before, last_day, plan.as_ref()).await?;
    be_within(&before, &frozen, &program.unit)?;
    // Nothing that the list was made from is younger than it.
    let now = db::now();
    let cycle = queries::approve(conn, caller, &before, frozen, now).await?;
    suspension_orders::hold(conn, (cycle.area_id, cycle.program_id), Within::Cycle(cycle.id), now).await?;
    tell(conn, caller, ("approve_cycle", "cycle.approved"), Some(&before), &cycle).await?;
    Ok(cycle)
}

/// The list comes to no more than the ceiling of its cycle.
fn be_within(cycle: &Cycle, frozen: &Frozen, unit: &str) -> Result<()> {
    let Some(ceiling) = &cycle.ceiling_quantity else { return Ok(()) };
    match frozen.quantity.minus(ceiling) {
        Some(over) if !over.is_zero() => {
            // How much it is over reads the same in every language.
            Err(Error::from(Code::CycleOverCeiling).about(format!("{} > {ceiling} (+{over}) {unit}", frozen.quantity)))
        }
        _ => Ok(()),
    }
}

/// Closes a cycle: nothing more of it is delivered.
///
/// # Errors
/// `not_found`, `cycle_not_approved`, `cycle_has_holds`.
pub(super) async fn close(conn: &Conn, caller: &Caller, id: CycleId) -> Result<Cycle> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != CycleStatus::Approved {
        return Err(Code::CycleNotApproved.into());
    }
    if queries::has_holds(conn, &before).await? {
        return Err(Code::CycleHasHolds.into());
    }
    let cycle = queries::close(conn, caller, &before, db::now()).await?;
    tell(conn, caller, ("close_cycle", "cycle.closed"), Some(&before), &cycle).await?;
    Ok(cycle)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&Cycle>,
    cycle: &Cycle,
) -> Result<()> {
    // An approval writes its list with the cycle.
    let rows =
        if cycle.status == CycleStatus::Approved { cycle.entitlement_count + cycle.omission_count + 1 } else { 1 };
    let write = Write { record_count: rows, ..Write::of(operation, "cycles", cycle.id.0, cycle.area_id) };
    audit::record(conn, caller, write, before, Some(cycle)).await?;
    let event = NewEvent {
        kind,
        subject: "cycles",
        subject_id: cycle.id.0,
        area_id: cycle.area_id,
        company_id: None,
        data: json!({
            "program_id": cycle.program_id, "period": cycle.period, "status": cycle.status,
            "entitlement_count": cycle.entitlement_count, "entitled_quantity": cycle.entitled_quantity,
            "omission_count": cycle.omission_count,
        }),
    };
    events::emit(conn, event).await
}
