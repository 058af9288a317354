//! Routes of graduations.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Graduation, GraduationFilter, NewGraduateReturn, NewGraduation};
use super::{actions, candidates, criteria, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteEnrollments};
use crate::db::Db;
use crate::domain::GraduationId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List graduations
///
/// Families that left aid because they stand on their own, and those that came back. `state` tells of today.
#[utoipa::path(
    tag = "graduations", params(GraduationFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Graduation>)),
)]
#[get("/v1/graduations")]
async fn list_graduations(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<GraduationFilter, Graduation>,
) -> Result<Page<Graduation>> {
    let cursors = CursorKey::new(&keys.cursors, "list_graduations", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_graduations", "graduations", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a graduation
#[utoipa::path(
    tag = "graduations", params(("id" = GraduationId, Path, description = "Id of the graduation")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Graduation), (status = 304)),
)]
#[get("/v1/graduations/{id}")]
async fn get_graduation(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<GraduationId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let graduation = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_graduation", "graduations", Some(id.0.0))).await;
    Ok(not_modified(&request, graduation.version, &graduation))
}

/// Graduate a family
///
/// The family leaves all its programs because it is ready to stand on its own: the criteria in force on that day have to say
/// yes. Its places are free for others from then on, and the sub-district looks after it until `after_care_until`.
#[utoipa::path(
    tag = "graduations", request_body = NewGraduation, security(("oauth2" = ["enrollments:write"])),
    responses((status = 201, body = Graduation)),
)]
#[post("/v1/graduations")]
async fn graduate_beneficiary(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    command: Once<NewGraduation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let graduation = actions::graduate(conn, &caller, new).await?;
            let answer = Answer::created(format!("/v1/graduations/{}", graduation.id), &graduation)?;
            Ok(answer.with_version(graduation.version))
        })
        .await
}

/// Record that a graduated family needs aid again
///
/// With the reason, during the care or after it. Nothing is given back by itself: the family is enrolled as any other, and
/// can graduate again.
#[utoipa::path(
    tag = "graduations", request_body = NewGraduateReturn,
    params(("id" = GraduationId, Path, description = "Id of the graduation")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Graduation)),
)]
#[post("/v1/graduations/{id}/returns")]
async fn return_graduate(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<GraduationId>,
    command: Once<NewGraduateReturn>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let graduation = actions::take_back(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&graduation)?.with_version(graduation.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_graduations).service(get_graduation).service(graduate_beneficiary).service(return_graduate);
    criteria::routes(config);
    candidates::routes(config);
}
