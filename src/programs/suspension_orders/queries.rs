//! One statement a function.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::SuspensionOrder;
use super::model::{
    Hold, HoldFilter, HoldStatus, HoldTotals, InForce, NewOrder, NewRelease, OrderFilter, OrderStatus, Outcome, Part,
};
use crate::db::{Conn, walk};
use crate::domain::{Caller, CycleId, EntitlementId, HoldId, OrderId, ProgramId, Quantity, Scope};
use crate::error::Result;
use crate::http::{ByCreation, ById, Limit};
use crate::schema::{cycles, holds, suspension_orders};

/// Finds an order.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: OrderId) -> Result<Option<SuspensionOrder>> {
    let query = SuspensionOrder::query()
        .filter(suspension_orders::area_id.eq_any(&scope.area_ids))
        .filter(suspension_orders::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds an order and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: OrderId) -> Result<Option<SuspensionOrder>> {
    let query = SuspensionOrder::query()
        .filter(suspension_orders::area_id.eq_any(&scope.area_ids))
        .filter(suspension_orders::id.eq(id))
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Orders on a program that a filter leaves.
fn filtered<'a>(
    scope: &'a Scope,
    program_id: ProgramId,
    filter: &OrderFilter,
) -> suspension_orders::BoxedQuery<'a, Pg> {
    let query = suspension_orders::table
        .filter(suspension_orders::area_id.eq_any(&scope.area_ids))
        .filter(suspension_orders::program_id.eq(program_id))
        .into_boxed();
    match filter.status {
        Some(status) => query.filter(suspension_orders::status.eq(status)),
        None => query,
    }
}

/// Counts orders on a program.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, program_id: ProgramId, filter: &OrderFilter) -> Result<i64> {
    Ok(filtered(scope, program_id, filter).count().get_result(&mut conn).await?)
}

/// Lists orders on a program by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    filter: &OrderFilter,
    (limit, after): (Limit, Option<OrderId>),
) -> Result<Vec<SuspensionOrder>> {
    let query = filtered(scope, program_id, filter).select(SuspensionOrder::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, suspension_orders::{id}).load(&mut conn).await?)
}

/// Waits for the deliveries and approvals under way in the cycles of a program, and keeps new ones waiting.
pub(super) async fn lock_cycles(mut conn: &Conn, area_id: i32, program_id: ProgramId) -> Result<()> {
    let locked = cycles::table
        .filter(cycles::area_id.eq(area_id))
        .filter(cycles::program_id.eq(program_id))
        .order(cycles::id)
        .select(cycles::id)
        .for_update();
    locked.load::<CycleId>(&mut conn).await?;
    Ok(())
}

/// Adds an order in force.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    (area_id, program_id): (i32, ProgramId),
    new: &NewOrder,
    now: DateTime<Utc>,
) -> Result<SuspensionOrder> {
    let row = (
        suspension_orders::area_id.eq(area_id),
        suspension_orders::id.eq(OrderId::new()),
        suspension_orders::program_id.eq(program_id),
        suspension_orders::status.eq(OrderStatus::InForce),
        suspension_orders::directive_title.eq(&new.directive.title),
        suspension_orders::directive_number.eq(&new.directive.number),
        suspension_orders::directive_article.eq(&new.directive.article),
        suspension_orders::directive_dated_on.eq(new.directive.dated_on),
        suspension_orders::reason.eq(&new.reason),
        suspension_orders::effective_from.eq(new.effective_from),
        suspension_orders::effective_to.eq(new.effective_to),
        suspension_orders::laid_by.eq(&caller.client_id),
        suspension_orders::created_at.eq(now),
        suspension_orders::updated_at.eq(now),
    );
    let insert = diesel::insert_into(suspension_orders::table).values(row);
    Ok(insert.returning(SuspensionOrder::as_returning()).get_result(&mut conn).await?)
}

