//! Routes of losses.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{DeliveryLoss, LossFilter, NewLoss};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDeliveries};
use crate::db::Db;
use crate::domain::{CycleId, DeliveryLossId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List losses
///
/// What was lost on the way to families of your sub-districts, the newest first, with who answers for it.
#[utoipa::path(
    tag = "deliveries", params(LossFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DeliveryLoss>)),
)]
#[get("/v1/delivery-losses")]
async fn list_delivery_losses(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<LossFilter, DeliveryLoss>,
) -> Result<Page<DeliveryLoss>> {
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_losses", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_delivery_losses", "delivery_losses", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a loss
#[utoipa::path(
    tag = "deliveries", params(("id" = DeliveryLossId, Path, description = "Id of the loss")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DeliveryLoss), (status = 304)),
)]
#[get("/v1/delivery-losses/{id}")]
async fn get_delivery_loss(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryLossId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let loss = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_delivery_loss", "delivery_losses", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &loss))
}

/// Record a loss
///
/// What was lost in store, on the way or at the place of distribution, before it was handed over: who answers for it,
/// why, and the papers. It stays due to the families in full. What came back from a family is a return instead.
#[utoipa::path(
    tag = "deliveries", request_body = NewLoss, params(("id" = CycleId, Path, description = "Id of the cycle")),
    security(("oauth2" = ["deliveries:write"])), responses((status = 201, body = DeliveryLoss)),
)]
#[post("/v1/cycles/{id}/losses")]
async fn record_delivery_loss(
    caller: Allowed<WriteDeliveries>,
    db: Data<Db>,
    id: Id<CycleId>,
    command: Once<NewLoss>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let loss = actions::record(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/delivery-losses/{}", loss.id), &loss)
        })
        .await
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_delivery_losses).service(get_delivery_loss).service(record_delivery_loss);
}
