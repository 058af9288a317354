//! Routes of omissions.

use actix_web::get;
use actix_web::web::Data;

use super::model::{CycleOmission, OmissionFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::Db;
use crate::domain::CycleId;
use crate::error::{Code, Error, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;

/// List omissions of a cycle
///
/// Families on the program that get nothing in the cycle, with the reason, as it was when the list froze.
#[utoipa::path(
    tag = "cycles", params(("id" = CycleId, Path, description = "Id of the cycle"), OmissionFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<CycleOmission>)),
)]
#[get("/v1/cycles/{id}/omissions")]
async fn list_cycle_omissions(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<CycleId>,
    list: List<OmissionFilter, CycleOmission>,
) -> Result<Page<CycleOmission>> {
    let operation = "list_cycle_omissions";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    if !queries::has_cycle(&conn, &caller.scope, id.0).await? {
        return Err(Code::NotFound.into());
    }
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| row.beneficiary_id)?;
    reads.record(Read::new(&caller, operation, "beneficiaries", None).of(page.items.len())).await;
    page.try_map(|row| CycleOmission::try_from(row).map_err(Error::internal))
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_cycle_omissions);
}
