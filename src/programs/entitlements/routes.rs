//! Routes of entitlements.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::{Entitlement, EntitlementFilter};
use super::queries;
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::Db;
use crate::domain::EntitlementId;
use crate::error::{Code, Error, Result};
use crate::http::{CursorKey, Id, List, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List entitlements
///
/// What is due to families, what was delivered of it, held and withdrawn, and what is left.
#[utoipa::path(
    tag = "entitlements", params(EntitlementFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Entitlement>)),
)]
#[get("/v1/entitlements")]
async fn list_entitlements(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<EntitlementFilter, Entitlement>,
) -> Result<Page<Entitlement>> {
    let cursors = CursorKey::new(&keys.cursors, "list_entitlements", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_entitlements", "entitlements", None).of(page.items.len())).await;
    page.try_map(|row| Entitlement::try_from(row).map_err(Error::internal))
}

/// Get an entitlement
#[utoipa::path(
    tag = "entitlements", params(("id" = EntitlementId, Path, description = "Id of the entitlement")),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Entitlement), (status = 304)),
)]
#[get("/v1/entitlements/{id}")]
async fn get_entitlement(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<EntitlementId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_entitlement", "entitlements", Some(id.0.0))).await;
    let entitlement = Entitlement::try_from(row).map_err(Error::internal)?;
    // Deliveries and holds change its sums and not the row, so the tag follows from what is answered.
    not_modified_content(&request, &entitlement)
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_entitlements).service(get_entitlement);
}
