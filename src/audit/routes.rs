//! Routes of the audit.

use actix_web::get;
use actix_web::web::Data;
use utoipa_actix_web::service_config::ServiceConfig;

use super::list::{self, AuditRecord, RecordFilter};
use crate::auth::{Allowed, ReadAudit};
use crate::db::Db;
use crate::error::Result;
use crate::http::{CursorKey, List, Page};
use crate::keys::Keys;

/// List audit records
///
/// Who did or read what in your areas, the newest first. A read stands here about a second after it was answered,
/// a write as soon as it was.
#[utoipa::path(
    tag = "audit", params(RecordFilter), security(("oauth2" = ["audit:read"])),
    responses((status = 200, body = Page<AuditRecord>)),
)]
#[get("/v1/audit-records")]
async fn list_audit_records(
    caller: Allowed<ReadAudit>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<RecordFilter, AuditRecord>,
) -> Result<Page<AuditRecord>> {
    let cursors = CursorKey::new(&keys.cursors, "list_audit_records", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = list::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(list::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.at, row.id))?.try_map(|row| Ok(row.into()))
}

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_audit_records);
}
