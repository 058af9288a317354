//! Routes of suspension orders.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Hold, HoldFilter, NewOrder, NewRelease, OrderFilter, OrderWithHolds, SuspensionOrder};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, SuspendPrograms};
use crate::db::Db;
use crate::domain::{OrderId, ProgramId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;
use crate::programs;

/// List suspension orders
///
/// Those on a program in your sub-districts, the newest first.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = ProgramId, Path, description = "Id of the program"), OrderFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<SuspensionOrder>)),
)]
#[get("/v1/programs/{id}/suspension-orders")]
async fn list_suspension_orders(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ProgramId>,
    list: List<OrderFilter, SuspensionOrder>,
) -> Result<Page<SuspensionOrder>> {
    let bound_to = (id.0, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_suspension_orders", &caller.client_id, &bound_to)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a suspension order
///
/// With the sums of what it holds, released and withdrew.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = OrderId, Path, description = "Id of the order")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = OrderWithHolds), (status = 304)),
)]
#[get("/v1/suspension-orders/{id}")]
async fn get_suspension_order(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<OrderId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let order = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let holds = queries::totals(&conn, &order).await?;
    // Approvals add holds without changing the order, so the tag follows from what is answered.
    not_modified_content(&request, &OrderWithHolds { order, holds })
}

/// List holds of a suspension order
///
/// What it keeps or kept back, entitlement by entitlement.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = OrderId, Path, description = "Id of the order"), HoldFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<Hold>)),
)]
#[get("/v1/suspension-orders/{id}/holds")]
async fn list_holds(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<OrderId>,
    list: List<HoldFilter, Hold>,
) -> Result<Page<Hold>> {
    let cursors = CursorKey::new(&keys.cursors, "list_holds", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let order = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list_holds(&conn, &order, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_holds(&conn, &order, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_holds", "holds", None).of(page.items.len())).await;
    Ok(page)
}

/// Lay a suspension order
///
/// Stops the program in your sub-district for the cycles that have a day in the order's dates, or a part of it: some of
/// those cycles, some villages, one component of the benefit. What is due there and not yet delivered is held; a delivery
/// of it is refused and told the directive. Enrollments keep their state.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = ProgramId, Path, description = "Id of the program")),
    request_body = NewOrder, security(("oauth2" = ["suspension_orders:write"])),
    responses((status = 201, body = OrderWithHolds)),
)]
#[post("/v1/programs/{id}/suspension-orders")]
async fn lay_suspension_order(
    caller: Allowed<SuspendPrograms>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewOrder>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let laid = actions::lay(conn, &caller, id.0, new).await?;
            let address = format!("/v1/suspension-orders/{}", laid.order.id);
            Ok(Answer::created(address, &laid)?.with_content_tag())
        })
        .await
}

/// Release a suspension order
///
/// Ends it for good. What it holds is let go, reduced, or voided; without arrears, what was held for the months of the
/// order lapses before that. What was released and what was withdrawn always add up to what was held.
#[utoipa::path(
    tag = "suspension-orders", params(("id" = OrderId, Path, description = "Id of the order")),
    request_body = NewRelease, security(("oauth2" = ["suspension_orders:write"])),
    responses((status = 200, body = OrderWithHolds)),
)]
#[post("/v1/suspension-orders/{id}/releases")]
async fn release_suspension_order(
    caller: Allowed<SuspendPrograms>,
    db: Data<Db>,
    id: Id<OrderId>,
    command: Once<NewRelease>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            Ok(Answer::ok(&actions::release(conn, &caller, id.0, new).await?)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_suspension_orders)
        .service(get_suspension_order)
        .service(list_holds)
        .service(lay_suspension_order)
        .service(release_suspension_order);
}
