//! Routes of checks.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{AssetCheck, AssetCheckFilter, DueAssetCheck, DueAssetCheckFilter, NewAssetCheck};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, CheckAssets, ReadAssets};
use crate::db::{self, Db};
use crate::domain::{AssetCheckId, AssetId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List due checks of equipment
///
/// Equipment that nobody looked at in time, in custody, in store or in a workshop. Worked out when it is asked.
#[utoipa::path(
    tag = "assets", params(DueAssetCheckFilter), security(("oauth2" = ["assets:read"])),
    responses((status = 200, body = Page<DueAssetCheck>)),
)]
#[get("/v1/due-asset-checks")]
async fn list_due_asset_checks(
    caller: Allowed<ReadAssets>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<DueAssetCheckFilter, DueAssetCheck>,
) -> Result<Page<DueAssetCheck>> {
    let cursors = CursorKey::new(&keys.cursors, "list_due_asset_checks", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let asked = (&list.filter, list.filter.on.unwrap_or_else(db::today));
    let rows = queries::list_due(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count_due(&conn, &caller.scope, asked)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.next_check_on, row.area_id, row.asset_id))?;
    reads.record(Read::new(&caller, "list_due_asset_checks", "assets", None).of(page.items.len())).await;
    Ok(page)
}

/// List checks of equipment
///
/// The newest record first.
#[utoipa::path(
    tag = "assets", params(AssetCheckFilter), security(("oauth2" = ["assets:read"])),
    responses((status = 200, body = Page<AssetCheck>)),
)]
#[get("/v1/asset-checks")]
async fn list_asset_checks(
    caller: Allowed<ReadAssets>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<AssetCheckFilter, AssetCheck>,
) -> Result<Page<AssetCheck>> {
    let cursors = CursorKey::new(&keys.cursors, "list_asset_checks", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_asset_checks", "asset_checks", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a check of equipment
#[utoipa::path(
    tag = "assets", params(("id" = AssetCheckId, Path, description = "Id of the check")),
    security(("oauth2" = ["assets:read"])), responses((status = 200, body = AssetCheck), (status = 304)),
)]
#[get("/v1/asset-checks/{id}")]
async fn get_asset_check(
    caller: Allowed<ReadAssets>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<AssetCheckId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let check = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_asset_check", "asset_checks", Some(id.0.0))).await;
    Ok(not_modified(&request, 1, &check))
}

/// Record a check of equipment
///
/// How the piece is, whether it is in use, and when somebody looks at it next. A check is never changed: record another
/// one. What it found opens commands: `broken` and `worn` a repair or a retirement, `missing` that it is written off as lost.
#[utoipa::path(
    tag = "assets", request_body = NewAssetCheck, params(("id" = AssetId, Path, description = "Id of the piece")),
    security(("oauth2" = ["asset_checks:write"])), responses((status = 201, body = AssetCheck)),
)]
#[post("/v1/assets/{id}/checks")]
async fn record_asset_check(
    caller: Allowed<CheckAssets>,
    db: Data<Db>,
    id: Id<AssetId>,
    command: Once<NewAssetCheck>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let check = actions::record(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/asset-checks/{}", check.id), &check)
        })
        .await
}

/// Registers the routes.
pub(in crate::assets) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_due_asset_checks)
        .service(list_asset_checks)
        .service(get_asset_check)
        .service(record_asset_check);
}
