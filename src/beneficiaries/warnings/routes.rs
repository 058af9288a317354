//! Routes of warnings.

use actix_web::get;
use actix_web::web::Data;

use super::model::{Warning, WarningCount, WarningFilter, WarningPlace};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadBeneficiaries};
use crate::db::Db;
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Routes};
use crate::keys::Keys;

/// List warnings
///
/// What looks odd on live families and their members of your sub-district, by village and family: a NIK that tells
/// another birth date or sex, a number of a district that no loaded edition of the regions has. One record can have
/// several. A warning is gone once it is no longer true: the record was corrected, or an edition was loaded. With
/// `as_of`, those that the records had then.
#[utoipa::path(
    tag = "warnings", params(WarningFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<Warning>)),
)]
#[get("/v1/warnings")]
async fn list_warnings(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    reads: Data<ReadLog>,
    list: List<WarningFilter, Warning>,
) -> Result<Page<Warning>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "list_warnings", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, scope, filter)).await?;
    let page = list.page((rows, total), &cursors, |warning| WarningPlace::from(warning))?;
    reads.record(Read::new(&caller, "list_warnings", "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// Count warnings
///
/// By village and kind, for those who clear them; with `as_of` as they were then.
#[utoipa::path(
    tag = "warnings", params(WarningFilter), security(("oauth2" = ["beneficiaries:read"])),
    responses((status = 200, body = Page<WarningCount>)),
)]
#[get("/v1/warning-counts")]
async fn count_warnings(
    caller: Allowed<ReadBeneficiaries>,
    (db, keys): (Data<Db>, Data<Keys>),
    list: List<WarningFilter, WarningCount>,
) -> Result<Page<WarningCount>> {
    let (scope, filter) = (&caller.scope, &list.filter);
    let cursors = CursorKey::new(&keys.cursors, "count_warnings", &caller.client_id, filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let rows = queries::list_counts(&conn, scope, filter, (list.limit, after)).await?;
    let total = list.total(queries::count_counts(&conn, scope, filter)).await?;
    list.page((rows, total), &cursors, |count| (count.village_code.clone(), count.code))
}

/// Registers the routes.
pub(in crate::beneficiaries) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_warnings).service(count_warnings);
}
