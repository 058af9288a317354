//! Routes of the ledger of aid.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{Datelike, NaiveDate};

use super::model::{Aid, AidFilter, AidTotals, DoubleAid, DoubleAidFilter};
use super::queries::{doubles, list};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadAid};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Query, Routes};
use crate::keys::Keys;

/// List all aid
///
/// Everything that families are due and got, from programs and from companies, as one ledger; with `as_of`, as it was
/// known then. With a family, its own, that of records that mergers made one with it, and what it was due in another
/// sub-district before it came, as that stood then.
#[utoipa::path(
    tag = "aid", params(AidFilter), security(("oauth2" = ["aid:read"])), responses((status = 200, body = Page<Aid>)),
)]
#[get("/v1/aid")]
async fn list_aid(
    caller: Allowed<ReadAid>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    asked: List<AidFilter, Aid>,
) -> Result<Page<Aid>> {
    let cursors = CursorKey::new(&keys.cursors, "list_aid", &caller.client_id, &asked.filter)?;
    let after = cursors.read(asked.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = list::list(&conn, &caller.scope, &asked.filter, (asked.limit, after)).await?;
    let total = asked.total(list::count(&conn, &caller.scope, &asked.filter)).await?;
    let page = asked.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_aid", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// Add up aid
///
/// The same by village, source, kind and unit. Families are counted once in each sum, and may be in several.
#[utoipa::path(
    tag = "aid", params(AidFilter), security(("oauth2" = ["aid:read"])), responses((status = 200, body = AidTotals)),
)]
#[get("/v1/aid-totals")]
async fn total_aid(caller: Allowed<ReadAid>, db: Data<Db>, filter: Query<AidFilter>) -> Result<Json<AidTotals>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(AidTotals { items: list::totals(&conn, &caller.scope, &filter.0).await? }))
}

/// List double aid
///
/// Families that have aid of one kind and unit from more than one program or pledge, due since a day. Where `is_ahead`,
/// some of it is not handed over yet: look before it is.
#[utoipa::path(
    tag = "aid", params(DoubleAidFilter), security(("oauth2" = ["aid:read"])),
    responses((status = 200, body = Page<DoubleAid>)),
)]
#[get("/v1/double-aid")]
async fn list_double_aid(
    caller: Allowed<ReadAid>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    asked: List<DoubleAidFilter, DoubleAid>,
) -> Result<Page<DoubleAid>> {
    let cursors = CursorKey::new(&keys.cursors, "list_double_aid", &caller.client_id, &asked.filter)?;
    let after = cursors.read(asked.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let from = asked.filter.from.unwrap_or_else(|| first_of_year(db::today()));
    let rows = doubles::list(&conn, &caller.scope, (&asked.filter, from), (asked.limit, after)).await?;
    let total = asked.total(doubles::count(&conn, &caller.scope, &asked.filter, from)).await?;
    let place = |row: &DoubleAid| (row.area_id, row.beneficiary_id, row.kind, row.unit.clone());
    let page = asked.page((rows, total), &cursors, place)?;
    reads.record(Read::new(&caller, "list_double_aid", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// First day of the year: plans, quotas and pledges are of a year.
fn first_of_year(today: NaiveDate) -> NaiveDate {
    today.with_ordinal(1).unwrap_or(today)
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_aid).service(total_aid).service(list_double_aid);
}
