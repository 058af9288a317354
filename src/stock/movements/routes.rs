//! Routes of movements.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    NewStockCount, NewStockHandOut, NewStockReturn, NewStockTransfer, StockMovement, StockMovementFilter,
    StockMovementKind,
};
use super::{actions, queries};
use crate::auth::{Allowed, ReadStock, WriteStock};
use crate::db::Db;
use crate::domain::{StockLotId, StockMovementId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List movements of stock
///
/// What came in, went elsewhere, went out, came back, was lost or counted, the newest first, each with its paper.
#[utoipa::path(
    tag = "stock", params(StockMovementFilter), security(("oauth2" = ["stock:read"])),
    responses((status = 200, body = Page<StockMovement>)),
)]
#[get("/v1/stock-movements")]
async fn list_stock_movements(
    caller: Allowed<ReadStock>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<StockMovementFilter, StockMovement>,
) -> Result<Page<StockMovement>> {
    let cursors = CursorKey::new(&keys.cursors, "list_stock_movements", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a movement of stock
#[utoipa::path(
    tag = "stock", params(("id" = StockMovementId, Path, description = "Id of the movement")),
    security(("oauth2" = ["stock:read"])), responses((status = 200, body = StockMovement), (status = 304)),
)]
#[get("/v1/stock-movements/{id}")]
async fn get_stock_movement(
    caller: Allowed<ReadStock>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<StockMovementId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let movement = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, 1, &movement))
}

fn created(movement: &StockMovement) -> Result<Answer> {
    Answer::created(format!("/v1/stock-movements/{}", movement.id), movement)
}

/// Transfer stock
///
/// From one site to another, at most what is there.
#[utoipa::path(
    tag = "stock", request_body = NewStockTransfer, params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:write"])), responses((status = 201, body = StockMovement)),
)]
#[post("/v1/stock-lots/{id}/transfers")]
async fn transfer_stock(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockLotId>,
    command: Once<NewStockTransfer>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, new| created(&actions::transfer(conn, &caller, id.0, new).await?)).await
}

/// Hand stock out in bulk
///
/// To a hand-over day of an approved cycle whose program the lot is for. Deliveries of that day name no lot: those that
/// do are taken from a site themselves.
#[utoipa::path(
    tag = "stock", request_body = NewStockHandOut, params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:write"])), responses((status = 201, body = StockMovement)),
)]
#[post("/v1/stock-lots/{id}/hand-outs")]
async fn hand_out_stock(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockLotId>,
    command: Once<NewStockHandOut>,
) -> Result<HttpResponse> {
    let what = (id.0, StockMovementKind::HandOut);
    command.run(&db, &caller, async |conn, new| created(&actions::hand_out(conn, &caller, what, new).await?)).await
}

/// Take stock back
///
/// What is left over of a hand-over day, to a site: at most what went to the cycle and did not come back before.
#[utoipa::path(
    tag = "stock", request_body = NewStockHandOut, params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:write"])), responses((status = 201, body = StockMovement)),
)]
#[post("/v1/stock-lots/{id}/take-backs")]
async fn take_stock_back(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockLotId>,
    command: Once<NewStockHandOut>,
) -> Result<HttpResponse> {
    let what = (id.0, StockMovementKind::TakeBack);
    command.run(&db, &caller, async |conn, new| created(&actions::hand_out(conn, &caller, what, new).await?)).await
}

/// Return stock to the supplier
///
/// What is not as ordered, at most what is at the site.
#[utoipa::path(
    tag = "stock", request_body = NewStockReturn, params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:write"])), responses((status = 201, body = StockMovement)),
)]
#[post("/v1/stock-lots/{id}/returns")]
async fn return_stock(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockLotId>,
    command: Once<NewStockReturn>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, new| created(&actions::give_back(conn, &caller, id.0, new).await?)).await
}

/// Count stock
///
/// What is there of a lot at a site, by minutes (stock opname): the difference to what should be there is booked, and
/// the site has what was counted. A count that does not differ is kept all the same, with a quantity of nothing.
#[utoipa::path(
    tag = "stock", request_body = NewStockCount, params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:write"])), responses((status = 201, body = StockMovement)),
)]
#[post("/v1/stock-lots/{id}/counts")]
async fn count_stock(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockLotId>,
    command: Once<NewStockCount>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, new| created(&actions::count(conn, &caller, id.0, new).await?)).await
}

/// Registers the routes.
pub(in crate::stock) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_stock_movements)
        .service(get_stock_movement)
        .service(transfer_stock)
        .service(hand_out_stock)
        .service(take_stock_back)
        .service(return_stock)
        .service(count_stock);
}
