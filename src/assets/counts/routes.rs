//! Route of counts.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{AssetCountFilter, AssetCounts};
use super::queries;
use crate::auth::{Allowed, ReadOutcomes};
use crate::db::Db;
use crate::error::Result;
use crate::http::{Query, Routes};

/// Count equipment
///
/// How many pieces are with families, in use, in a workshop, lost or retired, by program or pledge and kind. A company is
/// told of its own pledges, in steps of five and of no fewer than five pieces, and of no family and no village.
#[utoipa::path(
    tag = "assets", params(AssetCountFilter), security(("oauth2" = ["outcomes:read"])),
    responses((status = 200, body = AssetCounts)),
)]
#[get("/v1/asset-counts")]
async fn count_assets(
    caller: Allowed<ReadOutcomes>,
    db: Data<Db>,
    filter: Query<AssetCountFilter>,
) -> Result<Json<AssetCounts>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(AssetCounts { items: queries::list(&conn, &caller.scope, &filter.0).await? }))
}

/// Registers the route.
pub(in crate::assets) fn routes(config: &mut Routes<'_, '_>) {
    config.service(count_assets);
}
