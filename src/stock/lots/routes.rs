//! Routes of lots.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewStockLot, StockLot, StockLotFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadStock, WriteStock};
use crate::db::Db;
use crate::domain::StockLotId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List lots
///
/// Goods of programs that came in, the newest first, each with where it is by now.
#[utoipa::path(
    tag = "stock", params(StockLotFilter), security(("oauth2" = ["stock:read"])),
    responses((status = 200, body = Page<StockLot>)),
)]
#[get("/v1/stock-lots")]
async fn list_stock_lots(
    caller: Allowed<ReadStock>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<StockLotFilter, StockLot>,
) -> Result<Page<StockLot>> {
    let cursors = CursorKey::new(&keys.cursors, "list_stock_lots", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a lot
///
/// What came is what is in stock, handed out, delivered, returned, lost and counted missing, to the last gram.
#[utoipa::path(
    tag = "stock", params(("id" = StockLotId, Path, description = "Id of the lot")),
    security(("oauth2" = ["stock:read"])), responses((status = 200, body = StockLot), (status = 304)),
)]
#[get("/v1/stock-lots/{id}")]
async fn get_stock_lot(
    caller: Allowed<ReadStock>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<StockLotId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// Receive a lot
///
/// Goods that came to a site by a delivery note, for a program or for any that counts in their unit. What comes by
/// another note is another lot.
#[utoipa::path(
    tag = "stock", request_body = NewStockLot, security(("oauth2" = ["stock:write"])),
    responses((status = 201, body = StockLot)),
)]
#[post("/v1/stock-lots")]
async fn receive_stock_lot(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    command: Once<NewStockLot>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let lot = actions::receive(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/stock-lots/{}", lot.id), &lot)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(in crate::stock) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_stock_lots).service(get_stock_lot).service(receive_stock_lot);
}
