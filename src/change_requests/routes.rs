//! Routes of change requests.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    ChangeFilter, ChangeRequest, NewChange, NewChangeApproval, NewChangeRejection, NewFamilyChange, NewMemberChange,
    Target,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, DecideChanges, ProposeChanges, ReadVerification};
use crate::db::Db;
use crate::domain::{BeneficiaryId, Caller, ChangeRequestId, MemberId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List change requests
///
/// Those of your sub-district, the one that waits longest first. Each tells whether its record has changed since and
/// which other pending requests change the same field.
#[utoipa::path(
    tag = "change-requests", params(ChangeFilter), security(("oauth2" = ["verification:read"])),
    responses((status = 200, body = Page<ChangeRequest>)),
)]
#[get("/v1/change-requests")]
async fn list_change_requests(
    caller: Allowed<ReadVerification>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    list: List<ChangeFilter, ChangeRequest>,
) -> Result<Page<ChangeRequest>> {
    let cursors = CursorKey::new(&keys.cursors, "list_change_requests", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |seen| seen.request.id)?;
    reads.record(Read::new(&caller, "list_change_requests", "change_requests", None).of(page.items.len())).await;
    page.try_map(|seen| Ok(seen.into()))
}

/// Get a change request
#[utoipa::path(
    tag = "change-requests", params(("id" = ChangeRequestId, Path, description = "Id of the request")),
    security(("oauth2" = ["verification:read"])), responses((status = 200, body = ChangeRequest), (status = 304)),
)]
#[get("/v1/change-requests/{id}")]
async fn get_change_request(
    caller: Allowed<ReadVerification>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<ChangeRequestId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let seen = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_change_request", "change_requests", Some(id.0.0))).await;
    not_modified_content(&request, &ChangeRequest::from(seen))
}

/// Propose a change of a family
///
/// Nothing changes until a second person approves it. `changes` is a merge patch as `PATCH` of the family takes it;
/// what is as recorded already is left out.
#[utoipa::path(
    tag = "change-requests", request_body = NewFamilyChange,
    params(("id" = BeneficiaryId, Path, description = "Id of the family")),
    security(("oauth2" = ["change_requests:write"])), responses((status = 201, body = ChangeRequest)),
)]
#[post("/v1/beneficiaries/{id}/change-requests")]
async fn propose_family_change(
    caller: Allowed<ProposeChanges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewFamilyChange>,
) -> Result<HttpResponse> {
    propose(&caller, (&db, &keys), Target::Family(id.0), command).await
}

/// Propose a change of a member
///
/// Nothing changes until a second person approves it. `changes` is a merge patch as `PATCH` of the member takes it. A
/// NIK in it is kept sealed and shown masked; whether it is free is decided when the change is applied.
#[utoipa::path(
    tag = "change-requests", request_body = NewMemberChange,
    params(("id" = MemberId, Path, description = "Id of the member")),
    security(("oauth2" = ["change_requests:write"])), responses((status = 201, body = ChangeRequest)),
)]
#[post("/v1/members/{id}/change-requests")]
async fn propose_member_change(
    caller: Allowed<ProposeChanges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<MemberId>,
    command: Once<NewMemberChange>,
) -> Result<HttpResponse> {
    propose(&caller, (&db, &keys), Target::Member(id.0), command).await
}

/// Keeps what is proposed for a record.
async fn propose(
    caller: &Caller,
    (db, keys): (&Db, &Keys),
    target: Target,
    command: Once<impl NewChange>,
) -> Result<HttpResponse> {
    command
        .run(db, caller, async |conn, new| {
            let request = actions::propose(conn, caller, &keys.vault, &new.proposal(target)).await?;
            Ok(Answer::created(format!("/v1/change-requests/{}", request.id), &request)?.with_content_tag())
        })
        .await
}

/// Approve a change request
///
/// By another person than the one who asked. The record changes as by its own `PATCH`, with the next version, its
/// history and its event. Refused where the record says something else by now (`change_request_stale`), and where
/// another pending request changes the same field, unless `despite_conflicts` says that this one is meant.
#[utoipa::path(
    tag = "change-requests", request_body = NewChangeApproval,
    params(("id" = ChangeRequestId, Path, description = "Id of the request")),
    security(("oauth2" = ["change_requests:decide"])), responses((status = 200, body = ChangeRequest)),
)]
#[post("/v1/change-requests/{id}/approvals")]
async fn approve_change_request(
    caller: Allowed<DecideChanges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ChangeRequestId>,
    command: Once<NewChangeApproval>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let request = actions::approve(conn, &caller, &keys.vault, id.0, new).await?;
            Ok(Answer::ok(&request)?.with_content_tag())
        })
        .await
}

/// Reject a change request
///
/// By another person than the one who asked. The record stays as it is.
#[utoipa::path(
    tag = "change-requests", request_body = NewChangeRejection,
    params(("id" = ChangeRequestId, Path, description = "Id of the request")),
    security(("oauth2" = ["change_requests:decide"])), responses((status = 200, body = ChangeRequest)),
)]
#[post("/v1/change-requests/{id}/rejections")]
async fn reject_change_request(
    caller: Allowed<DecideChanges>,
    db: Data<Db>,
    id: Id<ChangeRequestId>,
    command: Once<NewChangeRejection>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let request = actions::reject(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&request)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_change_requests)
        .service(get_change_request)
        .service(propose_family_change)
        .service(propose_member_change)
        .service(approve_change_request)
        .service(reject_change_request);
}
