//! Reaching and waiving milestones: each inside a transaction, with audit rows and events.

use chrono::Days;
use serde_json::json;

use super::model::{EmpowermentMilestone, MilestoneStatus, NewAttainment, NewMilestoneRow};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, EmpowermentMilestoneId, Note};
use crate::empowerment_plans::actions as plans;
use crate::empowerment_plans::model::{EmpowermentPlan, EmpowermentPlanStatus, NewPlanRow};
use crate::empowerment_plans::queries as plan_queries;
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::benefits::PackageMilestone;

/// Writes the milestones of a package down for a plan.
pub(in crate::empowerment_plans) async fn lay_out(
    conn: &Conn,
    plan: &NewPlanRow,
    package: &[PackageMilestone],
) -> Result<()> {
    let row = |one: &PackageMilestone| NewMilestoneRow {
        area_id: plan.area_id,
        id: EmpowermentMilestoneId::new(),
        plan_id: plan.id,
        number: one.number,
        kind: one.kind,
        title: one.title.clone(),
        due_on: plan.started_on + Days::new(one.due_after_days.unsigned_abs()),
        needs: one.needs.clone(),
        planned_by: plan.planned_by.clone(),
        status: MilestoneStatus::Pending,
        created_at: plan.created_at,
        updated_at: plan.created_at,
    };
    let rows: Vec<NewMilestoneRow> = package.iter().map(row).collect();
    queries::insert(conn, &rows).await
}

/// Records what shows that a milestone was reached; the last one completes its plan.
///
/// # Errors
/// `not_found`, `command_not_possible`, `milestone_needs_others`, `invalid_fields`, `evidence_void`, `evidence_used`.
pub(super) async fn reach(
    conn: &Conn,
    caller: &Caller,
    id: EmpowermentMilestoneId,
    new: &NewAttainment,
) -> Result<EmpowermentPlan> {
    let (plan, milestone) = hold(conn, caller, id).await?;
    rules::check_order(&milestone, &plan.milestones.0)?;
    rules::check_kind(milestone.kind, new)?;
    let found = queries::find_evidence(conn, &plan, milestone.kind, new).await?;
    let found = found.ok_or_else(|| Error::invalid_field("/evidence_id", Code::ReferenceUnknown))?;
    rules::check_evidence(new, &found, (plan.started_on, db::today()))?;
    let now = db::next_instant(plan.updated_at);
    queries::reach(conn, &milestone, (new, &found), (&caller.client_id, now)).await?;
    go_on(conn, caller, ("reach_milestone", "empowerment_milestone.reached"), &plan, &milestone).await
}

/// Waives a milestone of a plan that another person made.
///
/// # Errors
/// `not_found`, `command_not_possible`, `second_person_needed`.
pub(super) async fn waive(
    conn: &Conn,
    caller: &Caller,
    id: EmpowermentMilestoneId,
    reason: &Note,
) -> Result<EmpowermentPlan> {
    let (plan, milestone) = hold(conn, caller, id).await?;
    if plan.planned_by == caller.client_id {
        return Err(Code::SecondPersonNeeded.into());
    }
    let now = db::next_instant(plan.updated_at);
    queries::waive(conn, &milestone, (reason, db::today()), (&caller.client_id, now)).await?;
    go_on(conn, caller, ("waive_milestone", "empowerment_milestone.waived"), &plan, &milestone).await
}

/// Finds an open milestone of a plan that nobody else changes until the transaction ends.
async fn hold(
    conn: &Conn,
    caller: &Caller,
    id: EmpowermentMilestoneId,
) -> Result<(EmpowermentPlan, EmpowermentMilestone)> {
    let seen = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let plan = plans::hold(conn, caller, seen.plan_id).await?;
    let milestone = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check_open(&milestone)?;
    Ok((plan, milestone))
}

/// Begins the next version of the plan, and tells what became of the milestone and of the plan.
async fn go_on(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: &EmpowermentPlan,
    milestone: &EmpowermentMilestone,
) -> Result<EmpowermentPlan> {
    plan_queries::renew(conn, before, (db::today(), db::next_instant(before.updated_at))).await?;
    let after = queries::find(conn, &caller.scope, milestone.id).await?.ok_or(Code::NotFound)?;
    let write = Write::of(operation, "empowerment_milestones", after.id.0, after.area_id);
    audit::record(conn, caller, write, Some(milestone), Some(&after)).await?;
    let event = NewEvent {
        kind,
        subject: "empowerment_milestones",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "plan_id": after.plan_id, "beneficiary_id": before.beneficiary_id, "number": after.number,
            "kind": after.kind, "evidence_kind": after.evidence_kind,
        }),
    };
    events::emit(conn, event).await?;
    let plan = plan_queries::find(conn, &caller.scope, before.id).await?.ok_or(Code::NotFound)?;
    if plan.status == EmpowermentPlanStatus::Completed {
        plans::tell(conn, caller, (operation, "empowerment_plan.completed"), Some(before), &plan).await?;
    }
    Ok(plan)
}
