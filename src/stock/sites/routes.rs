//! Routes of sites.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::model::{NewStockSite, NewStockSiteClosure, StockSite, StockSiteChanges, StockSiteFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadStock, WriteStock};
use crate::db::Db;
use crate::domain::StockSiteId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List sites
///
/// Warehouses, offices, village halls, posts and boats of your sub-districts that keep goods of programs.
#[utoipa::path(
    tag = "stock", params(StockSiteFilter), security(("oauth2" = ["stock:read"])),
    responses((status = 200, body = Page<StockSite>)),
)]
#[get("/v1/stock-sites")]
async fn list_stock_sites(
    caller: Allowed<ReadStock>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<StockSiteFilter, StockSite>,
) -> Result<Page<StockSite>> {
    let cursors = CursorKey::new(&keys.cursors, "list_stock_sites", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a site
#[utoipa::path(
    tag = "stock", params(("id" = StockSiteId, Path, description = "Id of the site")),
    security(("oauth2" = ["stock:read"])), responses((status = 200, body = StockSite), (status = 304)),
)]
#[get("/v1/stock-sites/{id}")]
async fn get_stock_site(
    caller: Allowed<ReadStock>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<StockSiteId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let site = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, site.version, &site))
}

/// Add a site
///
/// A place that keeps goods of programs: what comes in, moves and goes out names it.
#[utoipa::path(
    tag = "stock", request_body = NewStockSite, security(("oauth2" = ["stock:write"])),
    responses((status = 201, body = StockSite)),
)]
#[post("/v1/stock-sites")]
async fn add_stock_site(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    command: Once<NewStockSite>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let site = actions::add(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/stock-sites/{}", site.id), &site)?.with_version(site.version))
        })
        .await
}

/// Correct a site
///
/// Its name, its kind, or the office that answers for what is there.
#[utoipa::path(
    tag = "stock", params(("id" = StockSiteId, Path, description = "Id of the site")),
    request_body(content = StockSiteChanges, content_type = "application/merge-patch+json"),
    security(("oauth2" = ["stock:write"])), responses((status = 200, body = StockSite)),
)]
#[patch("/v1/stock-sites/{id}")]
async fn update_stock_site(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockSiteId>,
    change: Change<StockSiteChanges>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _| actions::update(conn, &caller, id.0, (change.version, &change.changes)).await;
    let site = db.transaction(&caller.scope, act).await?;
    Ok(Answer::ok(&site)?.with_version(site.version).respond())
}

/// Close a site
///
/// Once it is empty: move what is there to another site, or book it as lost. Nothing comes in any more; what happened
/// there stays.
#[utoipa::path(
    tag = "stock", request_body = NewStockSiteClosure, params(("id" = StockSiteId, Path, description = "Id of the site")),
    security(("oauth2" = ["stock:write"])), responses((status = 200, body = StockSite)),
)]
#[post("/v1/stock-sites/{id}/closures")]
async fn close_stock_site(
    caller: Allowed<WriteStock>,
    db: Data<Db>,
    id: Id<StockSiteId>,
    command: Once<NewStockSiteClosure>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let site = actions::close(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&site)?.with_version(site.version))
        })
        .await
}

/// Registers the routes.
pub(in crate::stock) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_stock_sites)
        .service(get_stock_site)
        .service(add_stock_site)
        .service(update_stock_site)
        .service(close_stock_site);
}
