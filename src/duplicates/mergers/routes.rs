//! Routes of mergers.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{DuplicateMerger, MergerFilter, NewDuplicateMerger, NewReversal};
use super::{actions, queries};
use crate::auth::{Allowed, DecideDuplicates, ReadDuplicates};
use crate::db::Db;
use crate::domain::DuplicateMergerId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// Merge records of one person
///
/// Of pairs that somebody decided are the same. Of each pair one record goes on: it keeps its facts and attributes, gets
/// those that it lacks, and those that you name under `take`; the other one ends as `merged` and its NIK is free or goes
/// along. With `merges_families` the whole household goes over, with its live enrollments (one that both have ends as
/// `duplicate`), its open needs that nothing is reserved for, its visits, what it has yet to be visited for in an open
/// round, and its card number, which leads to the family that goes on. That one keeps its village, address, telephone and
/// verification, takes those that it lacks and those that you name under `take_family`, and gets the welfare ranks of
/// sources and periods that it has none of. What was entitled and delivered stays where it was; `overlaps` tells what both
/// were entitled to.
#[utoipa::path(
    tag = "duplicates", request_body = NewDuplicateMerger, params(("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["duplicates:write"])), responses((status = 201, body = DuplicateMerger)),
)]
#[post("/v1/duplicates/mergers")]
async fn merge_duplicates(
    caller: Allowed<DecideDuplicates>,
    db: Data<Db>,
    keys: Data<Keys>,
    command: Once<NewDuplicateMerger>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let merger = actions::merge(conn, &caller, &keys.vault, new).await?;
            Ok(Answer::created(format!("/v1/duplicates/mergers/{}", merger.id), &merger)?.with_version(merger.version))
        })
        .await
}

/// List mergers
///
/// Those of your sub-district, newest first.
#[utoipa::path(
    tag = "duplicates", params(MergerFilter), security(("oauth2" = ["duplicates:read"])),
    responses((status = 200, body = Page<DuplicateMerger>)),
)]
#[get("/v1/duplicates/mergers")]
async fn list_duplicate_mergers(
    caller: Allowed<ReadDuplicates>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<MergerFilter, DuplicateMerger>,
) -> Result<Page<DuplicateMerger>> {
    let cursors = CursorKey::new(&keys.cursors, "list_duplicate_mergers", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.created_at, row.id))?.try_map(|row| Ok(row.into()))
}

/// Get a merger
#[utoipa::path(
    tag = "duplicates", params(("id" = DuplicateMergerId, Path, description = "Id of the merger")),
    security(("oauth2" = ["duplicates:read"])),
    responses(
        (status = 200, body = DuplicateMerger, headers(("ETag" = String, description = "Version"))), (status = 304)
    ),
)]
#[get("/v1/duplicates/mergers/{id}")]
async fn get_duplicate_merger(
    caller: Allowed<ReadDuplicates>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<DuplicateMergerId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let merger = DuplicateMerger::from(row);
    Ok(not_modified(&request, merger.version, &merger))
}

/// Undo a merger
///
/// Every record is as it was before; only versions and the times of change go on. It is refused where one of the
/// records, their memberships, numbers, enrollments or needs has changed since, a carried enrollment has got a new
/// entitlement, or a family was visited for a task that was carried: then there is nothing to go back to, and the
/// records are corrected one by one.
#[utoipa::path(
    tag = "duplicates", request_body = NewReversal,
    params(("id" = DuplicateMergerId, Path, description = "Id of the merger"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["duplicates:write"])), responses((status = 201, body = DuplicateMerger)),
)]
#[post("/v1/duplicates/mergers/{id}/reversals")]
async fn undo_duplicate_merger(
    caller: Allowed<DecideDuplicates>,
    (db, keys): (Data<Db>, Data<Keys>),
    id: Id<DuplicateMergerId>,
    command: Once<NewReversal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let merger = actions::undo(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::created(format!("/v1/duplicates/mergers/{}", merger.id), &merger)?.with_version(merger.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::duplicates) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(merge_duplicates)
        .service(list_duplicate_mergers)
        .service(get_duplicate_merger)
        .service(undo_duplicate_merger);
}
