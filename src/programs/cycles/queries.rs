//! One statement a function. Each takes the scope, or a cycle that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Cycle, CycleFilter, CycleStatus, Frozen, NewCycle};
use crate::db::{Conn, walk};
use crate::domain::{Caller, CycleId, Period, ProgramId, RuleSetId, Scope};
use crate::error::{Code, Error, OnConflict, Result};
use crate::http::{ByPeriod, Limit};
use crate::programs;
use crate::programs::benefits::Plan;
use crate::schema::{cycles, holds};

/// Finds a cycle.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: CycleId) -> Result<Option<Cycle>> {
    let query = Cycle::query().filter(cycles::area_id.eq_any(&scope.area_ids)).filter(cycles::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a cycle and waits for the deliveries of it that are under way.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: CycleId) -> Result<Option<Cycle>> {
    let query = Cycle::query().filter(cycles::area_id.eq_any(&scope.area_ids)).filter(cycles::id.eq(id)).for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Cycles of a program that a filter leaves.
fn filtered<'a>(scope: &'a Scope, program_id: ProgramId, filter: &'a CycleFilter) -> cycles::BoxedQuery<'a, Pg> {
    let mut query = cycles::table
        .filter(cycles::area_id.eq_any(&scope.area_ids))
        .filter(cycles::program_id.eq(program_id))
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(cycles::status.eq(status));
    }
    if let Some(period) = filter.period {
        query = query.filter(cycles::period.eq(period));
    }
    query
}

/// Counts cycles of a program.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, program_id: ProgramId, filter: &CycleFilter) -> Result<i64> {
    Ok(filtered(scope, program_id, filter).count().get_result(&mut conn).await?)
}

/// Lists cycles of a program by period and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    filter: &CycleFilter,
    (limit, after): (Limit, Option<(Period, CycleId)>),
) -> Result<Vec<Cycle>> {
    let query = filtered(scope, program_id, filter).select(Cycle::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByPeriod::Up);
    Ok(walk!(query, is_down, after, cycles::{period, id}).load(&mut conn).await?)
}

/// Adds a cycle that waits for approval.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    area_id: i32,
    (program_id, rule_set_id, new): (ProgramId, RuleSetId, &NewCycle),
    now: DateTime<Utc>,
) -> Result<Cycle> {
    diesel::insert_into(cycles::table)
        .values((
            cycles::area_id.eq(area_id),
            cycles::id.eq(CycleId::new()),
            cycles::program_id.eq(program_id),
            cycles::rule_set_id.eq(rule_set_id),
            cycles::period.eq(new.period),
            cycles::ceiling_quantity.eq(&new.ceiling_quantity),
            cycles::status.eq(CycleStatus::Planned),
            cycles::planned_by.eq(&caller.client_id),
            cycles::created_at.eq(now),
            cycles::updated_at.eq(now),
        ))
        .returning(Cycle::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::CycleExists)
}

/// Holds the families on the program, shared, in the order of their ids, until the transaction ends.
///
/// One that moves, ends or is made one with another at this moment is waited for, or waits and finds what is due here. In a
/// statement of its own: what draws up the list then sees which family has the enrollment.
pub(super) async fn hold_families(mut conn: &Conn, cycle: &Cycle) -> Result<()> {
    let statement = "
        select from enrollments e
        join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id and b.status = 'live'
        where e.area_id = $1 and e.program_id = $2 and e.status = 'active'
        order by b.id for share of b";
    let held = sql_query(statement).bind::<Int4, _>(cycle.area_id).bind::<SqlUuid, _>(cycle.program_id);
    held.execute(&mut conn).await?;
    Ok(())
}

/// The families that a cycle asks for, once they are held: those live with an active enrollment.
///
/// Shared again, for those who were enrolled between that statement and this one: a move at this moment would find nothing
/// due to carry along, and they would be due in both places.
const ON_LIST: &str = "
    select c.area_id, c.period, c.id as cycle_id, c.program_id, b.id as beneficiary_id, e.id as enrollment_id,
        b.village_code, r.benefit_quantity, jsonb_build_object('decile', b.decile, 'decile_source', b.decile_source,
            'decile_period', b.decile_period, 'member_count', b.member_count, 'village_code', b.village_code,
            'rule_set_id', r.id, 'rule_set_number', r.number) as snapshot
    from cycles c
    join rule_sets r on r.id = c.rule_set_id
    join enrollments e on e.area_id = c.area_id and e.program_id = c.program_id and e.status = 'active'
    join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id and b.status = 'live'
    where c.area_id = $1 and c.id = $2 and e.started_on <= $4 and not exists (
        select from carried_entitlements k where k.area_id = e.area_id
            and k.beneficiary_id = e.beneficiary_id and k.program_id = c.program_id and k.period = c.period)
    order by b.id for share of b";

