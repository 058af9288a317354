//! Routes of returns.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{DeliveryReturn, NewReturn, ReturnFilter};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDeliveries};
use crate::db::Db;
use crate::domain::{DeliveryId, DeliveryReturnId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List returns
///
/// What came back of deliveries in your sub-districts, the newest first: goods from families, money from a bank or post.
#[utoipa::path(
    tag = "deliveries", params(ReturnFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DeliveryReturn>)),
)]
#[get("/v1/delivery-returns")]
async fn list_delivery_returns(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<ReturnFilter, DeliveryReturn>,
) -> Result<Page<DeliveryReturn>> {
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_returns", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_delivery_returns", "delivery_returns", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a return
#[utoipa::path(
    tag = "deliveries", params(("id" = DeliveryReturnId, Path, description = "Id of the return")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DeliveryReturn), (status = 304)),
)]
#[get("/v1/delivery-returns/{id}")]
async fn get_delivery_return(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryReturnId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let came_back = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_delivery_return", "delivery_returns", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &came_back))
}

/// Record a return
///
/// What came back of a delivery, whole or in part, once or several times, never more than the family still has of it.
/// Say whether it is due again: then it may be delivered again while the cycle is open, and is held under a suspension
/// order in force. The delivery stays as it was recorded; every sum counts what the family kept.
#[utoipa::path(
    tag = "deliveries", request_body = NewReturn,
    params(("id" = DeliveryId, Path, description = "Id of the delivery")),
    security(("oauth2" = ["deliveries:write"])), responses((status = 201, body = DeliveryReturn)),
)]
#[post("/v1/deliveries/{id}/returns")]
async fn record_delivery_return(
    caller: Allowed<WriteDeliveries>,
    db: Data<Db>,
    id: Id<DeliveryId>,
    command: Once<NewReturn>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let came_back = actions::record(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/delivery-returns/{}", came_back.id), &came_back)
        })
        .await
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_delivery_returns).service(get_delivery_return).service(record_delivery_return);
}
