//! Routes of handovers.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::AllocationDeliveryFilter;
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAllocations};
use crate::db::Db;
use crate::domain::DeliveryId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::pledges::allocations::model::AllocationDelivery;

/// List handovers of pledged aid
///
/// What was handed over to which family, who took it, by which minutes and with which proof, and who recorded it. What
/// came back since is told by the returns.
#[utoipa::path(
    tag = "allocations", params(AllocationDeliveryFilter), security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = Page<AllocationDelivery>)),
)]
#[get("/v1/allocation-deliveries")]
async fn list_allocation_deliveries(
    caller: Allowed<ReadAllocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AllocationDeliveryFilter, AllocationDelivery>,
) -> Result<Page<AllocationDelivery>> {
    let cursors = CursorKey::new(&keys.cursors, "list_allocation_deliveries", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    let read = Read::new(&caller, "list_allocation_deliveries", "allocation_deliveries", None);
    reads.record(read.of(page.items.len())).await;
    Ok(page)
}

/// Get a handover of pledged aid
#[utoipa::path(
    tag = "allocations", params(("id" = DeliveryId, Path, description = "Id of the handover")),
    security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = AllocationDelivery), (status = 304)),
)]
#[get("/v1/allocation-deliveries/{id}")]
async fn get_allocation_delivery(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<DeliveryId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let delivery = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_allocation_delivery", "allocation_deliveries", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &delivery))
}

/// Registers the routes.
pub(in crate::pledges::allocations) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_allocation_deliveries).service(get_allocation_delivery);
}
