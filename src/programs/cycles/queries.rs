//! One statement a function. Each takes the scope, or a cycle that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Cycle, CycleFilter, CycleStatus, Frozen, Listed, NewCycle};
use crate::db::{Conn, Counted, walk};
use crate::domain::{Caller, CycleId, Period, ProgramId, RuleSetId, Scope};
use crate::error::{Error, Result};
use crate::http::{ByPeriod, Limit};
use crate::programs;
use crate::programs::benefits::{OmissionReason, Plan, PlanSql};
use crate::schema::{cycle_months, cycles, holds};

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

/// Adds a cycle that waits for approval; its months are not claimed yet.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    area_id: i32,
    (program_id, rule_set_id, new): (ProgramId, RuleSetId, &NewCycle),
    now: DateTime<Utc>,
) -> Result<Cycle> {
    let cycle = diesel::insert_into(cycles::table)
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
        .await?;
    Ok(cycle)
}

/// Claims the months of a cycle; false where another one has some of them. Waits for whoever claims them right now.
pub(super) async fn claim_months(mut conn: &Conn, cycle: &Cycle, last_day: NaiveDate) -> Result<bool> {
    let claimed = sql_query(
        "with asked as (
             select month::date from generate_series($3::date, $4::date, interval '1 month') as m (month)
         ), claimed as (
             insert into cycle_months (area_id, program_id, month, cycle_id)
             select $1, $2, month, $5 from asked order by month on conflict do nothing returning 1
         )
         select (select count(*) from asked) - (select count(*) from claimed) as total",
    );
    let claimed = claimed
        .bind::<Int4, _>(cycle.area_id)
        .bind::<SqlUuid, _>(cycle.program_id)
        .bind::<Date, _>(cycle.period)
        .bind::<Date, _>(last_day)
        .bind::<SqlUuid, _>(cycle.id);
    Ok(claimed.get_result::<Counted>(&mut conn).await?.total == 0)
}

/// The first other cycle of the program that stands for a month of this one.
pub(super) async fn claimant(mut conn: &Conn, cycle: &Cycle, last_day: NaiveDate) -> Result<Option<CycleId>> {
    let claims = cycle_months::table
        .filter(cycle_months::area_id.eq(cycle.area_id))
        .filter(cycle_months::program_id.eq(cycle.program_id))
        .filter(cycle_months::month.between(cycle.period.first_day(), last_day))
        .filter(cycle_months::cycle_id.ne(cycle.id))
        .order(cycle_months::month)
        .select(cycle_months::cycle_id);
    Ok(claims.first(&mut conn).await.optional()?)
}

/// Gives the months of a cycle up.
pub(super) async fn give_up_months(mut conn: &Conn, cycle: &Cycle) -> Result<()> {
    let claims =
        cycle_months::table.filter(cycle_months::area_id.eq(cycle.area_id)).filter(cycle_months::cycle_id.eq(cycle.id));
    diesel::delete(claims).execute(&mut conn).await?;
    Ok(())
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
    select c.area_id, c.period, c.id as cycle_id, c.program_id, c.rule_set_id, b.id as beneficiary_id,
        e.id as enrollment_id, b.village_code, r.benefit_quantity, jsonb_build_object('decile', b.decile, 'decile_source', b.decile_source,
            'decile_period', b.decile_period, 'member_count', b.member_count, 'village_code', b.village_code,
            'rule_set_id', r.id, 'rule_set_number', r.number) as snapshot
    from cycles c
    join rule_sets r on r.id = c.rule_set_id
    join enrollments e on e.area_id = c.area_id and e.program_id = c.program_id and e.status = 'active'
    join beneficiaries b on b.area_id = e.area_id and b.id = e.beneficiary_id and b.status = 'live'
    where c.area_id = $1 and c.id = $2 and e.started_on <= $4 and not exists (
        select from carried_entitlements k where k.area_id = e.area_id
            and k.beneficiary_id = e.beneficiary_id and k.program_id = c.program_id and k.period between c.period and $4)
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

/// What a rule set gives to every family of the list alike, told as a plan tells it.
const ALIKE: &str = "due_to as (
        select beneficiary_id, benefit_quantity as quantity, null::jsonb as breakdown from on_list
    )";

/// Who of the list is given what is given once: those to whom nothing of the rule set was due before, nor to a family
/// that goes on in theirs. The key decides against an approval at the same moment.
const ONCE: &str = ", had as (
        select o.beneficiary_id as id from once_entitlements o join cycles c on c.rule_set_id = o.rule_set_id
        where o.area_id = $1 and c.area_id = $1 and c.id = $2
        union
        select b.continued_in_id from had h
        join beneficiaries b on b.area_id = $1 and b.id = h.id and b.continued_in_id is not null
    ), claimed as (
        insert into once_entitlements (area_id, beneficiary_id, rule_set_id, period)
        select l.area_id, l.beneficiary_id, l.rule_set_id, l.period
        from on_list l join due_to d on d.beneficiary_id = l.beneficiary_id and d.quantity > 0
        where not exists (select from had h where h.id = l.beneficiary_id)
        order by l.beneficiary_id
        on conflict do nothing
        returning beneficiary_id
    )";

