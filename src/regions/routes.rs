//! Routes of the official regions.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::{Region, RegionFilter};
use super::queries;
use crate::auth::{Allowed, ReadRegions};
use crate::db::Db;
use crate::domain::RegionCode;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List regions
///
/// Provinces, regencies, districts and villages of the current edition, in the order of their codes. They are the
/// same for every caller.
#[utoipa::path(
    tag = "regions", params(RegionFilter), security(("oauth2" = ["regions:read"])),
    responses((status = 200, body = Page<Region>)),
)]
#[get("/v1/regions")]
async fn list_regions(
    caller: Allowed<ReadRegions>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RegionFilter, Region>,
) -> Result<Page<Region>> {
    let cursors = CursorKey::new(&keys.cursors, "list_regions", &caller.client_id, &list.filter)?;
    let after: Option<RegionCode> = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &list.filter, (list.limit, after.as_ref())).await?;
    let total = list.total(queries::count(&conn, &list.filter)).await?;
    list.page((rows, total), &cursors, |region| region.code.clone())
}

/// Get a region
#[utoipa::path(
    tag = "regions", params(("code" = inline(RegionCode), Path, description = "Official code")),
    security(("oauth2" = ["regions:read"])), responses((status = 200, body = Region), (status = 304)),
)]
#[get("/v1/regions/{code}")]
async fn get_region(
    caller: Allowed<ReadRegions>,
    request: HttpRequest,
    db: Data<Db>,
    code: Id<RegionCode>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find(&conn, &code.0).await?.ok_or(Code::NotFound)?)
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_regions).service(get_region);
}
