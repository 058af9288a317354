//! What ends with a family: its enrollments, its needs and its plans, each told and recorded; and what does not, its
//! equipment and what is reserved for it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::{EndedEnrollment, EndedNeed};
use crate::beneficiaries::households::queries::{self, LeftPlan};
use crate::beneficiaries::members::EndReason;
use crate::beneficiaries::model::BeneficiaryRow;
use crate::db::{self, Conn};
use crate::domain::{AllocationId, BeneficiaryId, Caller, CustodyId, EmpowermentPlanId};
use crate::error::Result;
use crate::events::{self, NewEvent};

/// How the last ones left a family.
#[derive(Debug, Clone, Copy)]
pub(in crate::beneficiaries) struct Ending {
    pub(in crate::beneficiaries) because: EndReason,
    pub(in crate::beneficiaries) on: NaiveDate,
    /// The family that it was merged into.
    pub(in crate::beneficiaries) into: Option<BeneficiaryId>,
}

impl Ending {
    /// Why its enrollments end.
    fn exit_reason(self) -> &'static str {
        match (self.because, self.into) {
            (_, Some(_)) | (EndReason::Split | EndReason::Merged, None) => "replaced",
            (EndReason::Died, None) => "deceased",
            (EndReason::Moved, None) => "moved",
            (EndReason::Mistake | EndReason::Unlisted, None) => "ineligible",
        }
    }

    /// Why its empowerment plans end, where no other family goes on with them.
    fn plan_end_reason(self) -> &'static str {
        match (self.because, self.into) {
            (_, Some(_)) | (EndReason::Split | EndReason::Merged, None) => "merged",
            (EndReason::Died, None) => "died",
            (EndReason::Moved, None) => "moved",
            (EndReason::Mistake | EndReason::Unlisted, None) => "other",
        }
    }

    /// Why its needs are withdrawn, and it waits for no program.
    fn withdrawal_reason(self) -> &'static str {
        if self.into.is_some() { "The family was merged into another one." } else { "The family has ended." }
    }
}

/// What ended.
pub(in crate::beneficiaries) struct Ended {
    pub(in crate::beneficiaries) enrollments: Vec<EndedEnrollment>,
    pub(in crate::beneficiaries) needs: Vec<EndedNeed>,
    /// Custodies of equipment that go on, with the family that it was merged into or to be settled.
    pub(in crate::beneficiaries) custodies: Vec<CustodyId>,
    /// Empowerment plans, which end or go on with the family that it was merged into.
    pub(in crate::beneficiaries) plans: Vec<LeftPlan>,
    /// What is reserved for it still, which somebody releases.
    pub(in crate::beneficiaries) reserved: Vec<AllocationId>,
}

impl Ended {
    /// The empowerment plans that go on, or those that do not.
    pub(in crate::beneficiaries) fn plans_that(&self, goes_on: bool) -> Vec<EmpowermentPlanId> {
        self.plans.iter().filter(|plan| plan.goes_on == goes_on).map(|plan| plan.id).collect()
    }
}

/// Ends what rests on a family that has ended.
pub(in crate::beneficiaries) async fn end(
    conn: &Conn,
    caller: &Caller,
    family: &BeneficiaryRow,
    ending: Ending,
    why: Why<'_>,
) -> Result<Ended> {
    let by = (caller.client_id.as_str(), db::now());
    let enrollments = queries::end_enrollments(conn, family, (ending.exit_reason(), ending.on), by).await?;
    queries::hold_reserved(conn, family.area_id, &[family.id]).await?;
    let left = (family.area_id, family.id, family.continued_in_id);
    let LeftNeeds { needs, reserved } = leave_needs(conn, caller, left, ending.withdrawal_reason(), why).await?;
    let off_list = queries::end_reserves(conn, family, ending.withdrawal_reason(), by.1).await?;
    let custodies = queries::carry_custodies(conn, family, by.1).await?;
    let plans = queries::leave_plans(conn, family, (ending.plan_end_reason(), ending.on), by).await?;
    let trace = Trace { conn, caller, area_id: family.area_id, why };
    for one in &enrollments {
        let data = json!({ "program_id": one.program_id, "beneficiary_id": family.id, "status": "exited" });
        trace.leave(("enrollment.exited", "enrollments", one.enrollment_id.0), one, data).await?;
    }
    for id in off_list {
        let data = json!({ "beneficiary_id": family.id });
        trace.leave(("reserve.removed", "reserves", id.0), &data, data.clone()).await?;
    }
    let kind = if ending.into.is_some() { "custody.carried" } else { "custody.left_behind" };
    for id in &custodies {
        let data = json!({ "beneficiary_id": family.continued_in_id.unwrap_or(family.id) });
        trace.leave((kind, "custodies", id.0), &data, data.clone()).await?;
    }
    trace.leave_plans(family, &plans).await?;
    Ok(Ended { enrollments, needs, custodies, plans, reserved })
}

/// Needs that were withdrawn with their family, and what is reserved for it still.
pub(crate) struct LeftNeeds {
    pub(crate) needs: Vec<EndedNeed>,
    pub(crate) reserved: Vec<AllocationId>,
}

/// Withdraws the needs of a family that ended, lets the family that goes on need what was lacking, and tells what is
/// reserved still, which somebody releases. Hold it with [`hold_reserved`](queries::hold_reserved) before.
pub(crate) async fn leave_needs(
    conn: &Conn,
    caller: &Caller,
    left: (i32, BeneficiaryId, Option<BeneficiaryId>),
    reason: &str,
    why: Why<'_>,
) -> Result<LeftNeeds> {
    let (area_id, id, _) = left;
    let needs = queries::end_needs(conn, left, reason, (&caller.client_id, db::now())).await?;
    let reserved = queries::reserved(conn, area_id, id).await?;
    let trace = Trace { conn, caller, area_id, why };
    for one in &needs {
        trace.leave(("need.withdrawn", "needs", one.need_id.0), one, json!({ "kind": one.kind })).await?;
        if let Some(carried) = one.carried_to_id {
            trace.leave(("need.recorded", "needs", carried.0), one, json!({ "kind": one.kind })).await?;
        }
    }
    for allocation in &reserved {
        let data = json!({ "beneficiary_id": id });
        trace.leave(("allocation.left_behind", "allocations", allocation.0), &data, data.clone()).await?;
    }
    Ok(LeftNeeds { needs, reserved })
}

/// Where the audit row and the event of each go.
struct Trace<'a> {
    conn: &'a Conn,
    caller: &'a Caller,
    area_id: i32,
    why: Why<'a>,
}

impl Trace<'_> {
    async fn leave_plans(&self, family: &BeneficiaryRow, plans: &[LeftPlan]) -> Result<()> {
        for plan in plans {
            let kind = if plan.goes_on { "empowerment_plan.carried" } else { "empowerment_plan.ended" };
            let with = family.continued_in_id.filter(|_| plan.goes_on).unwrap_or(family.id);
            let data = json!({ "beneficiary_id": with });
            self.leave((kind, "empowerment_plans", plan.id.0), &data, data.clone()).await?;
        }
        Ok(())
    }

    async fn leave(
        &self,
        (kind, subject, subject_id): (&str, &str, Uuid),
        record: &impl Serialize,
        data: Value,
    ) -> Result<()> {
        let write = audit::Write::of(self.why.operation, subject, subject_id, self.area_id);
        audit::record(self.conn, self.caller, write, None, Some(record)).await?;
        let event = NewEvent { kind, subject, subject_id, area_id: self.area_id, company_id: None, data };
        events::emit(self.conn, event).await
    }
}
