//! Opening, approving, closing and cancelling cycles: each inside a transaction, with audit row and event.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Cycle, CycleStatus, Frozen, NewCycle, NewCycleCancellation};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, CycleId, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::programs::benefits::{BenefitPeriod, Plan};
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
    claim_months(conn, &cycle, rule_set.benefit_period).await?;
    tell(conn, caller, ("open_cycle", "cycle.opened"), None, &cycle).await?;
    Ok(cycle)
}

/// Claims the months that a cycle stands for: of two at once that share one, one gets them.
///
/// # Errors
/// `cycle_exists`, with the cycle that has one of them.
async fn claim_months(conn: &Conn, cycle: &Cycle, length: BenefitPeriod) -> Result<()> {
    let last_day = length.last_day(cycle.period);
    if queries::claim_months(conn, cycle, last_day).await? {
        return Ok(());
    }
    let refusal = Error::from(Code::CycleExists);
    Err(match queries::claimant(conn, cycle, last_day).await? {
        Some(other) => refusal.related("cycles", other.0),
        None => refusal,
    })
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
/// its families, shared. The list is drawn up before its ceiling and quotas are asked: a refusal takes all of it back.
///
/// # Errors
/// `not_found`, `cycle_not_planned`, `second_person_needed`, `cycle_exists`, `cycle_over_ceiling`, `cycle_over_quota`.
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
    // One that waited since before months were claimed may have another one in its place.
    if let Some(other) = queries::claimant(conn, &before, last_day).await? {
        return Err(Error::from(Code::CycleExists).related("cycles", other.0));
    }
    let is_once = rule_set.benefit_period == BenefitPeriod::Once;
    let frozen = queries::freeze(conn, &before, last_day, (plan.as_ref(), is_once)).await?;
    be_within(&before, &frozen, &program.unit)?;
    keep_quotas(conn, &before, last_day).await?;
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

/// Cancels a cycle that waits for approval, and gives its months up.
///
/// # Errors
/// `not_found`, `cycle_not_planned`.
pub(super) async fn cancel(conn: &Conn, caller: &Caller, id: CycleId, new: &NewCycleCancellation) -> Result<Cycle> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != CycleStatus::Planned {
        return Err(Code::CycleNotPlanned.into());
    }
    queries::give_up_months(conn, &before).await?;
    let cycle = queries::cancel(conn, caller, &before, (new.reason.as_str(), db::now())).await?;
    tell(conn, caller, ("cancel_cycle", "cycle.cancelled"), Some(&before), &cycle).await?;
    Ok(cycle)
}

/// The list has no more families than its quotas have places: those in force today, or on the day of the period that is
/// nearest. They are counted on the list itself, so nothing that is activated meanwhile is missed, and whoever sets a
/// quota waits for the program.
async fn keep_quotas(conn: &Conn, cycle: &Cycle, last_day: NaiveDate) -> Result<()> {
    let on = db::today().clamp(cycle.period.first_day(), last_day);
    let quotas = programs::quotas_in_force(conn, cycle.area_id, cycle.program_id, on).await?;
    if quotas.is_empty() {
        return Ok(());
    }
    let listed = queries::listed(conn, cycle).await?;
    let over = rules::over_quota(&quotas, &listed);
    match over.first() {
        Some((quota, _)) => {
            Err(Error::from(Code::CycleOverQuota).about(rules::tell(&over)).related("quotas", quota.id.0))
        }
        None => Ok(()),
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
