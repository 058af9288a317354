//! Routes of the ledger.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Account, AccountFilter, Discrepancy, Movement, TransferFilter, Unreconciled};
use super::queries;
use crate::auth::{Allowed, ReadLedger};
use crate::db::Db;
use crate::domain::TransferId;
use crate::error::{Code, Result};
use crate::http::{CursorKey, Id, List, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List accounts
///
/// The places that pledged quantities and goods of programs can be, with what stands in each now, or stood in it at
/// `as_of`: each balance is the sum of its transfers until then.
#[utoipa::path(
    tag = "ledger", params(AccountFilter), security(("oauth2" = ["ledger:read"])),
    responses((status = 200, body = Page<Account>)),
)]
#[get("/v1/ledger/accounts")]
async fn list_accounts(
    caller: Allowed<ReadLedger>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<AccountFilter, Account>,
) -> Result<Page<Account>> {
    let cursors = CursorKey::new(&keys.cursors, "list_accounts", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list_accounts(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_accounts(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |account| account.id)
}

/// List transfers
///
/// Every movement of pledged goods and money, and of goods of programs, in your areas, in the order of time. None is ever changed.
#[utoipa::path(
    tag = "ledger", params(TransferFilter), security(("oauth2" = ["ledger:read"])),
    responses((status = 200, body = Page<Movement>)),
)]
#[get("/v1/ledger/transfers")]
async fn list_transfers(
    caller: Allowed<ReadLedger>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<TransferFilter, Movement>,
) -> Result<Page<Movement>> {
    let cursors = CursorKey::new(&keys.cursors, "list_transfers", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list_transfers(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count_transfers(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |movement| (movement.at, movement.id))
}

/// Get a transfer
///
/// One of those that a command named in its answer. It is never changed.
#[utoipa::path(
    tag = "ledger", params(("id" = TransferId, Path, description = "Id of the transfer")),
    security(("oauth2" = ["ledger:read"])), responses((status = 200, body = Movement), (status = 304)),
)]
#[get("/v1/ledger/transfers/{id}")]
async fn get_transfer(
    caller: Allowed<ReadLedger>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<TransferId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    not_modified_content(&request, &queries::find_transfer(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?)
}

/// Accounts whose balance is not the sum of their transfers, and lines whose allocations differ from it.
#[derive(Debug, Serialize, ToSchema)]
struct Discrepancies {
    /// None, unless somebody wrote to the database past the service
    #[schema(max_items = 200)]
    items: Vec<Discrepancy>,
    /// None, unless somebody wrote to the database past the service
    #[schema(max_items = 200)]
    lines: Vec<Unreconciled>,
}

/// List discrepancies
///
/// Sums all transfers of your areas anew and compares them with the balances; and compares what is reserved and delivered
/// of pledge lines with the allocations to families. Both lists are empty.
#[utoipa::path(
    tag = "ledger", security(("oauth2" = ["ledger:read"])), responses((status = 200, body = Discrepancies)),
)]
#[get("/v1/ledger/discrepancies")]
async fn list_discrepancies(caller: Allowed<ReadLedger>, db: Data<Db>) -> Result<Json<Discrepancies>> {
    let conn = db.read(&caller.scope).await?;
    Ok(Json(Discrepancies {
        items: queries::discrepancies(&conn, &caller.scope).await?,
        lines: queries::unreconciled(&conn, &caller.scope).await?,
    }))
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_accounts).service(list_transfers).service(get_transfer).service(list_discrepancies);
}
