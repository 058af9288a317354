//! Routes of allocations.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Allocation, AllocationDelivery, AllocationFilter, NewAllocation, NewAllocationDelivery, Release};
use super::{actions, deliveries, queries, returns};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAllocations, WriteAllocations};
use crate::db::Db;
use crate::domain::{AllocationId, PledgeId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List allocations
///
/// Which families pledged aid is reserved for or was handed over to.
#[utoipa::path(
    tag = "allocations", params(AllocationFilter), security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = Page<Allocation>)),
)]
#[get("/v1/allocations")]
async fn list_allocations(
    caller: Allowed<ReadAllocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AllocationFilter, Allocation>,
) -> Result<Page<Allocation>> {
    let cursors = CursorKey::new(&keys.cursors, "list_allocations", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_allocations", "allocations", None).of(page.items.len())).await;
    Ok(page)
}

/// Get an allocation
#[utoipa::path(
    tag = "allocations", params(("id" = AllocationId, Path, description = "Id of the allocation")),
    security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = Allocation, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/allocations/{id}")]
async fn get_allocation(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<AllocationId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let allocation = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_allocation", "allocations", Some(id.0.0))).await;
    Ok(not_modified(&request, allocation.version, &allocation))
}

/// Allocate to the need of one family
///
/// At most what is free of the line and what the family still lacks. It is kept until `expires_on`: what is not handed
/// over by then is free again by itself, and the need of the family is open again.
#[utoipa::path(
    tag = "allocations", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewAllocation, security(("oauth2" = ["allocations:write"])),
    responses((status = 201, body = Allocation)),
)]
#[post("/v1/pledges/{id}/allocations")]
async fn allocate_to_need(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewAllocation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let allocation = actions::allocate(conn, &caller, id.0, new).await?;
            let address = format!("/v1/allocations/{}", allocation.id);
            Ok(Answer::created(address, &allocation)?.with_version(allocation.version))
        })
        .await
}

/// Record a handover to a family
///
/// With who took it, the minutes and a proof; recorded by another person than the one who allocated it. Its day is not
/// before the goods were received.
#[utoipa::path(
    tag = "allocations", params(("id" = AllocationId, Path, description = "Id of the allocation")),
    request_body = NewAllocationDelivery, security(("oauth2" = ["allocations:write"])),
    responses((status = 201, body = AllocationDelivery)),
)]
#[post("/v1/allocations/{id}/deliveries")]
async fn deliver_allocation(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<AllocationId>,
    command: Once<NewAllocationDelivery>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let delivery = actions::deliver(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/allocation-deliveries/{}", delivery.id), &delivery)
        })
        .await
}

/// Release an allocation
///
/// What was not handed over is free for other families again.
#[utoipa::path(
    tag = "allocations", params(("id" = AllocationId, Path, description = "Id of the allocation")),
    request_body = Release, security(("oauth2" = ["allocations:write"])),
    responses((status = 200, body = Allocation)),
)]
#[post("/v1/allocations/{id}/releases")]
async fn release_allocation(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<AllocationId>,
    command: Once<Release>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, release| {
            let allocation = actions::release(conn, &caller, id.0, release).await?;
            Ok(Answer::ok(&allocation)?.with_version(allocation.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_allocations)
        .service(get_allocation)
        .service(allocate_to_need)
        .service(deliver_allocation)
        .service(release_allocation)
        .configure(deliveries::routes)
        .configure(returns::routes);
}
