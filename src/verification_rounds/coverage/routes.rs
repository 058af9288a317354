//! Routes of coverage.

use actix_web::get;
use actix_web::web::Data;
use chrono::TimeDelta;

use super::model::{CoverageFilter, VillageCoverage};
use super::queries;
use crate::auth::{Allowed, ReadVerification};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Routes};
use crate::keys::Keys;

/// List how fresh the villages are
///
/// For each village how many of its live families were visited within some days, how many longer ago and how many
/// never. A visit counts that found the family as recorded or corrected it.
#[utoipa::path(
    tag = "verification", params(CoverageFilter), security(("oauth2" = ["verification:read"])),
    responses((status = 200, body = Page<VillageCoverage>)),
)]
#[get("/v1/verification-coverage")]
async fn list_verification_coverage(
    caller: Allowed<ReadVerification>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<CoverageFilter, VillageCoverage>,
) -> Result<Page<VillageCoverage>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_verification_coverage", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let since = db::now() - TimeDelta::days(filter.days());
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after), since).await?;
    let total = list.total(queries::count(&conn, scope, since)).await?;
    list.page((rows, total), &cursors, |row| row.village_code.clone())
}

/// Registers the routes.
pub(in crate::verification_rounds) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_verification_coverage);
}
