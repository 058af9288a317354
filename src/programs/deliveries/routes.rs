//! Routes of deliveries.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Delivery, DeliveryFilter, NewDelivery};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDeliveries};
use crate::db::Db;
use crate::domain::DeliveryId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List deliveries
///
/// What was handed over in your sub-districts, the newest first.
#[utoipa::path(
    tag = "deliveries", params(DeliveryFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Delivery>)),
)]
#[get("/v1/deliveries")]
async fn list_deliveries(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<DeliveryFilter, Delivery>,
) -> Result<Page<Delivery>> {
    let cursors = CursorKey::new(&keys.cursors, "list_deliveries", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_deliveries", "deliveries", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a delivery
#[utoipa::path(
    tag = "deliveries", params(("id" = DeliveryId, Path, description = "Id of the delivery")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Delivery), (status = 304)),
)]
#[get("/v1/deliveries/{id}")]
async fn get_delivery(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let delivery = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_delivery", "deliveries", Some(id.0.0))).await;
    not_modified_content(&request, &delivery)
}

/// Record a delivery
///
/// What was handed over of an entitlement, whole or in part, with who took it, the number of the minutes (BAST) and
/// the digest of a proof. Refused where more than is left is asked for, or what a suspension order holds; the problem
/// names the order.
#[utoipa::path(
    tag = "deliveries", request_body = NewDelivery, security(("oauth2" = ["deliveries:write"])),
    responses((status = 201, body = Delivery)),
)]
#[post("/v1/deliveries")]
async fn record_delivery(
    caller: Allowed<WriteDeliveries>,
    db: Data<Db>,
    command: Once<NewDelivery>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let delivery = actions::record(conn, &caller, new).await?;
            Answer::created(format!("/v1/deliveries/{}", delivery.id), &delivery)
        })
        .await
}

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_deliveries).service(get_delivery).service(record_delivery);
}
