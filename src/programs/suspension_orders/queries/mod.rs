//! One statement a function; what is held of each entitlement stands in `holding`.

mod holding;
mod passing;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

pub(super) use self::holding::{IN_FORCE, bound, end as end_holds, open_part};
pub use self::holding::{held, hold, in_force, withdrawn};
pub use self::passing::pass as pass_holds;
use super::model::{
    Hold, HoldFilter, HoldTotals, NewOrder, NewRelease, OrderFilter, OrderStatus, Outcome, SuspensionOrder,
};
use crate::db::{Conn, walk};
use crate::domain::{Caller, CycleId, HoldId, OrderId, ProgramId, Scope};
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

/// Those of some cycles that are of a program.
pub(super) async fn cycles_among(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    ids: &[CycleId],
) -> Result<Vec<CycleId>> {
    let found = cycles::table
        .filter(cycles::area_id.eq(area_id))
        .filter(cycles::program_id.eq(program_id))
        .filter(cycles::id.eq_any(ids));
    Ok(found.select(cycles::id).load(&mut conn).await?)
}

/// True where a rule set of the program has a component of that code.
pub(super) async fn has_component(mut conn: &Conn, program_id: ProgramId, code: &str) -> Result<bool> {
    let statement = "
        select exists (
            select from rule_sets
            where program_id = $1 and benefit -> 'components' @> jsonb_build_array(jsonb_build_object('code', $2))
        ) as is_there";
    let query = diesel::sql_query(statement).bind::<SqlUuid, _>(program_id).bind::<Text, _>(code);
    Ok(query.get_result::<Found>(&mut conn).await?.is_there)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    is_there: bool,
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
        suspension_orders::directive_document_reference.eq(&new.directive.document_reference),
        suspension_orders::directive_document_digest.eq(new.directive.document_digest),
        suspension_orders::village_codes.eq(&new.scope.village_codes),
        suspension_orders::cycle_ids.eq(&new.scope.cycle_ids),
        suspension_orders::component.eq(&new.scope.component),
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
    (resumes_on, now): (Option<NaiveDate>, DateTime<Utc>),
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
        suspension_orders::pays_arrears.eq((release.outcome != Outcome::Voided).then_some(resumes_on.is_none())),
        suspension_orders::resumes_on.eq(resumes_on),
        suspension_orders::version.eq(suspension_orders::version + 1),
        suspension_orders::updated_at.eq(now),
    );
    let update = diesel::update(row).set(changes);
    Ok(update.returning(SuspensionOrder::as_returning()).get_result(&mut conn).await?)
}

/// Sums over the holds of an order.
pub(super) async fn totals(mut conn: &Conn, order: &SuspensionOrder) -> Result<HoldTotals> {
    let statement = "
        select count(distinct entitlement_id) filter (where status <> 'passed') as count,
            coalesce(sum(quantity) filter (where status <> 'passed'), 0) as quantity,
            count(distinct entitlement_id) filter (where status = 'held') as held_count,
            coalesce(sum(quantity) filter (where status = 'held'), 0) as held_quantity,
            coalesce(sum(released_quantity), 0) as released_quantity,
            coalesce(sum(withdrawn_quantity), 0) as withdrawn_quantity,
            coalesce(sum(lapsed_quantity), 0) as lapsed_quantity
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
