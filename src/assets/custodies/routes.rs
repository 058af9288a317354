//! Routes of custodies.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Custody, CustodyFilter, NewHandBack, NewHandOver, NewTransfer};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAssets, WriteAssets};
use crate::db::Db;
use crate::domain::{AssetId, CustodyId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List custodies
///
/// Which family has or had which piece of equipment. With `is_live=true` and `is_family_live=false` it tells of equipment
/// that is with families which have ended or moved away, and is to be settled.
#[utoipa::path(
    tag = "assets", params(CustodyFilter), security(("oauth2" = ["assets:read"])),
    responses((status = 200, body = Page<Custody>)),
)]
#[get("/v1/custodies")]
async fn list_custodies(
    caller: Allowed<ReadAssets>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<CustodyFilter, Custody>,
) -> Result<Page<Custody>> {
    let cursors = CursorKey::new(&keys.cursors, "list_custodies", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_custodies", "custodies", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a custody
#[utoipa::path(
    tag = "assets", params(("id" = CustodyId, Path, description = "Id of the custody")),
    security(("oauth2" = ["assets:read"])), responses((status = 200, body = Custody), (status = 304)),
)]
#[get("/v1/custodies/{id}")]
async fn get_custody(
    caller: Allowed<ReadAssets>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<CustodyId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let custody = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_custody", "custodies", Some(id.0.0))).await;
    Ok(not_modified(&request, custody.version, &custody))
}

/// Hand a piece of equipment over
///
/// To a family, for itself or for a group. The piece has to be in store and to work; the first check is due three months
/// later.
#[utoipa::path(
    tag = "assets", request_body = NewHandOver, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 201, body = Custody)),
)]
#[post("/v1/assets/{id}/hand-overs")]
async fn hand_over_asset(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewHandOver>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let custody = actions::hand_over(conn, &caller, id.0, new).await?;
            Ok(Answer::created(format!("/v1/custodies/{}", custody.id), &custody)?.with_version(custody.version))
        })
        .await
}

/// Take a piece of equipment back
///
/// The custody ends, and the piece is in store again; one that is in a workshop stays there.
#[utoipa::path(
    tag = "assets", request_body = NewHandBack, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 200, body = Custody)),
)]
#[post("/v1/assets/{id}/hand-backs")]
async fn hand_back_asset(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewHandBack>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let custody = actions::hand_back(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&custody)?.with_version(custody.version))
        })
        .await
}

/// Transfer a piece of equipment
///
/// From the family that has it to another one: taken back and handed over in one step. The answer is the new custody,
/// which names the one before it.
#[utoipa::path(
    tag = "assets", request_body = NewTransfer, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 201, body = Custody)),
)]
#[post("/v1/assets/{id}/transfers")]
async fn transfer_asset(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewTransfer>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let custody = actions::transfer(conn, &caller, id.0, new).await?;
            Ok(Answer::created(format!("/v1/custodies/{}", custody.id), &custody)?.with_version(custody.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::assets) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_custodies)
        .service(get_custody)
        .service(hand_over_asset)
        .service(hand_back_asset)
        .service(transfer_asset);
}
