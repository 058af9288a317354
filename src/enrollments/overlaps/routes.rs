//! Routes of overlaps.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;

use super::model::{OverlapCounts, OverlapDay, OverlapFilter, OverlapFound};
use super::queries::{self, Asked};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Conn, Db};
use crate::domain::{ProgramId, Scope, VillageCode};
use crate::error::{Code, Result};
use crate::http::{ByVillage, CursorKey, Id, List, Page, Query, Routes};
use crate::keys::Keys;
use crate::programs;

async fn asked<'a>(
    conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    (on, village_code): (Option<NaiveDate>, Option<&'a VillageCode>),
) -> Result<Asked<'a>> {
    programs::find(conn, scope, program_id).await?.ok_or(Code::NotFound)?;
    let on = on.unwrap_or_else(db::today);
    let rule = programs::in_force(conn, program_id, on).await?.expression()?.sql(on, Asked::RULE_FROM);
    Ok(Asked { program_id, on, village_code, rule })
}

/// List overlaps of a program
///
/// Families that the program's rules say yes to, or that are on it, and that have another program which keeps them off
/// it: who would be refused by a run, and who has both already.
#[utoipa::path(
    tag = "enrollments", params(("id" = ProgramId, Path, description = "Id of the program"), OverlapFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<OverlapFound>)),
)]
#[get("/v1/programs/{id}/overlaps")]
async fn list_overlaps(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<ProgramId>,
    list: List<OverlapFilter, OverlapFound>,
) -> Result<Page<OverlapFound>> {
    let cursors = CursorKey::new(&keys.cursors, "list_overlaps", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let asked = asked(&conn, &caller.scope, id.0, (list.filter.on, list.filter.village_code.as_ref())).await?;
    let is_down = list.filter.sort == Some(ByVillage::Down);
    let rows = queries::list(&conn, &caller.scope, &asked, (is_down, list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &asked)).await?;
    let place = |row: &OverlapFound| (row.area_id, row.village_code.clone(), row.beneficiary_id);
    let page = list.page((rows, total), &cursors, place)?;
    reads.record(Read::new(&caller, "list_overlaps", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// Count overlaps of a program
///
/// The same by village, rule and the program in the way.
#[utoipa::path(
    tag = "enrollments", params(("id" = ProgramId, Path, description = "Id of the program"), OverlapDay),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = OverlapCounts)),
)]
#[get("/v1/programs/{id}/overlap-counts")]
async fn count_overlaps(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    filter: Query<OverlapDay>,
) -> Result<Json<OverlapCounts>> {
    let conn = db.read(&caller.scope).await?;
    let asked = asked(&conn, &caller.scope, id.0, (filter.0.on, None)).await?;
    Ok(Json(OverlapCounts { items: queries::by_village(&conn, &caller.scope, &asked).await? }))
}

/// Registers the routes.
pub(in crate::enrollments) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_overlaps).service(count_overlaps);
}
