//! Routes of visits.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::actions::{self, Visitor};
use super::model::{NewVisit, Visit, VisitFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadVerification, VerifyBeneficiaries, WriteVisits};
use crate::db::Db;
use crate::domain::VisitId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List visits
///
/// Those of your sub-district, the one recorded last first.
#[utoipa::path(
    tag = "verification", params(VisitFilter), security(("oauth2" = ["verification:read"])),
    responses((status = 200, body = Page<Visit>)),
)]
#[get("/v1/visits")]
async fn list_visits(
    caller: Allowed<ReadVerification>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    list: List<VisitFilter, Visit>,
) -> Result<Page<Visit>> {
    let cursors = CursorKey::new(&keys.cursors, "list_visits", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_visits", "visits", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a visit
#[utoipa::path(
    tag = "verification", params(("id" = VisitId, Path, description = "Id of the visit")),
    security(("oauth2" = ["verification:read"])), responses((status = 200, body = Visit), (status = 304)),
)]
#[get("/v1/visits/{id}")]
async fn get_visit(
    caller: Allowed<ReadVerification>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<VisitId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let visit = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_visit", "visits", Some(id.0.0))).await;
    not_modified_content(&request, &visit)
}

/// Record a visit
///
/// When it was is the visitor's word, so that a device without a network sends it later. The same visit sent again,
/// even days later and under another key, is refused as `visit_already_recorded` with the id of the first. On the
/// list of its round stands the visit that was last, in whatever order they arrive. Pictures and papers stay with
/// the visitor: what is told of them is a digest, a media type and a place.
#[utoipa::path(
    tag = "verification", request_body = NewVisit, security(("oauth2" = ["visits:write"])),
    responses((status = 201, body = Visit)),
)]
#[post("/v1/visits")]
async fn record_visit(
    caller: Allowed<WriteVisits>,
    verifier: Option<Allowed<VerifyBeneficiaries>>,
    db: Data<Db>,
    keys: Data<Keys>,
    command: Once<NewVisit>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let visitor = Visitor { caller: &caller, vault: &keys.vault, may_confirm: verifier.is_some() };
            let visit = actions::record(conn, &visitor, new).await?;
            Ok(Answer::created(format!("/v1/visits/{}", visit.id), &visit)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(in crate::verification_rounds) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_visits).service(get_visit).service(record_visit);
}
