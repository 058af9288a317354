//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Int4, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{HandOutCycle, StockMovement, StockMovementFilter};
use crate::db::{Conn, walk};
use crate::domain::{Balance, CycleId, DeliveryId, Scope, StockLotId, StockMovementId, StockPlaceId, StockSiteId};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{stock_movements, stock_places};

/// Finds where a lot stands at a site, or was.
pub(super) async fn find_place(
    mut conn: &Conn,
    (area_id, lot_id): (i32, StockLotId),
    site_id: StockSiteId,
) -> Result<Option<StockPlaceId>> {
    let place = stock_places::table
        .filter(stock_places::area_id.eq(area_id))
        .filter(stock_places::stock_lot_id.eq(lot_id))
        .filter(stock_places::stock_site_id.eq(site_id));
    Ok(place.select(stock_places::id).first(&mut conn).await.optional()?)
}

/// Gives a lot a place at a site; one that it has already stays.
pub(super) async fn insert_place(
    mut conn: &Conn,
    (area_id, lot_id): (i32, StockLotId),
    site_id: StockSiteId,
) -> Result<()> {
    let row = (
        stock_places::area_id.eq(area_id),
        stock_places::id.eq(StockPlaceId::new()),
        stock_places::stock_lot_id.eq(lot_id),
        stock_places::stock_site_id.eq(site_id),
    );
    diesel::insert_into(stock_places::table).values(row).on_conflict_do_nothing().execute(&mut conn).await?;
    Ok(())
}

/// Locks what stock holds of lots, wherever it is, in the order of the accounts, until the transaction ends.
///
/// For a transaction that draws more than once: two of those never wait for each other in a ring.
///
/// # Errors
/// Where the database refuses.
pub(crate) async fn hold_lots(mut conn: &Conn, area_id: i32, lots: &[StockLotId]) -> Result<()> {
    if lots.is_empty() {
        return Ok(());
    }
    let statement = diesel::sql_query(
        "select from ledger_balances b join ledger_accounts a on a.id = b.account_id
         where a.area_id = $1 and a.kind in ('stock', 'delivered') and (a.owner_id = any ($2) or a.owner_id in (
             select p.id from stock_places p where p.area_id = $1 and p.stock_lot_id = any ($2)
         ))
         order by b.account_id for no key update of b",
    );
    statement.bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(lots).execute(&mut conn).await?;
    Ok(())
}

/// Adds a movement.
pub(super) async fn insert(mut conn: &Conn, movement: &StockMovement) -> Result<()> {
    diesel::insert_into(stock_movements::table).values(movement).execute(&mut conn).await?;
    Ok(())
}

/// Shares a cycle, so that it is not closed until the transaction ends.
pub(super) async fn share_cycle(mut conn: &Conn, area_id: i32, id: CycleId) -> Result<Option<HandOutCycle>> {
    let cycle = diesel::sql_query(
        "select c.status, c.program_id, p.unit from cycles c join programs p on p.id = c.program_id
         where c.area_id = $1 and c.id = $2 for share of c",
    );
    Ok(cycle.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id).get_result(&mut conn).await.optional()?)
}

/// True where an order in force stops all of a cycle; asked once the cycle is shared. Of one that stops a part of it the
/// rest is handed out.
pub(super) async fn is_suspended(mut conn: &Conn, area_id: i32, id: CycleId) -> Result<bool> {
    let orders = diesel::sql_query(
        "select 1 from cycles c
         join rule_sets r on r.id = c.rule_set_id
         join suspension_orders o on o.area_id = c.area_id and o.program_id = c.program_id
         where c.area_id = $1 and c.id = $2 and o.status = 'in_force'
             and order_reaches(o.effective_from, o.effective_to, o.cycle_ids, c.id, c.period, r.benefit_period)
             and o.village_codes = '{}' and o.component is null",
    );
    Ok(orders.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id).execute(&mut conn).await? > 0)
}

/// What went to hand-over days of a cycle of a lot and did not come back.
pub(super) async fn still_out(mut conn: &Conn, (area_id, lot_id): (i32, StockLotId), id: CycleId) -> Result<Balance> {
    #[derive(QueryableByName)]
    struct Out {
        #[diesel(sql_type = Numeric)]
        quantity: Balance,
    }
    let out: Out = diesel::sql_query(
        "select coalesce(sum(case when kind = 'hand_out' then quantity else -quantity end), 0) as quantity
         from stock_movements where area_id = $1 and stock_lot_id = $2 and cycle_id = $3",
    )
    .bind::<Int4, _>(area_id)
    .bind::<SqlUuid, _>(lot_id)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut conn)
    .await?;
    Ok(out.quantity)
}

/// The movement by which a delivery left a site.
pub(super) async fn find_of_delivery(mut conn: &Conn, area_id: i32, id: DeliveryId) -> Result<Option<StockMovement>> {
    let query = StockMovement::query()
        .filter(stock_movements::area_id.eq(area_id))
        .filter(stock_movements::delivery_id.eq(id))
        .filter(stock_movements::from_site_id.is_not_null());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a movement.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: StockMovementId) -> Result<Option<StockMovement>> {
    let query = StockMovement::query().filter(stock_movements::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(stock_movements::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Movements that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a StockMovementFilter) -> stock_movements::BoxedQuery<'a, Pg> {
    let mut query = stock_movements::table.filter(stock_movements::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(lot_id) = filter.stock_lot_id {
        query = query.filter(stock_movements::stock_lot_id.eq(lot_id));
    }
    if let Some(site_id) = filter.stock_site_id {
        let either = sql::<Bool>("").bind::<SqlUuid, _>(site_id).sql(" in (from_site_id, to_site_id)");
        query = query.filter(either);
    }
    if let Some(kind) = filter.kind {
        query = query.filter(stock_movements::kind.eq(kind));
    }
    if let Some(cycle_id) = filter.cycle_id {
        query = query.filter(stock_movements::cycle_id.eq(cycle_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(stock_movements::moved_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(stock_movements::moved_on.le(to));
    }
    query
}

/// Counts movements.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &StockMovementFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists movements by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &StockMovementFilter,
    (limit, after): (Limit, Option<(i32, StockMovementId)>),
) -> Result<Vec<StockMovement>> {
    let query = filtered(scope, filter).select(StockMovement::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, stock_movements::{area_id, id}).load(&mut conn).await?)
}
