//! Records that show a milestone, one source for each kind; the statement over it is the same.
//!
//! Placeholders: $1 area, $2 record, $3 family, $4 program of the plan, $5 kind of the milestone. What can change is
//! locked; deliveries, handovers, follow-ups and visits are append-only.

use diesel::sql_query;
use diesel::sql_types::{Int4, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::empowerment_plans::milestones::model::{FoundEvidence, MilestoneEvidenceKind, NewAttainment};
use crate::empowerment_plans::model::EmpowermentPlan;
use crate::error::Result;
use crate::programs::benefits::MilestoneKind;

fn source(kind: MilestoneEvidenceKind) -> &'static str {
    match kind {
        MilestoneEvidenceKind::TrainingCertificate => {
            "select c.beneficiary_id, c.issued_on as happened_on, c.revoked_at is not null as is_void, true as fits,
                 null::date as period
             from training_certificates c where c.area_id = $1 and c.id = $2 for share of c"
        }
        MilestoneEvidenceKind::Custody => {
            "select c.beneficiary_id, c.started_on as happened_on, c.ended_on is not null as is_void, true as fits,
                 null::date as period
             from custodies c where c.area_id = $1 and c.id = $2 for share of c"
        }
        MilestoneEvidenceKind::Delivery => {
            "select d.beneficiary_id, d.delivered_on as happened_on, (
                     select coalesce(sum(g.quantity), 0) <= 0 from aid_given g
                     where g.area_id = d.area_id and g.period = d.period and g.delivery_id = d.id
                 ) as is_void, p.kind = $5 or p.id = $4 as fits, d.period
             from deliveries d join programs p on p.id = d.program_id where d.area_id = $1 and d.id = $2"
        }
        MilestoneEvidenceKind::AllocationDelivery => {
            "select d.beneficiary_id, d.delivered_on as happened_on, exists (
                     select from allocation_returns r
                     where r.area_id = d.area_id and r.allocation_delivery_id = d.id and r.takes_rest
                 ) as is_void, k.aid_kind = $5 as fits, null::date as period
             from allocation_deliveries d
             join pledge_lines l on l.id = d.pledge_line_id join need_kinds k on k.code = l.kind
             where d.area_id = $1 and d.id = $2"
        }
        MilestoneEvidenceKind::FollowUp => {
            "select f.beneficiary_id, f.visited_on as happened_on, not f.is_found or exists (
                     select from follow_ups n where n.area_id = f.area_id and n.corrects = f.id
                 ) as is_void, true as fits, null::date as period
             from follow_ups f where f.area_id = $1 and f.id = $2"
        }
        MilestoneEvidenceKind::Visit => {
            "select v.beneficiary_id, (v.visited_at at time zone 'Asia/Makassar')::date as happened_on,
                 v.finding not in ('confirmed', 'corrected') as is_void, true as fits, null::date as period
             from visits v where v.area_id = $1 and v.id = $2"
        }
    }
}

/// Finds a record of the family of a plan, or of one that was merged into it.
pub(in crate::empowerment_plans::milestones) async fn find_evidence(
    mut conn: &Conn,
    plan: &EmpowermentPlan,
    kind: MilestoneKind,
    new: &NewAttainment,
) -> Result<Option<FoundEvidence>> {
    let statement = format!(
        "select e.happened_on, e.is_void, e.fits, e.period from ({}) as e
         where $4::uuid is not null and $5::text is not null and exists (
             with recursive line as (
                 select b.id, b.continued_in_id, 0 as depth from beneficiaries b
                 where b.area_id = $1 and b.id = e.beneficiary_id
                 union all
                 select b.id, b.continued_in_id, line.depth + 1
                 from line join beneficiaries b on b.area_id = $1 and b.id = line.continued_in_id where line.depth < 50
             )
             select from line where line.id = $3
         )",
        source(new.evidence_kind)
    );
    let found = sql_query(statement)
        .bind::<Int4, _>(plan.area_id)
        .bind::<SqlUuid, _>(new.evidence_id)
        .bind::<SqlUuid, _>(plan.beneficiary_id)
        .bind::<SqlUuid, _>(plan.program_id)
        .bind::<Text, _>(kind);
    let rows: Vec<FoundEvidence> = found.load(&mut conn).await?;
    Ok(rows.into_iter().next())
}