/// Marks an order released.
pub(super) async fn release(
    mut conn: &Conn,
    caller: &Caller,
    order: &SuspensionOrder,
    release: &NewRelease,
    now: DateTime<Utc>,
) -> Result<SuspensionOrder> {
    let row = suspension_orders::table
        .filter(suspension_orders::area_id.eq(order.area_id))
        .filter(suspension_orders::id.eq(order.id));
    let changes = (
        suspension_orders::status.eq(OrderStatus::Released),
        suspension_orders::outcome.eq(release.outcome),
        suspension_orders::released_by.eq(&caller.client_id),
        suspension_orders::released_at.eq(now),
        suspension_orders::release_reason.eq(&release.reason),
        suspension_orders::version.eq(suspension_orders::version + 1),
        suspension_orders::updated_at.eq(now),
    );
    let update = diesel::update(row).set(changes);
    Ok(update.returning(SuspensionOrder::as_returning()).get_result(&mut conn).await?)
}

/// The order in force that stops a cycle, the first that was laid.
///
/// Lock the cycle before: an order that is being laid waits for the lock, one that was laid is seen.
///
/// # Errors
/// Where the database cannot be read.
pub async fn in_force(mut conn: &Conn, area_id: i32, cycle_id: CycleId) -> Result<Option<InForce>> {
    let statement = "
        select o.id, o.directive_title, o.directive_number
        from cycles c
        join rule_sets r on r.id = c.rule_set_id
        join suspension_orders o on o.area_id = c.area_id and o.program_id = c.program_id
        where c.area_id = $1 and c.id = $2 and o.status = 'in_force'
            and o.effective_from < c.period + make_interval(
                months => case r.benefit_period when 'year' then 12 when 'quarter' then 3 else 1 end)
            and (o.effective_to is null or o.effective_to >= c.period)
        order by o.id
        limit 1";
    let query = diesel::sql_query(statement).bind::<Integer, _>(area_id).bind::<SqlUuid, _>(cycle_id);
    Ok(query.get_result(&mut conn).await.optional()?)
}

/// Holds what is due and not delivered in the approved cycles of a program that an order in force reaches.
/// Returns how many holds were made; what is held already is left alone, so doing it again is harmless.
///
/// Under two orders the first one holds; when it is released, the other takes over what is left.
///
/// # Errors
/// Where the database refuses.
pub async fn hold(mut conn: &Conn, area_id: i32, program_id: ProgramId, now: DateTime<Utc>) -> Result<usize> {
    let statement = "
        with due as (
            select distinct on (e.id) o.id as order_id, e.period, e.id, e.beneficiary_id,
                e.quantity - coalesce(d.gone, 0) - coalesce(h.withdrawn, 0) as quantity
            from suspension_orders o
            join cycles c on c.area_id = o.area_id and c.program_id = o.program_id and c.status = 'approved'
            join rule_sets r on r.id = c.rule_set_id
            join entitlements e on e.area_id = c.area_id and e.cycle_id = c.id and e.period = c.period
            left join lateral (
                select sum(quantity + withdrawn) as gone from aid_given
                where area_id = e.area_id and period = e.period and entitlement_id = e.id
            ) d on true
            left join lateral (
                select sum(withdrawn_quantity) as withdrawn, bool_or(status = 'held') as is_held from holds
                where area_id = e.area_id and entitlement_id = e.id
            ) h on true
            where o.area_id = $1 and o.program_id = $2 and o.status = 'in_force'
                and o.effective_from < c.period + make_interval(
                    months => case r.benefit_period when 'year' then 12 when 'quarter' then 3 else 1 end)
                and (o.effective_to is null or o.effective_to >= c.period)
                and h.is_held is not true
            order by e.id, o.id
        )
        insert into holds (area_id, id, suspension_order_id, period, entitlement_id, beneficiary_id, quantity, status,
            created_at)
        select $1, derive_id(order_id, id), order_id, period, id, beneficiary_id, quantity, 'held', $3
        from due
        where quantity > 0
        on conflict do nothing";
    let query = diesel::sql_query(statement).bind::<Integer, _>(area_id).bind::<SqlUuid, _>(program_id);
    Ok(query.bind::<Timestamptz, _>(now).execute(&mut conn).await?)
}

