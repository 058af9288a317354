//! Routes of realisations.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{Realisation, RealisationFilter, RealisationTotalFilter, RealisationTotals};
use super::queries;
use crate::auth::{Allowed, ReadPledges};
use crate::db::Db;
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Query, Routes};
use crate::keys::Keys;

/// List realisations
///
/// What was promised against what became of it, by year, company, field, unit and village: one report instead of one of
/// each company. What was handed over stands with the village of the families that got it, all else without a village;
/// the rows add up to the trails of the pledges. Drafts, and what was rejected or withdrawn, are not in it. A company sees
/// its own pledges, and no village in which fewer than five families got something.
#[utoipa::path(
    tag = "pledges", params(RealisationFilter), security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = Page<Realisation>)),
)]
#[get("/v1/realisations")]
async fn list_realisations(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RealisationFilter, Realisation>,
) -> Result<Page<Realisation>> {
    let cursors = CursorKey::new(&keys.cursors, "list_realisations", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, Realisation::place)
}

/// Add up realisations
///
/// The same in rupiah, by year, company and field. A family is counted once in each sum, and may be in several.
#[utoipa::path(
    tag = "pledges", params(RealisationTotalFilter), security(("oauth2" = ["pledges:read"])),
    responses((status = 200, body = RealisationTotals)),
)]
#[get("/v1/realisation-totals")]
async fn total_realisations(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    filter: Query<RealisationTotalFilter>,
) -> Result<Json<RealisationTotals>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(RealisationTotals { items: queries::totals(&conn, &caller.scope, &filter.0).await? }))
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_realisations).service(total_realisations);
}