/// What the plan gives to each, once where it is given once; who gets nothing is kept with the reason.
fn planned(plan: &str, is_once: bool) -> String {
    let (once, given, had_before) = if is_once {
        let not_claimed = "or not exists (select from claimed k where k.beneficiary_id = l.beneficiary_id)";
        (ONCE, "join claimed k on k.beneficiary_id = l.beneficiary_id", not_claimed)
    } else {
        ("", "", "")
    };
    format!(
        "with recursive on_list as ({ON_LIST}), {plan}{once}, due as (
            insert into entitlements (area_id, period, id, cycle_id, program_id, beneficiary_id, enrollment_id,
                village_code, quantity, snapshot, breakdown)
            select l.area_id, l.period, derive_id($3, l.enrollment_id), l.cycle_id, l.program_id, l.beneficiary_id,
                l.enrollment_id, l.village_code, d.quantity, l.snapshot, d.breakdown
            from on_list l join due_to d on d.beneficiary_id = l.beneficiary_id and d.quantity > 0 {given}
            returning quantity
        ), omitted as (
            insert into cycle_omissions (area_id, cycle_id, beneficiary_id, enrollment_id, village_code, reason,
                breakdown)
            select l.area_id, l.cycle_id, l.beneficiary_id, l.enrollment_id, l.village_code,
                case when d.quantity = 0 then 'duties_not_met' when d.quantity > 0 then 'already_given' else $6 end,
                case when d.quantity = 0 then coalesce(d.breakdown, '[]') else '[]' end
            from on_list l left join due_to d on d.beneficiary_id = l.beneficiary_id
            where d.quantity is null or d.quantity = 0 {had_before}
            returning 1
        )
        select count(*) as count, coalesce(sum(quantity), 0) as quantity, (select count(*) from omitted) as omitted
        from due"
    )
}

/// Draws up the list of a cycle: what is due to each live family with an active enrollment, once families are held.
pub(super) async fn freeze(
    mut conn: &Conn,
    cycle: &Cycle,
    last_day: NaiveDate,
    (plan, is_once): (Option<&Plan>, bool),
) -> Result<Frozen> {
    let alike = || PlanSql { text: ALIKE.to_owned(), parameters: Vec::new() };
    let sql = plan.map(|plan| plan.sql(5, 7, "")).or_else(|| is_once.then(alike));
    let statement = sql.as_ref().map_or_else(fixed, |sql| planned(&sql.text, is_once));
    let query = sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Int4, _>(cycle.area_id)
        .bind::<SqlUuid, _>(cycle.id)
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<Date, _>(last_day);
    // A list of a province is joined and sorted in memory, not on disk.
    sql_query("set local work_mem = '64MB'").execute(&mut conn).await?;
    let Some(sql) = sql else { return Ok(query.get_result(&mut conn).await?) };
    let reason = plan.map_or(OmissionReason::AlreadyGiven, Plan::reason);
    let query = query.bind::<Array<Int4>, _>(vec![cycle.area_id]).bind::<Text, _>(reason);
    Ok(programs::bind(query, &sql.parameters).get_result(&mut conn).await?)
}

/// Families of a list that was drawn up, by the village whose quota they count for.
pub(super) async fn listed(mut conn: &Conn, cycle: &Cycle) -> Result<Vec<Listed>> {
    let query = sql_query(
        "select e.quota_village_code as village_code, count(*) as families
         from entitlements t join enrollments e on e.area_id = t.area_id and e.id = t.enrollment_id
         where t.area_id = $1 and t.period = $2 and t.cycle_id = $3
         group by 1 order by 1",
    );
    let query = query.bind::<Int4, _>(cycle.area_id).bind::<Date, _>(cycle.period).bind::<SqlUuid, _>(cycle.id);
    Ok(query.load(&mut conn).await?)
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

/// Marks a cycle cancelled.
pub(super) async fn cancel(
    mut conn: &Conn,
    caller: &Caller,
    cycle: &Cycle,
    (reason, now): (&str, DateTime<Utc>),
) -> Result<Cycle> {
    let row = cycles::table.filter(cycles::area_id.eq(cycle.area_id)).filter(cycles::id.eq(cycle.id));
    let cancelled = diesel::update(row)
        .set((
            cycles::status.eq(CycleStatus::Cancelled),
            cycles::cancelled_by.eq(&caller.client_id),
            cycles::cancelled_at.eq(now),
            cycles::cancellation_reason.eq(reason),
            cycles::version.eq(cycle.version + 1),
            cycles::updated_at.eq(now),
        ))
        .returning(Cycle::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(cancelled)
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