/// Adds what came back, and is due again, to the hold on an entitlement; false where nothing of it is held.
///
/// # Errors
/// Where the database refuses.
pub async fn hold_more(mut conn: &Conn, area_id: i32, id: EntitlementId, quantity: &Quantity) -> Result<bool> {
    let held = holds::table
        .filter(holds::area_id.eq(area_id))
        .filter(holds::entitlement_id.eq(id))
        .filter(holds::status.eq(HoldStatus::Held));
    let update = diesel::update(held).set(holds::quantity.eq(holds::quantity + quantity));
    Ok(update.execute(&mut conn).await? > 0)
}

/// Ends the holds of an order; what each releases and withdraws adds up to what it held.
pub(super) async fn end_holds(
    mut conn: &Conn,
    order: &SuspensionOrder,
    outcome: Outcome,
    part: &Part,
    now: DateTime<Utc>,
) -> Result<usize> {
    let statement = "
        update holds
        set status = $3, ended_at = $4, released_quantity = o.released, withdrawn_quantity = quantity - o.released
        from (
            select id, case $3 when 'released' then quantity when 'voided' then 0
                else least(quantity, coalesce($5, trunc(quantity * $6, $7))) end as released
            from holds where area_id = $1 and suspension_order_id = $2 and status = 'held'
        ) as o
        where holds.area_id = $1 and holds.id = o.id";
    let query = diesel::sql_query(statement).bind::<Integer, _>(order.area_id).bind::<SqlUuid, _>(order.id);
    let query = query.bind::<Text, _>(outcome).bind::<Timestamptz, _>(now);
    let query = query.bind::<Nullable<Numeric>, _>(part.each.as_ref());
    let query = query.bind::<Nullable<Numeric>, _>(part.factor.as_ref()).bind::<Integer, _>(part.digits);
    Ok(query.execute(&mut conn).await?)
}

/// What holds have taken away from an entitlement for good: it is never delivered.
///
/// # Errors
/// Where the database cannot be read.
pub async fn withdrawn(mut conn: &Conn, area_id: i32, entitlement_id: EntitlementId) -> Result<Quantity> {
    let sum = diesel::dsl::sum(holds::withdrawn_quantity);
    let of_it = holds::table.filter(holds::area_id.eq(area_id)).filter(holds::entitlement_id.eq(entitlement_id));
    let total: Option<Quantity> = of_it.select(sum).first(&mut conn).await?;
    Ok(total.unwrap_or_else(Quantity::zero))
}

/// Sums over the holds of an order.
pub(super) async fn totals(mut conn: &Conn, order: &SuspensionOrder) -> Result<HoldTotals> {
    let statement = "
        select count(*) as count, coalesce(sum(quantity), 0) as quantity,
            count(*) filter (where status = 'held') as held_count,
            coalesce(sum(quantity) filter (where status = 'held'), 0) as held_quantity,
            coalesce(sum(released_quantity), 0) as released_quantity,
            coalesce(sum(withdrawn_quantity), 0) as withdrawn_quantity
        from holds
        where area_id = $1 and suspension_order_id = $2";
    let query = diesel::sql_query(statement).bind::<Integer, _>(order.area_id).bind::<SqlUuid, _>(order.id);
    Ok(query.get_result(&mut conn).await?)
}

/// Holds of an order that a filter leaves.
fn filtered_holds(order: &SuspensionOrder, filter: &HoldFilter) -> holds::BoxedQuery<'static, Pg> {
    let query = holds::table
        .filter(holds::area_id.eq(order.area_id))
        .filter(holds::suspension_order_id.eq(order.id))
        .into_boxed();
    match filter.status {
        Some(status) => query.filter(holds::status.eq(status)),
        None => query,
    }
}

/// Counts the holds of an order.
pub(super) async fn count_holds(mut conn: &Conn, order: &SuspensionOrder, filter: &HoldFilter) -> Result<i64> {
    Ok(filtered_holds(order, filter).count().get_result(&mut conn).await?)
}

/// Lists the holds of an order by id, after one.
pub(super) async fn list_holds(
    mut conn: &Conn,
    order: &SuspensionOrder,
    filter: &HoldFilter,
    (limit, after): (Limit, Option<HoldId>),
) -> Result<Vec<Hold>> {
    let query = filtered_holds(order, filter).select(Hold::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, holds::{id}).load(&mut conn).await?)
}
