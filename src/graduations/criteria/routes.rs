//! Routes of criteria.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Criteria, CriteriaFilter, NewCriteria};
use super::{actions, queries};
use crate::auth::{Allowed, ReadEnrollments, WritePrograms};
use crate::db::Db;
use crate::domain::GraduationCriteriaId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List graduation criteria
///
/// Those of your sub-districts, the newest first. On a day the newest whose dates cover it counts.
#[utoipa::path(
    tag = "graduations", params(CriteriaFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Criteria>)),
)]
#[get("/v1/graduation-criteria")]
async fn list_graduation_criteria(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<CriteriaFilter, Criteria>,
) -> Result<Page<Criteria>> {
    let cursors = CursorKey::new(&keys.cursors, "list_graduation_criteria", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get graduation criteria
#[utoipa::path(
    tag = "graduations", params(("id" = GraduationCriteriaId, Path, description = "Id of the criteria")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Criteria), (status = 304)),
)]
#[get("/v1/graduation-criteria/{id}")]
async fn get_graduation_criteria(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<GraduationCriteriaId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let criteria = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, 1, &criteria))
}

/// Set graduation criteria
///
/// When a family of your sub-district is ready to stand on its own, in the language of rule sets. A fault is told at its
/// character. Criteria are never changed: set newer ones.
#[utoipa::path(
    tag = "graduations", request_body = NewCriteria, security(("oauth2" = ["programs:write"])),
    responses((status = 201, body = Criteria)),
)]
#[post("/v1/graduation-criteria")]
async fn set_graduation_criteria(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    command: Once<NewCriteria>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let criteria = actions::set(conn, &caller, new).await?;
            Answer::created(format!("/v1/graduation-criteria/{}", criteria.id), &criteria)
        })
        .await
}

/// Registers the routes.
pub(in crate::graduations) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_graduation_criteria).service(get_graduation_criteria).service(set_graduation_criteria);
}
