//! Routes of needs.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use super::model::{KindCode, Need, NeedCell, NeedFilter, NeedKind, NeedReach, NeedWithdrawal, NewNeed, ReachFilter};
use super::{queries, rules};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries, ReadNeeds, WriteNeeds};
use crate::db::Db;
use crate::domain::{BeneficiaryId, NeedId};
use crate::error::{Code, Error, Fault, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Query, Routes, not_modified, not_modified_content};
use crate::keys::Keys;

/// Kinds of help.
#[derive(Debug, Serialize, ToSchema)]
struct NeedKinds {
    /// All of them, by code
    #[schema(max_items = 200)]
    items: Vec<NeedKind>,
}

/// Needs of one family.
#[derive(Debug, Serialize, ToSchema)]
struct FamilyNeeds {
    /// The newest first
    #[schema(max_items = 200)]
    items: Vec<Need>,
}

/// List kinds of help
#[utoipa::path(
    tag = "needs", security(("oauth2" = ["needs:read"])), responses((status = 200, body = NeedKinds)),
)]
#[get("/v1/need-kinds")]
async fn list_need_kinds(caller: Allowed<ReadNeeds>, db: Data<Db>) -> Result<Json<NeedKinds>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(NeedKinds { items: queries::kinds(&conn).await? }))
}

/// Get a kind of help
#[utoipa::path(
    tag = "needs",
    params(
        (
            "code" = String, Path, max_length = 40, pattern = "^[a-z][a-z_]*$", example = "hand_tractor",
            description = "Code of the kind"
        ),
    ),
    security(("oauth2" = ["needs:read"])), responses((status = 200, body = NeedKind), (status = 304)),
)]
#[get("/v1/need-kinds/{code}")]
async fn get_need_kind(
    caller: Allowed<ReadNeeds>,
    request: HttpRequest,
    db: Data<Db>,
    code: Id<KindCode>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find_kind(&conn, &code.0).await?.ok_or(Code::NotFound)?)
}

/// List needs without naming anyone
///
/// What verified families lack, by village and kind, of all of them or of one group. A village and kind with fewer than
/// five families is not shown at all; families are counted down to a multiple of five and quantities up to a multiple of
/// `step`, so that no comparison of two answers tells of one family. Of a group nothing is shown either where fewer than
/// five families beside it need the same in the village.
#[utoipa::path(
    tag = "needs", params(NeedFilter), security(("oauth2" = ["needs:read"])),
    responses((status = 200, body = Page<NeedCell>)),
)]
#[get("/v1/needs")]
async fn list_needs(
    caller: Allowed<ReadNeeds>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<NeedFilter, NeedCell>,
) -> Result<Page<NeedCell>> {
    let cursors = CursorKey::new(&keys.cursors, "list_needs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    if let Some(kind) = &list.filter.kind {
        queries::find_kind(&conn, kind).await?.ok_or_else(kind_unknown)?;
    }
    let cells = queries::list_cells(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_cells(&conn, &caller.scope, &list.filter)).await?;
    list.page((cells, total), &cursors, |cell| (cell.village_code.clone(), cell.kind.clone()))
}

/// Tell how far a pledge would go
///
/// How many verified families a quantity of a kind would reach, of those that the list shows: each takes a portion, or
/// what it lacks where that is less. It follows from the list alone, so it tells of no family either.
#[utoipa::path(
    tag = "needs", params(ReachFilter), security(("oauth2" = ["needs:read"])),
    responses((status = 200, body = NeedReach), (status = 304)),
)]
#[get("/v1/needs/reach")]
async fn get_need_reach(
    caller: Allowed<ReadNeeds>,
    request: HttpRequest,
    db: Data<Db>,
    filter: Query<ReachFilter>,
) -> Result<HttpResponse> {
    let filter = filter.0;
    let conn = db.read(&caller.scope).await?;
    let kind = queries::find_kind(&conn, &filter.kind).await?.ok_or_else(kind_unknown)?;
    let portion = filter.portion.clone().unwrap_or_else(|| rules::usual_portion(&kind));
    let mut faults = rules::quantity_faults("quantity", &kind, &filter.quantity);
    faults.extend(rules::quantity_faults("portion", &kind, &portion));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let reach = queries::reach(&conn, &caller.scope, &filter, &portion).await?;
    not_modified_content(&request, &rules::reach_of(kind, &filter, portion, reach))
}

/// The request is well formed; which kinds there are is a matter of the records.
fn kind_unknown() -> Error {
    let fault = Fault::new("kind", Code::ValueUnknown);
    Error::invalid(vec![fault.with_detail("Not a kind of help; the kinds are at /v1/need-kinds.".to_owned())])
}

/// List the needs of a family
#[utoipa::path(
    tag = "needs", params(("id" = BeneficiaryId, Path, description = "Id of the family")),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = FamilyNeeds)),
)]
#[get("/v1/beneficiaries/{id}/needs")]
async fn list_family_needs(
    caller: Allowed<ReadBeneficiaries>,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
) -> Result<Json<FamilyNeeds>> {
    let conn = db.read(&caller.scope).await?;
    if !queries::has_family(&conn, &caller.scope, id.0).await? {
        return Err(Code::NotFound.into());
    }
    let items = queries::list_of(&conn, &caller.scope, id.0).await?;
    reads.record(Read::new(&caller, "list_family_needs", "needs", Some(id.0.0)).of(items.len())).await;
    Ok(Json(FamilyNeeds { items }))
}

/// Get a need
#[utoipa::path(
    tag = "needs", params(("id" = NeedId, Path, description = "Id of the need")),
    security(("oauth2" = ["beneficiaries:read"])), responses((status = 200, body = Need), (status = 304)),
)]
#[get("/v1/needs/{id}")]
async fn get_need(
    caller: Allowed<ReadBeneficiaries>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<NeedId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let need = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_need", "needs", Some(id.0.0))).await;
    Ok(not_modified(&request, need.version, &need))
}

/// Record a need of a family
///
/// At most one need of a kind is open at a time.
#[utoipa::path(
    tag = "needs", params(("id" = BeneficiaryId, Path, description = "Id of the family")),
    request_body = NewNeed, security(("oauth2" = ["needs:write"])), responses((status = 201, body = Need)),
)]
#[post("/v1/beneficiaries/{id}/needs")]
async fn record_need(
    caller: Allowed<WriteNeeds>,
    db: Data<Db>,
    id: Id<BeneficiaryId>,
    command: Once<NewNeed>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let need = actions::record(conn, &caller, id.0, new).await?;
            Ok(Answer::created(format!("/v1/needs/{}", need.id), &need)?.with_version(need.version))
        })
        .await
}

/// Withdraw a need
///
/// What is reserved for it stays reserved; nothing more is.
#[utoipa::path(
    tag = "needs", params(("id" = NeedId, Path, description = "Id of the need")),
    request_body = NeedWithdrawal, security(("oauth2" = ["needs:write"])), responses((status = 200, body = Need)),
)]
#[post("/v1/needs/{id}/withdrawals")]
async fn withdraw_need(
    caller: Allowed<WriteNeeds>,
    db: Data<Db>,
    id: Id<NeedId>,
    command: Once<NeedWithdrawal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, withdrawal| {
            let need = actions::withdraw(conn, &caller, id.0, withdrawal).await?;
            Ok(Answer::ok(&need)?.with_version(need.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_need_kinds)
        .service(get_need_kind)
        .service(list_needs)
        .service(get_need_reach)
        .service(list_family_needs)
        .service(get_need)
        .service(record_need)
        .service(withdraw_need);
}
