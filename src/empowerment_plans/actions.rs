//! Planning packages and ending plans: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{
    EmpowermentPlan, EmpowermentPlanEndReason, EmpowermentPlanStatus, NewEmpowermentPlan, NewEmpowermentPlanEnd,
    NewPlanRow,
};
use super::{milestones, queries};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, EmpowermentPlanId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs;

/// Plans the package of a program for a family that is active on it.
///
/// # Errors
/// `invalid_fields`, `beneficiary_not_live`, `no_rule_set_in_force`, `enrollment_not_active`, `empowerment_plan_exists`.
pub(super) async fn plan(conn: &Conn, caller: &Caller, new: &NewEmpowermentPlan) -> Result<EmpowermentPlan> {
    let started_on = new.started_on.unwrap_or_else(db::today);
    if started_on > db::today() {
        return Err(Error::invalid_field("/started_on", Code::DateInFuture));
    }
    let unknown = |pointer| Error::invalid_field(pointer, Code::ReferenceUnknown);
    let program = programs::find(conn, &caller.scope, new.program_id).await?;
    let program = program.ok_or_else(|| unknown("/program_id"))?;
    let rule_set = programs::in_force(conn, program.id, started_on).await?;
    if rule_set.benefit.milestones().is_empty() {
        return Err(Error::invalid_field("/program_id", Code::ProgramHasNoPackage));
    }
    let family = queries::hold_family(conn, &caller.scope, new.beneficiary_id).await?;
    let family = family.ok_or_else(|| unknown("/beneficiary_id"))?;
    if !family.is_live {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let whose = (family.area_id, new.beneficiary_id);
    let enrollment_id = queries::hold_enrollment(conn, whose, program.id).await?.ok_or(Code::EnrollmentNotActive)?;
    if let Some(id) = queries::live(conn, whose, program.id).await? {
        return Err(Error::from(Code::EmpowermentPlanExists).related("empowerment_plans", id.0));
    }
    let now = db::now();
    let row = NewPlanRow {
        area_id: family.area_id,
        id: EmpowermentPlanId::new(),
        beneficiary_id: new.beneficiary_id,
        program_id: program.id,
        rule_set_id: rule_set.id,
        enrollment_id,
        started_on,
        status: EmpowermentPlanStatus::InProgress,
        planned_by: caller.client_id.clone(),
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &row).await?;
    milestones::lay_out(conn, &row, rule_set.benefit.milestones()).await?;
    let plan = queries::find(conn, &caller.scope, row.id).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, ("plan_empowerment", "empowerment_plan.planned"), None, &plan).await?;
    Ok(plan)
}

/// Ends a plan before all of it was reached.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn end(
    conn: &Conn,
    caller: &Caller,
    id: EmpowermentPlanId,
    new: &NewEmpowermentPlanEnd,
) -> Result<EmpowermentPlan> {
    let before = hold(conn, caller, id).await?;
    if new.reason == EmpowermentPlanEndReason::Merged {
        return Err(Error::invalid_field("/reason", Code::ValueUnknown));
    }
    if new.reason == EmpowermentPlanEndReason::Other && new.note.is_none() {
        return Err(Error::invalid_field("/note", Code::Required));
    }
    let ended_on = new.ended_on.unwrap_or_else(db::today);
    if ended_on > db::today() {
        return Err(Error::invalid_field("/ended_on", Code::DateInFuture));
    }
    if ended_on < before.started_on {
        return Err(Error::invalid_field("/ended_on", Code::DatesOutOfOrder));
    }
    let by = (caller.client_id.as_str(), db::next_instant(before.updated_at));
    let after = queries::end(conn, &before, (new, ended_on), by).await?;
    tell(conn, caller, ("end_empowerment_plan", "empowerment_plan.ended"), Some(&before), &after).await?;
    Ok(after)
}

/// Finds a plan in progress that nobody else changes until the transaction ends; its family is held as well.
///
/// # Errors
/// `not_found`, `command_not_possible`; `version_stale` where it went over to another family meanwhile.
pub(super) async fn hold(conn: &Conn, caller: &Caller, id: EmpowermentPlanId) -> Result<EmpowermentPlan> {
    let seen = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    queries::hold_family(conn, &caller.scope, seen.beneficiary_id).await?.ok_or(Code::NotFound)?;
    queries::lock(conn, &seen).await?;
    let plan = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if plan.beneficiary_id != seen.beneficiary_id {
        return Err(Code::VersionStale.into());
    }
    if plan.status != EmpowermentPlanStatus::InProgress {
        return Err(Error::from(Code::CommandNotPossible).possible(Vec::new()));
    }
    Ok(plan)
}

/// Leaves the audit row and the event of a change of a plan.
pub(super) async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&EmpowermentPlan>,
    after: &EmpowermentPlan,
) -> Result<()> {
    let write = Write::of(operation, "empowerment_plans", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    emit(conn, kind, after).await
}

/// Tells what became of a plan.
pub(super) async fn emit(conn: &Conn, kind: &'static str, plan: &EmpowermentPlan) -> Result<()> {
    let event = NewEvent {
        kind,
        subject: "empowerment_plans",
        subject_id: plan.id.0,
        area_id: plan.area_id,
        company_id: None,
        data: json!({
            "beneficiary_id": plan.beneficiary_id, "program_id": plan.program_id, "status": plan.status,
            "end_reason": plan.end_reason,
        }),
    };
    events::emit(conn, event).await
}
