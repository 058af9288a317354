//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Date, Int4, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{
    EmpowermentPlan, EmpowermentPlanFilter, EmpowermentPlanStatus, NewEmpowermentPlanEnd, NewPlanRow, Planned,
};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, EmpowermentPlanId, EnrollmentId, ProgramId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{beneficiaries, empowerment_plans, enrollments};

/// Finds a plan with its milestones as they stand.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: EmpowermentPlanId) -> Result<Option<EmpowermentPlan>> {
    let own = EmpowermentPlan::query().filter(empowerment_plans::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(empowerment_plans::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Keeps others from changing a plan until the transaction ends. It is read anew afterwards: what a statement that had to
/// wait reads of other tables is as old as its beginning.
pub(super) async fn lock(mut conn: &Conn, plan: &EmpowermentPlan) -> Result<()> {
    let row = empowerment_plans::table.find((plan.area_id, plan.id)).select(empowerment_plans::version);
    let _: i32 = row.for_no_key_update().first(&mut conn).await?;
    Ok(())
}

/// Finds a family of the scope and keeps others from ending it until the transaction ends.
pub(super) async fn hold_family(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<Planned>> {
    let held = sql_query(
        "select area_id, status = 'live' as is_live from beneficiaries where area_id = any ($1) and id = $2
         order by status = 'live' desc limit 1 for share",
    );
    let held = held.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(held.get_result(&mut conn).await.optional()?)
}

/// The active enrollment of a family in a program, which nobody ends until the transaction does.
pub(super) async fn hold_enrollment(
    mut conn: &Conn,
    (area_id, beneficiary_id): (i32, BeneficiaryId),
    program_id: ProgramId,
) -> Result<Option<EnrollmentId>> {
    let active = enrollments::table
        .filter(enrollments::area_id.eq(area_id))
        .filter(enrollments::beneficiary_id.eq(beneficiary_id))
        .filter(enrollments::program_id.eq(program_id))
        .filter(enrollments::status.eq("active"));
    Ok(active.select(enrollments::id).for_share().first(&mut conn).await.optional()?)
}

/// The plan in progress of a family and program.
pub(super) async fn live(
    mut conn: &Conn,
    (area_id, beneficiary_id): (i32, BeneficiaryId),
    program_id: ProgramId,
) -> Result<Option<EmpowermentPlanId>> {
    let live = empowerment_plans::table
        .filter(empowerment_plans::area_id.eq(area_id))
        .filter(empowerment_plans::beneficiary_id.eq(beneficiary_id))
        .filter(empowerment_plans::program_id.eq(program_id))
        .filter(empowerment_plans::status.eq(EmpowermentPlanStatus::InProgress));
    Ok(live.select(empowerment_plans::id).first(&mut conn).await.optional()?)
}

/// Adds a plan, unless one of the family and program is in progress.
///
/// # Errors
/// `empowerment_plan_exists`.
pub(super) async fn insert(mut conn: &Conn, new: &NewPlanRow) -> Result<()> {
    let written = diesel::insert_into(empowerment_plans::table).values(new).execute(&mut conn).await;
    written.on_conflict(Code::EmpowermentPlanExists).map(|_| ())
}

/// Ends a locked plan.
pub(super) async fn end(
    mut conn: &Conn,
    before: &EmpowermentPlan,
    (new, ended_on): (&NewEmpowermentPlanEnd, NaiveDate),
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<EmpowermentPlan> {
    let after = diesel::update(empowerment_plans::table.find((before.area_id, before.id)))
        .set((
            empowerment_plans::status.eq(EmpowermentPlanStatus::Ended),
            empowerment_plans::ended_on.eq(ended_on),
            empowerment_plans::end_reason.eq(new.reason),
            empowerment_plans::end_note.eq(&new.note),
            empowerment_plans::ended_by.eq(client_id),
            empowerment_plans::version.eq(before.version + 1),
            empowerment_plans::updated_at.eq(now),
        ))
        .returning(EmpowermentPlan::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(after)
}

/// Begins the next version of a locked plan after one of its milestones changed, and completes it where that was the last.
pub(super) async fn renew(
    mut conn: &Conn,
    before: &EmpowermentPlan,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<()> {
    let renewed = sql_query(
        "update empowerment_plans p set version = p.version + 1, updated_at = $4,
             status = case when d.is_done then 'completed' else p.status end,
             completed_on = case when d.is_done then $3 end
         from (
             select not exists (
                 select from empowerment_milestone_states m
                 where m.area_id = $1 and m.plan_id = $2 and m.status in ('pending', 'lapsed')
             ) as is_done
         ) as d
         where p.area_id = $1 and p.id = $2",
    );
    let renewed = renewed
        .bind::<Int4, _>(before.area_id)
        .bind::<SqlUuid, _>(before.id)
        .bind::<Date, _>(today)
        .bind::<Timestamptz, _>(now);
    renewed.execute(&mut conn).await?;
    Ok(())
}

/// A plan has a milestone that has lapsed.
const HAS_LAPSED: &str =
    "exists (select from empowerment_milestone_states m where m.area_id = empowerment_plans.area_id
    and m.plan_id = empowerment_plans.id and m.status = 'lapsed')";

/// A plan in progress has a milestone to reach that was due before a day, which follows.
const OVERDUE: &str = "empowerment_plans.status = 'in_progress' and exists (
    select from empowerment_milestone_states m where m.area_id = empowerment_plans.area_id
    and m.plan_id = empowerment_plans.id and m.status in ('pending', 'lapsed') and m.due_on < ";

/// Plans that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a EmpowermentPlanFilter) -> empowerment_plans::BoxedQuery<'a, Pg> {
    let mut query = empowerment_plans::table.filter(empowerment_plans::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(empowerment_plans::status.eq(status));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(empowerment_plans::program_id.eq(program_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(empowerment_plans::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        let there = beneficiaries::table
            .filter(beneficiaries::area_id.eq(empowerment_plans::area_id))
            .filter(beneficiaries::id.eq(empowerment_plans::beneficiary_id))
            .filter(beneficiaries::village_code.eq(village_code));
        query = query.filter(exists(there));
    }
    if let Some(day) = filter.overdue_on {
        query = query.filter(sql::<Bool>(OVERDUE).bind::<Date, _>(day).sql(")"));
    }
    match filter.has_lapsed {
        Some(true) => query.filter(sql::<Bool>(HAS_LAPSED)),
        Some(false) => query.filter(diesel::dsl::not(sql::<Bool>(HAS_LAPSED))),
        None => query,
    }
}

/// Counts plans.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &EmpowermentPlanFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists plans by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &EmpowermentPlanFilter,
    (limit, after): (Limit, Option<(i32, EmpowermentPlanId)>),
) -> Result<Vec<EmpowermentPlan>> {
    let query = filtered(scope, filter).select(EmpowermentPlan::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, empowerment_plans::{area_id, id}).load(&mut conn).await?)
}
