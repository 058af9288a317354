//! Routes of replacements.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewReplacement, Replacement, ReplacementFilter, ReplacementReport, ReportFilter};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteEnrollments};
use crate::db::Db;
use crate::domain::{EnrollmentId, ReplacementId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Query, Routes, not_modified};
use crate::keys::Keys;

/// List replacements
///
/// Which family took the place of which, with the papers: what a village reports to the camat. `POST /v1/exports` with
/// `list` `replacements` takes the same rows out as a file.
#[utoipa::path(
    tag = "enrollments", params(ReplacementFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Replacement>)),
)]
#[get("/v1/replacements")]
async fn list_replacements(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<ReplacementFilter, Replacement>,
) -> Result<Page<Replacement>> {
    let cursors = CursorKey::new(&keys.cursors, "list_replacements", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_replacements", "replacements", None).of(page.items.len())).await;
    Ok(page)
}

/// Count replacements
///
/// By village and reason, between two days, with what passed to the new families: the figures of the report to the camat.
#[utoipa::path(
    tag = "enrollments", params(ReportFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = ReplacementReport)),
)]
#[get("/v1/replacement-counts")]
async fn count_replacements(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    filter: Query<ReportFilter>,
) -> Result<Json<ReplacementReport>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(ReplacementReport { items: queries::by_village(&conn, &caller.scope, &filter.0).await? }))
}

/// Get a replacement
#[utoipa::path(
    tag = "enrollments", params(("id" = ReplacementId, Path, description = "Id of the replacement")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Replacement), (status = 304)),
)]
#[get("/v1/replacements/{id}")]
async fn get_replacement(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<ReplacementId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let replacement = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_replacement", "replacements", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &replacement))
}

/// Replace a family
///
/// Ends the enrollment of a family that died, moved, is on the list twice or does not want the aid, and gives its place to
/// the next of the village's reserve list, or to the one named where the rule set lets it be. One that left for such a
/// reason already is followed as well, once. Both happen or neither; no quota is passed. What is still due of cycles that are
/// not closed passes too, from the month of `replaced_on` on, as entitlements of the new family; what suspension orders hold
/// of it stays held. 409 `already_due` where that family had it already.
#[utoipa::path(
    tag = "enrollments", request_body = NewReplacement,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment that ends")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 201, body = Replacement)),
)]
#[post("/v1/enrollments/{id}/replacements")]
async fn replace_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewReplacement>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let replacement = actions::replace(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/replacements/{}", replacement.id), &replacement)
        })
        .await
}

/// Registers the routes.
pub(in crate::enrollments) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_replacements).service(count_replacements).service(get_replacement).service(replace_enrollment);
}
