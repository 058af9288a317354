//! Routes of quotas.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewQuota, Quota, QuotaFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadEnrollments, WritePrograms};
use crate::db::Db;
use crate::domain::{ProgramId, QuotaId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::programs;

/// List quotas of a program
///
/// Those of your sub-districts, the newest first. On a day the newest whose dates cover it counts, of each village and
/// of the sub-district as a whole; both hold together.
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program"), QuotaFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<Quota>)),
)]
#[get("/v1/programs/{id}/quotas")]
async fn list_quotas(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ProgramId>,
    list: List<QuotaFilter, Quota>,
) -> Result<Page<Quota>> {
    let cursors = CursorKey::new(&keys.cursors, "list_quotas", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a quota
#[utoipa::path(
    tag = "programs", params(("id" = QuotaId, Path, description = "Id of the quota")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Quota), (status = 304)),
)]
#[get("/v1/quotas/{id}")]
async fn get_quota(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<QuotaId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let quota = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, 1, &quota))
}

/// Set a quota
///
/// For a village of your sub-district, or for all of it. It counts from when it was set; a smaller one takes no place
/// away from families that have theirs, and gives none until fewer are taken. A quota is never changed: set a newer one.
#[utoipa::path(
    tag = "programs", request_body = NewQuota, params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["programs:write"])), responses((status = 201, body = Quota)),
)]
#[post("/v1/programs/{id}/quotas")]
async fn set_quota(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewQuota>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let quota = actions::set(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/quotas/{}", quota.id), &quota)
        })
        .await
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_quotas).service(get_quota).service(set_quota);
}
