//! One statement a function. Each takes the scope, or the area that was found by it.

mod evidence;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{
    DueEmpowermentMilestone, DueMilestoneFilter, DueMilestonePlace, EmpowermentMilestone, FoundEvidence,
    MilestoneEvidenceKind, MilestoneStatus, NewAttainment, NewMilestoneRow,
};
use crate::db::{Conn, Counted, Way};
use crate::domain::{EmpowermentMilestoneId, Note, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByDueDay, Limit};
use crate::schema::empowerment_milestones;

pub(super) use evidence::find_evidence;

/// Adds the milestones of a plan.
pub(super) async fn insert(mut conn: &Conn, rows: &[NewMilestoneRow]) -> Result<()> {
    diesel::insert_into(empowerment_milestones::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Finds a milestone as it stands.
pub(super) async fn find(
    mut conn: &Conn,
    scope: &Scope,
    id: EmpowermentMilestoneId,
) -> Result<Option<EmpowermentMilestone>> {
    let own = sql_query("select * from empowerment_milestone_states where area_id = any ($1) and id = $2");
    let own = own.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(own.get_result(&mut conn).await.optional()?)
}

/// Writes what shows a milestone of a locked plan.
///
/// # Errors
/// `evidence_used`.
pub(super) async fn reach(
    mut conn: &Conn,
    before: &EmpowermentMilestone,
    (new, found): (&NewAttainment, &FoundEvidence),
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<()> {
    let written = diesel::update(empowerment_milestones::table.find((before.area_id, before.id)))
        .set((
            empowerment_milestones::status.eq(MilestoneStatus::Reached),
            empowerment_milestones::evidence_kind.eq(new.evidence_kind),
            empowerment_milestones::evidence_id.eq(new.evidence_id),
            empowerment_milestones::evidence_period.eq(found.period),
            empowerment_milestones::reached_on.eq(found.happened_on),
            empowerment_milestones::reached_by.eq(client_id),
            empowerment_milestones::version.eq(before.version + 1),
            empowerment_milestones::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await;
    written.on_conflict(Code::EvidenceUsed).map(|_| ())
}

/// Waives a milestone of a locked plan; evidence that does not hold is let go.
pub(super) async fn waive(
    mut conn: &Conn,
    before: &EmpowermentMilestone,
    (reason, today): (&Note, NaiveDate),
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<()> {
    diesel::update(empowerment_milestones::table.find((before.area_id, before.id)))
        .set((
            empowerment_milestones::status.eq(MilestoneStatus::Waived),
            empowerment_milestones::evidence_kind.eq(None::<MilestoneEvidenceKind>),
            empowerment_milestones::evidence_id.eq(None::<uuid::Uuid>),
            empowerment_milestones::evidence_period.eq(None::<NaiveDate>),
            empowerment_milestones::reached_on.eq(None::<NaiveDate>),
            empowerment_milestones::reached_by.eq(None::<String>),
            empowerment_milestones::waived_on.eq(today),
            empowerment_milestones::waived_by.eq(client_id),
            empowerment_milestones::waiver_reason.eq(reason),
            empowerment_milestones::version.eq(before.version + 1),
            empowerment_milestones::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What is due; the placeholders are those of [`due_bound`].
const DUE: &str = "
    select m.area_id, m.id as milestone_id, m.due_on, m.plan_id, p.program_id, p.beneficiary_id, b.village_code,
        m.number, m.kind, m.title, m.status, not exists (
            select from empowerment_milestone_states n
            where n.area_id = m.area_id and n.plan_id = m.plan_id and n.number = any (m.needs)
                and n.status in ('pending', 'lapsed')
        ) as is_ready
    from empowerment_milestone_states m
    join empowerment_plans p on p.area_id = m.area_id and p.id = m.plan_id
    join beneficiaries b on b.area_id = p.area_id and b.id = p.beneficiary_id
    where m.area_id = any ($1) and p.area_id = any ($1) and b.area_id = any ($1) and p.status = 'in_progress'
        and m.status in ('pending', 'lapsed') and m.due_on <= $2 and ($3 is null or b.village_code = $3)
        and ($4 is null or p.program_id = $4) and ($5 is null or m.kind = $5)";

fn due_bound<'a>(
    statement: String,
    scope: &'a Scope,
    (filter, on): (&'a DueMilestoneFilter, NaiveDate),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Date, _>(on)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Text>, _>(filter.kind)
}

/// Counts what is due on a day.
pub(super) async fn count_due(mut conn: &Conn, scope: &Scope, asked: (&DueMilestoneFilter, NaiveDate)) -> Result<i64> {
    let statement = format!("select count(*) as total from ({DUE}) as due");
    Ok(due_bound(statement, scope, asked).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists what is due on a day by since when, area and milestone, after a place.
pub(super) async fn list_due(
    mut conn: &Conn,
    scope: &Scope,
    asked: (&DueMilestoneFilter, NaiveDate),
    (limit, after): (Limit, Option<DueMilestonePlace>),
) -> Result<Vec<DueEmpowermentMilestone>> {
    let Way { order, beyond } = Way::of(asked.0.sort == Some(ByDueDay::Down));
    let statement = format!(
        "select * from ({DUE}) as due where $6 is null or (due_on, area_id, milestone_id) {beyond} ($6, $7, $8)
         order by due_on {order}, area_id {order}, milestone_id {order} limit $9"
    );
    let (day, area_id, milestone_id) = match after {
        Some((day, area_id, milestone_id)) => (Some(day), Some(area_id), Some(milestone_id)),
        None => (None, None, None),
    };
    let query = due_bound(statement, scope, asked)
        .bind::<Nullable<Date>, _>(day)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(milestone_id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
