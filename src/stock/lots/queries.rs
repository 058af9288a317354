//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{GoodsOfProgram, NewStockLot, StockLot, StockLotFilter};
use crate::db::{Conn, walk};
use crate::domain::{ProgramId, Scope, StockLotId, StockSiteId};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{programs, stock_lots, stock_sites};

/// The area of a site.
pub(super) async fn area_of(mut conn: &Conn, scope: &Scope, site_id: StockSiteId) -> Result<Option<i32>> {
    let site = stock_sites::table.filter(stock_sites::area_id.eq_any(&scope.area_ids));
    let area_id = site.filter(stock_sites::id.eq(site_id)).select(stock_sites::area_id).first(&mut conn).await;
    Ok(area_id.optional()?)
}

/// What a program that serves an area gives.
pub(super) async fn find_program(mut conn: &Conn, area_id: i32, id: ProgramId) -> Result<Option<GoodsOfProgram>> {
    let serving = programs::owner_area_id.is_null().or(programs::owner_area_id.eq(area_id));
    let program = GoodsOfProgram::query().filter(programs::id.eq(id)).filter(serving).first(&mut conn).await;
    Ok(program.optional()?)
}

/// Finds a lot, with where it is by now.
///
/// # Errors
/// Where the database cannot be read.
pub(in crate::stock) async fn find(mut conn: &Conn, scope: &Scope, id: StockLotId) -> Result<Option<StockLot>> {
    let query = StockLot::query().filter(stock_lots::area_id.eq_any(&scope.area_ids)).filter(stock_lots::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Adds a lot; the constraint lets an item of a delivery note come in once.
pub(super) async fn insert(
    mut conn: &Conn,
    (area_id, id): (i32, StockLotId),
    new: &NewStockLot,
    (counts_whole_units, recorded_by, now): (bool, &str, DateTime<Utc>),
) -> Result<()> {
    let row = (
        stock_lots::area_id.eq(area_id),
        stock_lots::id.eq(id),
        stock_lots::item.eq(&new.item),
        stock_lots::unit.eq(&new.unit),
        stock_lots::counts_whole_units.eq(counts_whole_units),
        stock_lots::program_id.eq(new.program_id),
        stock_lots::stock_site_id.eq(new.stock_site_id),
        stock_lots::quantity.eq(&new.quantity),
        stock_lots::source.eq(new.source),
        stock_lots::supplier.eq(&new.supplier),
        stock_lots::delivery_note_number.eq(&new.delivery_note_number),
        stock_lots::received_on.eq(new.received_on),
        stock_lots::expires_on.eq(new.expires_on),
        stock_lots::quality.eq(new.quality),
        stock_lots::remark.eq(new.remark.as_ref()),
        stock_lots::recorded_by.eq(recorded_by),
        stock_lots::created_at.eq(now),
    );
    let insert = diesel::insert_into(stock_lots::table).values(row).execute(&mut conn).await;
    insert.on_conflict(Code::DeliveryNoteRecorded)?;
    Ok(())
}

/// Lots that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a StockLotFilter) -> stock_lots::BoxedQuery<'a, Pg> {
    let mut query = stock_lots::table.filter(stock_lots::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(program_id) = filter.program_id {
        query = query.filter(stock_lots::program_id.eq(program_id));
    }
    if let Some(item) = &filter.item {
        query = query.filter(stock_lots::item.eq(item));
    }
    if let Some(source) = filter.source {
        query = query.filter(stock_lots::source.eq(source));
    }
    if let Some(quality) = filter.quality {
        query = query.filter(stock_lots::quality.eq(quality));
    }
    if let Some(from) = filter.from {
        query = query.filter(stock_lots::received_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(stock_lots::received_on.le(to));
    }
    query
}

/// Counts lots.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &StockLotFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists lots by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &StockLotFilter,
    (limit, after): (Limit, Option<(i32, StockLotId)>),
) -> Result<Vec<StockLot>> {
    let query = filtered(scope, filter).select(StockLot::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, stock_lots::{area_id, id}).load(&mut conn).await?)
}