/// The same for every family of the list.
fn fixed() -> String {
    format!(
        "with due as (
            insert into entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id,
                village_code, quantity, snapshot)
            select area_id, period, derive_id($3, enrollment_id), cycle_id, program_id, beneficiary_id, enrollment_id,
                village_code, benefit_quantity, snapshot
            from ({ON_LIST}) as on_list
            returning quantity
        )
        select count(*) as count, coalesce(sum(quantity), 0) as quantity, 0::bigint as omitted from due"
    )
}

/// What the plan gives to each; who gets nothing is kept with the reason.
fn planned(plan: &str) -> String {
    format!(
        "with on_list as ({ON_LIST}), {plan}, due as (
            insert into entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id,
                village_code, quantity, snapshot, breakdown)
            select l.area_id, l.period, derive_id($3, l.enrollment_id), l.cycle_id, l.program_id, l.beneficiary_id,
                l.enrollment_id, l.village_code, d.quantity, l.snapshot, d.breakdown
            from on_list l join due_to d on d.beneficiary_id = l.beneficiary_id and d.quantity > 0
            returning quantity
        ), omitted as (
            insert into cycle_omissions (area_id, cycle_id, beneficiary_id, enrollment_id, village_code, reason,
                breakdown)
            select l.area_id, l.cycle_id, l.beneficiary_id, l.enrollment_id, l.village_code,
                case when d.quantity = 0 then 'duties_not_met' else $6 end, coalesce(d.breakdown, '[]')
            from on_list l left join due_to d on d.beneficiary_id = l.beneficiary_id
            where d.quantity is null or d.quantity = 0
            returning 1
        )
        select count(*) as count, coalesce(sum(quantity), 0) as quantity, (select count(*) from omitted) as omitted
        from due"
    )
}

/// Draws up the list of a cycle: what is due to each live family with an active enrollment, once families are held.
pub(super) async fn freeze(mut conn: &Conn, cycle: &Cycle, last_day: NaiveDate, plan: Option<&Plan>) -> Result<Frozen> {
    let sql = plan.map(|plan| (plan.sql(5, 7, ""), plan.reason()));
    let statement = sql.as_ref().map_or_else(fixed, |(sql, _)| planned(&sql.text));
    let query = sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(cycle.area_id)
        .bind::<SqlUuid, _>(cycle.id)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Date, _>(last_day);
    // A list of a province is joined and sorted in memory, not on disk.
    sql_query("set local work_mem = '64MB'").execute(&mut conn).await?;
    let frozen = match sql {
        None => query.get_result(&mut conn).await?,
        Some((sql, reason)) => {
            let query = query.bind::<Array<Int4>, _>(vec![cycle.area_id]).bind::<Text, _>(reason);
            programs::bind(query, &sql.parameters).get_result(&mut conn).await?
        }
    };
    Ok(frozen)
}

/// Marks a cycle approved, with what its list comes to. The constraint refuses the one who opened it.
pub(super) async fn approve(
    mut conn: &Conn,
    caller: &Caller,
    cycle: &Cycle,
    frozen: Frozen,
    now: DateTime<Utc>,
) -> Result<Cycle> {
    let count = i32::try_from(frozen.count).map_err(Error::internal)?;
    let omitted = i32::try_from(frozen.omitted).map_err(Error::internal)?;
    let row = cycles::table.filter(cycles::area_id.eq(cycle.area_id)).filter(cycles::id.eq(cycle.id));
    let approved = diesel::update(row)
        .set((
            cycles::status.eq(CycleStatus::Approved),
            cycles::approved_by.eq(&caller.client_id),
            cycles::approved_at.eq(now),
            cycles::entitlement_count.eq(count),
            cycles::entitled_quantity.eq(frozen.quantity),
            cycles::omission_count.eq(omitted),
            cycles::version.eq(cycle.version + 1),
            cycles::updated_at.eq(now),
        ))
        .returning(Cycle::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(approved)
}

/// True where an order still holds something of the cycle.
pub(super) async fn has_holds(mut conn: &Conn, cycle: &Cycle) -> Result<bool> {
    use crate::schema::entitlements;
    let due = entitlements::table
        .filter(entitlements::area_id.eq(cycle.area_id))
        .filter(entitlements::period.eq(cycle.period))
        .filter(entitlements::cycle_id.eq(cycle.id))
        .select(entitlements::id);
    let held = holds::table
        .filter(holds::area_id.eq(cycle.area_id))
        .filter(holds::status.eq("held"))
        .filter(holds::entitlement_id.eq_any(due));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(&mut conn).await?)
}

/// Marks a cycle closed.
pub(super) async fn close(mut conn: &Conn, caller: &Caller, cycle: &Cycle, now: DateTime<Utc>) -> Result<Cycle> {
    let row = cycles::table.filter(cycles::area_id.eq(cycle.area_id)).filter(cycles::id.eq(cycle.id));
    let closed = diesel::update(row)
        .set((
            cycles::status.eq(CycleStatus::Closed),
            cycles::closed_by.eq(&caller.client_id),
            cycles::closed_at.eq(now),
            cycles::version.eq(cycle.version + 1),
            cycles::updated_at.eq(now),
        ))
        .returning(Cycle::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(closed)
}
