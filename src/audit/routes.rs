//! Routes of the audit.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::chain::{self, AuditBlock, BlockFilter, InclusionProof};
use super::list::{self, AuditRecord, RecordFilter};
use crate::auth::{Allowed, ReadAudit};
use crate::db::Db;
use crate::domain::AuditRecordId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes, not_modified_content};
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

/// Get an audit record
#[utoipa::path(
    tag = "audit", params(("id" = AuditRecordId, Path, description = "Id of the record")),
    security(("oauth2" = ["audit:read"])), responses((status = 200, body = AuditRecord), (status = 304)),
)]
#[get("/v1/audit-records/{id}")]
async fn get_audit_record(
    caller: Allowed<ReadAudit>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<AuditRecordId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = list::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    not_modified_content(&request, &AuditRecord::from(row))
}

/// Prove an audit record
///
/// That the record stands in a sealed block, and is the one that was sealed: hash `leaf`, go up by `siblings`, and
/// arrive at the `merkle_root` of the block, whose `head` is signed and names the block before. Anyone can check it;
/// `docs/guides/auditor.md` has the few lines that do. A record is sealed some ten seconds after it was written; until
/// then the answer is 409 with `Retry-After`.
#[utoipa::path(
    tag = "audit", params(("id" = AuditRecordId, Path, description = "Id of the record")),
    security(("oauth2" = ["audit:read"])),
    responses((status = 200, body = InclusionProof), (status = 304)),
)]
#[get("/v1/audit-records/{id}/proof")]
async fn prove_audit_record(
    caller: Allowed<ReadAudit>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<AuditRecordId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let row = list::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    not_modified_content(&request, &chain::prove(&conn, &row).await?)
}

/// List sealed blocks
///
/// The chain that audit records are sealed in, the first block first: each names the hash of the one before, so that
/// whoever keeps the `hash` of one block sees any change of it or of what came before. The blocks are those of the
/// whole service and tell nothing of a record.
#[utoipa::path(
    tag = "audit", params(BlockFilter), security(("oauth2" = ["audit:read"])),
    responses((status = 200, body = Page<AuditBlock>)),
)]
#[get("/v1/audit-blocks")]
async fn list_audit_blocks(
    caller: Allowed<ReadAudit>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<BlockFilter, AuditBlock>,
) -> Result<Page<AuditBlock>> {
    let cursors = CursorKey::new(&keys.cursors, "list_audit_blocks", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let blocks = chain::list(&conn, &list.filter, (list.limit, after)).await?;
    let total = list.total(chain::count(&conn)).await?;
    list.page((blocks, total), &cursors, |block| block.number)?.try_map(|block| Ok(block.into()))
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_audit_records).service(get_audit_record).service(prove_audit_record).service(list_audit_blocks);
}
