//! Routes of batches.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{BatchFilter, BatchWithItems, DeliveryBatch, NewBatch};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDeliveries};
use crate::db::Db;
use crate::domain::DeliveryBatchId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List batches
///
/// What devices brought in your sub-districts, with how many deliveries of each were accepted.
#[utoipa::path(
    tag = "devices", params(BatchFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DeliveryBatch>)),
)]
#[get("/v1/delivery-batches")]
async fn list_delivery_batches(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<BatchFilter, DeliveryBatch>,
) -> Result<Page<DeliveryBatch>> {
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_batches", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a batch
///
/// With what became of each delivery in it.
#[utoipa::path(
    tag = "devices", params(("id" = DeliveryBatchId, Path, description = "Id of the batch")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = BatchWithItems), (status = 304)),
)]
#[get("/v1/delivery-batches/{id}")]
async fn get_delivery_batch(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryBatchId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let batch = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let items = queries::items(&conn, &batch).await?;
    let read = Read::new(&caller, "get_delivery_batch", "delivery_batches", Some(id.0.0));
    reads.record(read.of(items.len())).await;
    Ok(not_modified(&request, 1, &BatchWithItems { batch, items }))
}

/// Bring a batch of a device
///
/// Up to 200 deliveries that a device recorded without signal, signed by it: Ed25519 over the canonical JSON (RFC 8785) of
/// `batch`. They may come in any order and as often as you like: the same batch gets the same answer, and a delivery that
/// another batch had brought is not recorded again. Each delivery is `accepted`, or a `conflict` that is kept
/// (`GET /v1/delivery-conflicts`), or `refused` where its id stands for something else. One does not keep the others back.
#[utoipa::path(
    tag = "devices", request_body = NewBatch, security(("oauth2" = ["deliveries:write"])),
    responses((status = 201, body = BatchWithItems)),
)]
#[post("/v1/delivery-batches")]
async fn take_delivery_batch(
    caller: Allowed<WriteDeliveries>,
    db: Data<Db>,
    command: Once<NewBatch>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let taken = actions::take(conn, &caller, new).await?;
            Answer::created(format!("/v1/delivery-batches/{}", taken.batch.id), &taken)
        })
        .await
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_delivery_batches).service(get_delivery_batch).service(take_delivery_batch);
}
