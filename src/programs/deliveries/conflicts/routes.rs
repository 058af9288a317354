//! Routes of conflicts.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{ConflictFilter, DeliveryConflict, NewConflictApplication, NewConflictDismissal};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteDevices};
use crate::db::Db;
use crate::domain::DeliveryId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List conflicts
///
/// What devices say was handed over and could not be a delivery when it arrived, with what they say happened.
#[utoipa::path(
    tag = "devices", params(ConflictFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<DeliveryConflict>)),
)]
#[get("/v1/delivery-conflicts")]
async fn list_delivery_conflicts(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<ConflictFilter, DeliveryConflict>,
) -> Result<Page<DeliveryConflict>> {
    let cursors = CursorKey::new(&keys.cursors, "list_delivery_conflicts", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_delivery_conflicts", "delivery_conflicts", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a conflict
#[utoipa::path(
    tag = "devices", params(("id" = DeliveryId, Path, description = "Id of the conflict")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = DeliveryConflict), (status = 304)),
)]
#[get("/v1/delivery-conflicts/{id}")]
async fn get_delivery_conflict(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let conflict = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_delivery_conflict", "delivery_conflicts", Some(id.0.0))).await;
    Ok(not_modified(&request, conflict.version, &conflict))
}

/// Dismiss a conflict
///
/// Where it was recorded otherwise, or did not happen: it is put aside with a reason, and stays on record.
#[utoipa::path(
    tag = "devices", request_body = NewConflictDismissal,
    params(("id" = DeliveryId, Path, description = "Id of the conflict")),
    security(("oauth2" = ["devices:write"])), responses((status = 200, body = DeliveryConflict)),
)]
#[post("/v1/delivery-conflicts/{id}/dismissals")]
async fn dismiss_delivery_conflict(
    caller: Allowed<WriteDevices>,
    db: Data<Db>,
    id: Id<DeliveryId>,
    command: Once<NewConflictDismissal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let conflict = actions::dismiss(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&conflict)?.with_version(conflict.version))
        })
        .await
}

/// Apply a conflict
///
/// Records what the device said, once it has become possible: an order was released, a delivery came back, a collector
/// was registered. Refused as a single delivery is where it still is not; more than is due cannot be given.
#[utoipa::path(
    tag = "devices", request_body = NewConflictApplication,
    params(("id" = DeliveryId, Path, description = "Id of the conflict")),
    security(("oauth2" = ["devices:write"])), responses((status = 200, body = DeliveryConflict)),
)]
#[post("/v1/delivery-conflicts/{id}/applications")]
async fn apply_delivery_conflict(
    caller: Allowed<WriteDevices>,
    db: Data<Db>,
    id: Id<DeliveryId>,
    command: Once<NewConflictApplication>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            let conflict = actions::apply(conn, &caller, id.0).await?;
            Ok(Answer::ok(&conflict)?.with_version(conflict.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::programs::deliveries) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_delivery_conflicts)
        .service(get_delivery_conflict)
        .service(dismiss_delivery_conflict)
        .service(apply_delivery_conflict);
}
