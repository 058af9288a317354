//! What ends with a family: its enrollments and its needs, each told and recorded; and what does not, its equipment.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit;
use crate::beneficiaries::history::Why;
use crate::beneficiaries::households::model::{EndedEnrollment, EndedNeed};
use crate::beneficiaries::households::queries;
use crate::beneficiaries::members::EndReason;
use crate::beneficiaries::model::BeneficiaryRow;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, CustodyId};
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
    let needs = queries::end_needs(conn, family, ending.withdrawal_reason(), by).await?;
    let reserves = queries::end_reserves(conn, family, ending.withdrawal_reason(), by.1).await?;
    let custodies = queries::carry_custodies(conn, family, by.1).await?;
    let trace = Trace { conn, caller, area_id: family.area_id, why };
    for one in &enrollments {
        let data = json!({ "program_id": one.program_id, "beneficiary_id": family.id, "status": "exited" });
        trace.leave(("enrollment.exited", "enrollments", one.enrollment_id.0), one, data).await?;
    }
    for one in &needs {
        trace.leave(("need.withdrawn", "needs", one.need_id.0), one, json!({ "kind": one.kind })).await?;
        if let Some(carried) = one.carried_to_id {
            trace.leave(("need.recorded", "needs", carried.0), one, json!({ "kind": one.kind })).await?;
        }
    }
    for id in reserves {
        let data = json!({ "beneficiary_id": family.id });
        trace.leave(("reserve.removed", "reserves", id.0), &data, data.clone()).await?;
    }
    let kind = if ending.into.is_some() { "custody.carried" } else { "custody.left_behind" };
    for id in &custodies {
        let data = json!({ "beneficiary_id": family.continued_in_id.unwrap_or(family.id) });
        trace.leave((kind, "custodies", id.0), &data, data.clone()).await?;
    }
    Ok(Ended { enrollments, needs, custodies })
}

/// Where the audit row and the event of each go.
struct Trace<'a> {
    conn: &'a Conn,
    caller: &'a Caller,
    area_id: i32,
    why: Why<'a>,
}

impl Trace<'_> {
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
