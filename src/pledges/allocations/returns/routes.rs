//! Routes of returns.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{AllocationReturn, AllocationReturnFilter, NewAllocationReturn};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAllocations, WriteAllocations};
use crate::db::Db;
use crate::domain::{AllocationId, AllocationReturnId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List returns of pledged aid
///
/// What families gave back of what companies gave them, the newest first.
#[utoipa::path(
    tag = "allocations", params(AllocationReturnFilter), security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = Page<AllocationReturn>)),
)]
#[get("/v1/allocation-returns")]
async fn list_allocation_returns(
    caller: Allowed<ReadAllocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AllocationReturnFilter, AllocationReturn>,
) -> Result<Page<AllocationReturn>> {
    let cursors = CursorKey::new(&keys.cursors, "list_allocation_returns", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_allocation_returns", "allocation_returns", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a return of pledged aid
#[utoipa::path(
    tag = "allocations", params(("id" = AllocationReturnId, Path, description = "Id of the return")),
    security(("oauth2" = ["allocations:read"])),
    responses((status = 200, body = AllocationReturn), (status = 304)),
)]
#[get("/v1/allocation-returns/{id}")]
async fn get_allocation_return(
    caller: Allowed<ReadAllocations>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<AllocationReturnId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let came_back = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_allocation_return", "allocation_returns", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &came_back))
}

/// Record a return of pledged aid
///
/// What the family gave back, whole or in part, never more than it still has of the handover; recorded by another person
/// than who recorded the handover. What is usable is free of the line again, the rest is lost. Of a piece of equipment that
/// is in the custody of a family, record the hand-back first.
#[utoipa::path(
    tag = "allocations", params(("id" = AllocationId, Path, description = "Id of the allocation")),
    request_body = NewAllocationReturn, security(("oauth2" = ["allocations:write"])),
    responses((status = 201, body = AllocationReturn)),
)]
#[post("/v1/allocations/{id}/returns")]
async fn record_allocation_return(
    caller: Allowed<WriteAllocations>,
    db: Data<Db>,
    id: Id<AllocationId>,
    command: Once<NewAllocationReturn>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let came_back = actions::record(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/allocation-returns/{}", came_back.id), &came_back)
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges::allocations) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_allocation_returns).service(get_allocation_return).service(record_allocation_return);
}
