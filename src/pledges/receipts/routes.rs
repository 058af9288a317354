//! Routes of receipts.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{NewReceipt, Receipt, ReceiptFilter, RecordedReceipt};
use super::{actions, queries};
use crate::auth::{Allowed, ReadPledges, WriteReceipts};
use crate::db::Db;
use crate::domain::{PledgeId, ReceiptId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;
use crate::pledges::queries as pledges;

/// List what was received
///
/// Receipts of one pledge, in the order they were recorded; one that a correction took back names the transfer that did.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge"), ReceiptFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Page<Receipt>)),
)]
#[get("/v1/pledges/{id}/receipts")]
async fn list_receipts(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<PledgeId>,
    list: List<ReceiptFilter, Receipt>,
) -> Result<Page<Receipt>> {
    let operation = format!("list_receipts {}", id.0);
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    pledges::find(&conn, &caller.scope, id.0).await?;
    let rows = queries::list(&conn, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |receipt| receipt.id)
}

/// Get a receipt
#[utoipa::path(
    tag = "pledges", params(("id" = ReceiptId, Path, description = "Id of the receipt")),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Receipt), (status = 304)),
)]
#[get("/v1/receipts/{id}")]
async fn get_receipt(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<ReceiptId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let receipt = queries::find(&conn, id.0).await?.ok_or(Code::NotFound)?;
    pledges::find(&conn, &caller.scope, receipt.pledge_id).await?;
    not_modified_content(&request, &receipt)
}

/// Record what a company gave
///
/// At most what is outstanding of the line; it is in stock then, free to be allocated. Its day is not before the pledge was
/// handed in, or its year began.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge")),
    request_body = NewReceipt, security(("oauth2" = ["receipts:write"])), responses((status = 201, body = RecordedReceipt)),
)]
#[post("/v1/pledges/{id}/receipts")]
async fn record_receipt(
    caller: Allowed<WriteReceipts>,
    db: Data<Db>,
    id: Id<PledgeId>,
    command: Once<NewReceipt>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let recorded = actions::record(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/receipts/{}", recorded.receipt.id), &recorded)
        })
        .await
}

/// Registers the routes.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_receipts).service(get_receipt).service(record_receipt);
}
