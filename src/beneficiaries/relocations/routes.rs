//! Routes of relocations.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Decline, NewAcceptance, NewRelocation, Relocation, RelocationFilter};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, DecideRelocations, ReadBeneficiaries, WriteBeneficiaries};
use crate::db::Db;
use crate::domain::{BeneficiaryId, RelocationId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List relocations
///
/// Moves of families within your sub-districts, out of them and into them, the newest first. What another
/// sub-district offers you is `is_incoming=true` and `status=offered`.
#[utoipa::path(
    tag = "beneficiaries", params(RelocationFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<Relocation>)),
)]
#[get("/v1/relocations")]
async fn list_relocations(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    list: List<RelocationFilter, Relocation>,
) -> Result<Page<Relocation>> {
    let cursors = CursorKey::new(&keys.cursors, "list_relocations", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, "list_relocations", "relocations", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a relocation
#[utoipa::path(
    tag = "beneficiaries", params(("id" = RelocationId, Path, description = "Id of the relocation")),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Relocation), (status = 304)),
)]
#[get("/v1/relocations/{id}")]
async fn get_relocation(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<RelocationId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let relocation = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_relocation", "relocations", Some(id.0.0))).await;
    Ok(not_modified(&request, relocation.version, &relocation))
}

/// Relocate a family
///
/// To another village. Within your sub-districts it is done at once: the answer is `accepted`. To a village of
/// another sub-district it is offered, and nothing changes until that one accepts. Then the family and its persons go
/// on there with their ids and numbers; here its record is closed as `moved`, its enrollments end, and what was paid
/// and is due stays.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewRelocation,
    params(("id" = BeneficiaryId, Path, description = "Id of the family"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 201, body = Relocation)),
)]
#[post("/v1/beneficiaries/{id}/relocations")]
async fn relocate_beneficiary(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<BeneficiaryId>,
    command: Once<NewRelocation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let relocation = actions::relocate(conn, &caller, &keys.vault, id.0, new).await?;
            let address = format!("/v1/relocations/{}", relocation.id);
            Ok(Answer::created(address, &relocation)?.with_version(relocation.version))
        })
        .await
}

/// Accept an offered family
///
/// It lives in your sub-district from then on, to be confirmed by you. Needs go on; enrol it where it is eligible.
/// What was due to it in a program of the state for a period is not due here once more.
#[utoipa::path(
    tag = "beneficiaries", request_body = NewAcceptance,
    params(("id" = RelocationId, Path, description = "Id of the relocation"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["relocations:decide"])), responses((status = 200, body = Relocation)),
)]
#[post("/v1/relocations/{id}/acceptances")]
async fn accept_relocation(
    caller: Allowed<DecideRelocations>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<RelocationId>,
    command: Once<NewAcceptance>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let reason = new.change_reason.as_ref();
            let relocation = actions::accept(conn, &caller, &keys.vault, id.0, reason).await?;
            Ok(Answer::ok(&relocation)?.with_version(relocation.version))
        })
        .await
}

/// Refuse an offered family
///
/// It stays where it is; the sub-district that offered it sees why.
#[utoipa::path(
    tag = "beneficiaries", request_body = Decline,
    params(("id" = RelocationId, Path, description = "Id of the relocation"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["relocations:decide"])), responses((status = 200, body = Relocation)),
)]
#[post("/v1/relocations/{id}/refusals")]
async fn refuse_relocation(
    caller: Allowed<DecideRelocations>,
    db: Data<Db>,
    id: Id<RelocationId>,
    command: Once<Decline>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let relocation = actions::refuse(conn, &caller, id.0, &new.reason).await?;
            Ok(Answer::ok(&relocation)?.with_version(relocation.version))
        })
        .await
}

/// Withdraw an offer of a family
///
/// Before the other sub-district has decided.
#[utoipa::path(
    tag = "beneficiaries", request_body = Decline,
    params(("id" = RelocationId, Path, description = "Id of the relocation"), ("Idempotency-Key" = String, Header)),
    security(("oauth2" = ["beneficiaries:write"])), responses((status = 200, body = Relocation)),
)]
#[post("/v1/relocations/{id}/withdrawals")]
async fn withdraw_relocation(
    caller: Allowed<WriteBeneficiaries>,
    db: Data<Db>,
    id: Id<RelocationId>,
    command: Once<Decline>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let relocation = actions::withdraw(conn, &caller, id.0, &new.reason).await?;
            Ok(Answer::ok(&relocation)?.with_version(relocation.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_relocations)
        .service(get_relocation)
        .service(relocate_beneficiary)
        .service(accept_relocation)
        .service(refuse_relocation)
        .service(withdraw_relocation);
}
