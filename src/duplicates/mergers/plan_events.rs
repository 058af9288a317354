//! What a merger and its undo do to empowerment plans, one event each: who follows a plan need not read mergers.

use serde::Deserialize;
use serde_json::{Value, json};

use super::queries::CarriedPlan;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, EmpowermentPlanId};
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};

/// Tells which plans of a family went over to the one that goes on, and which ended.
pub(super) async fn tell_carried(
    conn: &Conn,
    area_id: i32,
    (from, to): (BeneficiaryId, BeneficiaryId),
    plans: &[CarriedPlan],
) -> Result<()> {
    let told = plans.iter().map(|plan| {
        let kind = if plan.goes_on { "empowerment_plan.carried" } else { "empowerment_plan.ended" };
        event(kind, area_id, (plan.id, if plan.goes_on { to } else { from }))
    });
    events::emit_all(conn, told.collect()).await
}

/// Tells which plans an undo gives back to the family that they came from, and which are in progress again.
pub(super) async fn tell_given_back(conn: &Conn, area_id: i32, before: &Value, after: &Value) -> Result<()> {
    let (before, after) = (kept(before)?, kept(after)?);
    let told = before.iter().filter_map(|plan| {
        let left = after.iter().find(|left| left.id == plan.id)?;
        let kind = match (left.status == plan.status, left.beneficiary_id == plan.beneficiary_id) {
            (false, _) => "empowerment_plan.restored",
            (true, false) => "empowerment_plan.carried",
            (true, true) => return None,
        };
        Some(event(kind, area_id, (plan.id, plan.beneficiary_id)))
    });
    events::emit_all(conn, told.collect()).await
}

/// What of a kept plan is asked.
#[derive(Debug, Deserialize)]
struct KeptPlan {
    id: EmpowermentPlanId,
    beneficiary_id: BeneficiaryId,
    status: String,
}

/// The plans that a merger kept; none where it was made before packages were planned.
fn kept(state: &Value) -> Result<Vec<KeptPlan>> {
    let rows = state.get("empowerment_plans").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    serde_json::from_value(rows).map_err(Error::internal)
}

fn event(kind: &str, area_id: i32, (plan, family): (EmpowermentPlanId, BeneficiaryId)) -> NewEvent<'_> {
    NewEvent {
        kind,
        subject: "empowerment_plans",
        subject_id: plan.0,
        area_id,
        company_id: None,
        data: json!({ "beneficiary_id": family }),
    }
}
