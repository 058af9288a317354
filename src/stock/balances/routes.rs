//! Routes of balances.

use actix_web::get;
use actix_web::web::Data;

use super::model::{StockBalance, StockBalanceFilter};
use super::queries;
use crate::auth::{Allowed, ReadStock};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::{CursorKey, List, Page, Routes};
use crate::keys::Keys;

/// List balances of stock
///
/// What of each lot is at each site, now or as of an instant, from the ledger: places that hold nothing are left out.
/// `expires_by` leaves what has to be handed out by a day.
#[utoipa::path(
    tag = "stock", params(StockBalanceFilter), security(("oauth2" = ["stock:read"])),
    responses((status = 200, body = Page<StockBalance>)),
)]
#[get("/v1/stock-balances")]
async fn list_stock_balances(
    caller: Allowed<ReadStock>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<StockBalanceFilter, StockBalance>,
) -> Result<Page<StockBalance>> {
    let cursors = CursorKey::new(&keys.cursors, "list_stock_balances", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let asked = (&list.filter, db::today());
    let rows = queries::list(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, asked)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Registers the routes.
pub(in crate::stock) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_stock_balances);
}
