//! Routes of reserve lists.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewRemoval, Reserve, ReserveFilter};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteEnrollments};
use crate::db::Db;
use crate::domain::{ProgramId, ReserveId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::programs;

/// List the reserve list of a program
///
/// By place: the first that waits of a village is the next to get a place there.
#[utoipa::path(
    tag = "enrollments", params(("id" = ProgramId, Path, description = "Id of the program"), ReserveFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<Reserve>)),
)]
#[get("/v1/programs/{id}/reserves")]
async fn list_reserves(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<ProgramId>,
    list: List<ReserveFilter, Reserve>,
) -> Result<Page<Reserve>> {
    let cursors = CursorKey::new(&keys.cursors, "list_reserves", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.place))?;
    reads.record(Read::new(&caller, "list_reserves", "reserves", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a place on a reserve list
#[utoipa::path(
    tag = "enrollments", params(("id" = ReserveId, Path, description = "Id of the place")),
    security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Reserve, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/reserves/{id}")]
async fn get_reserve(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<ReserveId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let reserve = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_reserve", "reserves", Some(id.0.0))).await;
    Ok(not_modified(&request, reserve.version, &reserve))
}

/// Remove a family from a reserve list
///
/// Its place stays empty; the others keep theirs. A later run may put it at the end again.
#[utoipa::path(
    tag = "enrollments", request_body = NewRemoval,
    params(("id" = ReserveId, Path, description = "Id of the place")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Reserve)),
)]
#[post("/v1/reserves/{id}/removals")]
async fn remove_reserve(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<ReserveId>,
    command: Once<NewRemoval>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let reserve = actions::remove(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&reserve)?.with_version(reserve.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::enrollments) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_reserves).service(get_reserve).service(remove_reserve);
}
