//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{StockLoss, StockLossFilter};
use crate::db::{Conn, walk};
use crate::domain::{Scope, StockLossId};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::stock_losses;

/// Finds a loss.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: StockLossId) -> Result<Option<StockLoss>> {
    let query = StockLoss::query().filter(stock_losses::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(stock_losses::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a loss; of two who decide at once the second finds it decided.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: StockLossId) -> Result<Option<StockLoss>> {
    let query = StockLoss::query().filter(stock_losses::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(stock_losses::id.eq(id)).for_no_key_update().first(&mut conn).await.optional()?)
}

/// Adds a loss.
pub(super) async fn insert(mut conn: &Conn, loss: &StockLoss) -> Result<()> {
    diesel::insert_into(stock_losses::table).values(loss).execute(&mut conn).await?;
    Ok(())
}

/// Writes what was decided on a locked loss.
pub(super) async fn decide(mut conn: &Conn, loss: &StockLoss) -> Result<()> {
    diesel::update(stock_losses::table.find((loss.area_id, loss.id)))
        .set((
            stock_losses::status.eq(loss.status),
            stock_losses::decided_by.eq(&loss.decided_by),
            stock_losses::decided_at.eq(loss.decided_at),
            stock_losses::decision_reason.eq(&loss.decision_reason),
            stock_losses::updated_at.eq(loss.updated_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Losses that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a StockLossFilter) -> stock_losses::BoxedQuery<'a, Pg> {
    let mut query = stock_losses::table.filter(stock_losses::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(stock_losses::status.eq(status));
    }
    if let Some(lot_id) = filter.stock_lot_id {
        query = query.filter(stock_losses::stock_lot_id.eq(lot_id));
    }
    if let Some(site_id) = filter.stock_site_id {
        query = query.filter(stock_losses::stock_site_id.eq(site_id));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(stock_losses::reason.eq(reason));
    }
    query
}

/// Counts losses.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &StockLossFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists losses by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &StockLossFilter,
    (limit, after): (Limit, Option<(i32, StockLossId)>),
) -> Result<Vec<StockLoss>> {
    let query = filtered(scope, filter).select(StockLoss::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, stock_losses::{area_id, id}).load(&mut conn).await?)
}
