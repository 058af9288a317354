//! One statement, over plans and their milestones as they stand.
//!
//! Placeholders: $1 areas, $2 day, $3 program, $4 village.

use chrono::NaiveDate;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{EmpowermentPlanCount, EmpowermentPlanCountFilter};
use crate::db::Conn;
use crate::domain::Scope;
use crate::error::Result;

/// Counts plans and milestones.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    (filter, on): (&EmpowermentPlanCountFilter, NaiveDate),
) -> Result<Vec<EmpowermentPlanCount>> {
    let open = "p.status = 'in_progress' and m.status in ('pending', 'lapsed')";
    let statement = format!(
        "select p.program_id, b.village_code,
             count(distinct p.id) filter (where p.status = 'in_progress') as in_progress,
             count(distinct p.id) filter (where p.status = 'completed') as completed,
             count(distinct p.id) filter (where p.status = 'ended') as ended,
             count(*) filter (where m.status = 'reached') as milestones_reached,
             count(*) filter (where m.status = 'waived') as milestones_waived,
             count(*) filter (where m.status = 'lapsed') as milestones_lapsed,
             count(*) filter (where {open}) as milestones_open,
             count(*) filter (where {open} and m.due_on < $2) as milestones_overdue
         from empowerment_plans p
         join beneficiaries b on b.area_id = p.area_id and b.id = p.beneficiary_id
         join empowerment_milestone_states m on m.area_id = p.area_id and m.plan_id = p.id
         where p.area_id = any ($1) and b.area_id = any ($1) and m.area_id = any ($1)
             and ($3 is null or p.program_id = $3) and ($4 is null or b.village_code = $4)
         group by p.program_id, b.village_code order by p.program_id, b.village_code"
    );
    let query = sql_query(statement)
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Date, _>(on)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref());
    Ok(query.load(&mut conn).await?)
}
