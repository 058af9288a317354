//! Routes of equipment.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Asset, AssetFilter, NewAsset, NewAssetRecovery, NewAssetRepair, NewAssetRepairEnd};
use super::{actions, checks, counts, custodies, queries, write_offs};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAssets, WriteAssets};
use crate::db::Db;
use crate::domain::AssetId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List equipment
///
/// Each piece with where it is and how it is.
#[utoipa::path(
    tag = "assets", params(AssetFilter), security(("oauth2" = ["assets:read"])),
    responses((status = 200, body = Page<Asset>)),
)]
#[get("/v1/assets")]
async fn list_assets(
    caller: Allowed<ReadAssets>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AssetFilter, Asset>,
) -> Result<Page<Asset>> {
    let cursors = CursorKey::new(&keys.cursors, "list_assets", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_assets", "assets", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a piece of equipment
#[utoipa::path(
    tag = "assets", params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:read"])), responses((status = 200, body = Asset), (status = 304)),
)]
#[get("/v1/assets/{id}")]
async fn get_asset(
    caller: Allowed<ReadAssets>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<AssetId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let asset = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_asset", "assets", Some(id.0.0))).await;
    Ok(not_modified(&request, asset.version, &asset))
}

/// Register a piece of equipment
///
/// One that came by a delivery of an equipment program, by a handover of a pledge, or was bought. Of a delivery or handover
/// no more pieces are registered than came by it. The piece is in store until it is handed over.
#[utoipa::path(
    tag = "assets", request_body = NewAsset, security(("oauth2" = ["assets:write"])),
    responses((status = 201, body = Asset)),
)]
#[post("/v1/assets")]
async fn register_asset(caller: Allowed<WriteAssets>, db: Data<Db>, command: Once<NewAsset>) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let asset = actions::register(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/assets/{}", asset.id), &asset)?.with_version(asset.version))
        })
        .await
}

/// Send a piece of equipment to a workshop
///
/// One that a check found worn or broken. The family that has it keeps its custody meanwhile.
#[utoipa::path(
    tag = "assets", request_body = NewAssetRepair, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 200, body = Asset)),
)]
#[post("/v1/assets/{id}/repairs")]
async fn start_asset_repair(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewAssetRepair>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let asset = actions::repair(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&asset)?.with_version(asset.version))
        })
        .await
}

/// Take a piece of equipment back from a workshop
///
/// It is with the family that has its custody again, or in store.
#[utoipa::path(
    tag = "assets", request_body = NewAssetRepairEnd, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 200, body = Asset)),
)]
#[post("/v1/assets/{id}/repair-ends")]
async fn end_asset_repair(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewAssetRepairEnd>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let asset = actions::end_repair(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&asset)?.with_version(asset.version))
        })
        .await
}

/// Record that a lost piece of equipment was found
///
/// It is in store again. The custody that ended with the loss does not come back.
#[utoipa::path(
    tag = "assets", request_body = NewAssetRecovery, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["assets:write"])), responses((status = 200, body = Asset)),
)]
#[post("/v1/assets/{id}/recoveries")]
async fn recover_asset(
    caller: Allowed<WriteAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewAssetRecovery>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let asset = actions::recover(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&asset)?.with_version(asset.version))
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_assets)
        .service(get_asset)
        .service(register_asset)
        .service(start_asset_repair)
        .service(end_asset_repair)
        .service(recover_asset);
    custodies::routes(config);
    checks::routes(config);
    write_offs::routes(config);
    counts::routes(config);
}
