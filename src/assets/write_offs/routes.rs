//! Routes of write-offs.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    AssetWriteOff, AssetWriteOffFilter, NewAssetWriteOff, NewAssetWriteOffAgreement, NewAssetWriteOffRefusal,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, DecideAssetWriteOffs, ReadAssets, WriteAssets};
use crate::db::Db;
use crate::domain::{AssetId, AssetWriteOffId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List write-offs of equipment
///
/// Those that wait for another officer with `status=proposed`.
#[utoipa::path(
    tag = "assets", params(AssetWriteOffFilter), security(("oauth2" = ["assets:read"])),
    responses((status = 200, body = Page<AssetWriteOff>)),
)]
#[get("/v1/asset-write-offs")]
async fn list_asset_write_offs(
    caller: Allowed<ReadAssets>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AssetWriteOffFilter, AssetWriteOff>,
) -> Result<Page<AssetWriteOff>> {
    let cursors = CursorKey::new(&keys.cursors, "list_asset_write_offs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_asset_write_offs", "asset_write_offs", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a write-off of equipment
#[utoipa::path(
    tag = "assets", params(("id" = AssetWriteOffId, Path, description = "Id of the write-off")),
    security(("oauth2" = ["assets:read"])), responses((status = 200, body = AssetWriteOff), (status = 304)),
)]
#[get("/v1/asset-write-offs/{id}")]
async fn get_asset_write_off(
    caller: Allowed<ReadAssets>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<AssetWriteOffId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let write_off = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_asset_write_off", "asset_write_offs", Some(id.0.0))).await;
    Ok(not_modified(&request, write_off.version, &write_off))
}

/// Propose a write-off of equipment
///
/// That the piece is lost, once a check found it missing, or retired, once one found it broken or worn. Nothing changes
/// until another officer agrees.
#[utoipa::path(
    tag = "assets", request_body = NewAssetWriteOff, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 201, body = AssetWriteOff)),
)]
#[post("/v1/assets/{id}/write-offs")]
async fn propose_asset_write_off(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewAssetWriteOff>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let write_off = actions::propose(conn, &caller, id.0, new).await?;
            let answer = Answer::created(format!("/v1/asset-write-offs/{}", write_off.id), &write_off)?;
            Ok(answer.with_version(write_off.version))
        })
        .await
}

/// Agree to a write-off of equipment
///
/// Another officer than the one who proposed it. The piece is lost or retired from then on, and its custody ends.
#[utoipa::path(
    tag = "assets", request_body = NewAssetWriteOffAgreement,
    params(("id" = AssetWriteOffId, Path, description = "Id of the write-off")),
    security(("oauth2" = ["asset_write_offs:decide"])), responses((status = 200, body = AssetWriteOff)),
)]
#[post("/v1/asset-write-offs/{id}/agreements")]
async fn agree_to_asset_write_off(
    caller: Allowed<DecideAssetWriteOffs>,
    db: Data<Db>,
    id: Id<AssetWriteOffId>,
    command: Once<NewAssetWriteOffAgreement>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, _| {
            let write_off = actions::agree(conn, &caller, id.0).await?;
            Ok(Answer::ok(&write_off)?.with_version(write_off.version))
        })
        .await
}

/// Refuse a write-off of equipment
///
/// The piece stays what it is. Who proposed it takes it back so.
#[utoipa::path(
    tag = "assets", request_body = NewAssetWriteOffRefusal,
    params(("id" = AssetWriteOffId, Path, description = "Id of the write-off")),
    security(("oauth2" = ["asset_write_offs:decide"])), responses((status = 200, body = AssetWriteOff)),
)]
#[post("/v1/asset-write-offs/{id}/refusals")]
async fn refuse_asset_write_off(
    caller: Allowed<DecideAssetWriteOffs>,
    db: Data<Db>,
    id: Id<AssetWriteOffId>,
    command: Once<NewAssetWriteOffRefusal>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let write_off = actions::refuse(conn, &caller, id.0, &new.reason).await?;
            Ok(Answer::ok(&write_off)?.with_version(write_off.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::assets) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_asset_write_offs)
        .service(get_asset_write_off)
        .service(propose_asset_write_off)
        .service(agree_to_asset_write_off)
        .service(refuse_asset_write_off);
}
