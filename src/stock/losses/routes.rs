//! Routes of losses.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{StockLoss, StockLossAgreement, StockLossFilter, StockLossProposal, StockLossRefusal};
use super::{actions, queries};
use crate::auth::{Allowed, DecideStockLosses, ReadStock, WriteStock};
use crate::db::Db;
use crate::domain::StockLossId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List losses of stock
///
/// Those that wait for a second person, and those that were decided, the newest first.
#[utoipa::path(
    tag = "stock", params(StockLossFilter), security(("oauth2" = ["stock:read"])),
    responses((status = 200, body = Page<StockLoss>)),
)]
#[get("/v1/stock-losses")]
async fn list_stock_losses(
    caller: Allowed<ReadStock>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<StockLossFilter, StockLoss>,
) -> Result<Page<StockLoss>> {
    let cursors = CursorKey::new(&keys.cursors, "list_stock_losses", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a loss of stock
#[utoipa::path(
    tag = "stock", params(("id" = StockLossId, Path, description = "Id of the loss")),
    security(("oauth2" = ["stock:read"])), responses((status = 200, body = StockLoss), (status = 304)),
)]
#[get("/v1/stock-losses/{id}")]
async fn get_stock_loss(
    caller: Allowed<ReadStock>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<StockLossId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// Propose a loss of stock
///
/// By minutes of the loss, with why and who answers for it. It is booked once somebody else agrees; until then the goods
/// count as there.
#[utoipa::path(
    tag = "stock", request_body = StockLossProposal, security(("oauth2" = ["stock:write"])),
    responses((status = 201, body = StockLoss)),
)]
#[post("/v1/stock-losses")]
async fn propose_stock_loss(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    command: Once<StockLossProposal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let loss = actions::propose(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/stock-losses/{}", loss.id), &loss)?.with_content_tag())
        })
        .await
}

/// Agree to a loss of stock
///
/// As somebody who did not propose it: it is booked. Where less is left at the site by now, nothing is.
#[utoipa::path(
    tag = "stock", request_body = StockLossAgreement, params(("id" = StockLossId, Path, description = "Id of the loss")),
    security(("oauth2" = ["stock_losses:decide"])), responses((status = 200, body = StockLoss)),
)]
#[post("/v1/stock-losses/{id}/agreements")]
async fn agree_to_stock_loss(
    caller: Allowed<DecideStockLosses>,
    db: Data<Db>,
    id: Id<StockLossId>,
    command: Once<StockLossAgreement>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            Ok(Answer::ok(&actions::agree(conn, &caller, id.0).await?)?.with_content_tag())
        })
        .await
}

/// Refuse a loss of stock
///
/// As somebody who did not propose it: nothing is booked.
#[utoipa::path(
    tag = "stock", request_body = StockLossRefusal, params(("id" = StockLossId, Path, description = "Id of the loss")),
    security(("oauth2" = ["stock_losses:decide"])), responses((status = 200, body = StockLoss)),
)]
#[post("/v1/stock-losses/{id}/refusals")]
async fn refuse_stock_loss(
    caller: Allowed<DecideStockLosses>,
    db: Data<Db>,
    id: Id<StockLossId>,
    command: Once<StockLossRefusal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, refusal| {
            let loss = actions::refuse(conn, &caller, id.0, refusal).await?;
            Ok(Answer::ok(&loss)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(in crate::stock) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_stock_losses)
        .service(get_stock_loss)
        .service(propose_stock_loss)
        .service(agree_to_stock_loss)
        .service(refuse_stock_loss);
}
