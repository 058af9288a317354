//! Transfers as movements between places.

use diesel::dsl::case_when;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::{Conn, walk};
use crate::domain::{PledgeId, Scope, TransferId};
use crate::error::Result;
use crate::http::{AsOf, ByTime, Limit};
use crate::ledger::model::{AccountKind, Movement, MovementPlace, TransferFilter};
use crate::schema::{ledger_accounts, ledger_transfers};

diesel::alias!(ledger_accounts as debits: Debits, ledger_accounts as credits: Credits);

/// Transfers as movements between the two accounts that each names; the type is not to be written by hand.
macro_rules! movements_of {
    ($transfers:expr) => {
        $transfers
            .inner_join(debits.on(debits.field(ledger_accounts::id).eq(ledger_transfers::debit_account_id)))
            .inner_join(credits.on(credits.field(ledger_accounts::id).eq(ledger_transfers::credit_account_id)))
            .select((
                ledger_transfers::id,
                ledger_transfers::at,
                ledger_transfers::code,
                case_when(ledger_transfers::group_kind.eq("pledge"), ledger_transfers::group_id),
                // A promise is of the company: what goes back to it is still of the line that it leaves.
                case_when(
                    ledger_transfers::group_kind.eq("pledge"),
                    case_when(
                        credits.field(ledger_accounts::kind).eq(AccountKind::Promise),
                        debits.field(ledger_accounts::owner_id),
                    )
                    .otherwise(credits.field(ledger_accounts::owner_id)),
                ),
                case_when(ledger_transfers::group_kind.eq("lot"), ledger_transfers::group_id),
                debits.field(ledger_accounts::kind),
                credits.field(ledger_accounts::kind),
                ledger_transfers::quantity,
                ledger_transfers::unit,
                ledger_transfers::corrects_id,
            ))
    };
}

/// Finds a transfer.
pub(in crate::ledger) async fn find_transfer(
    mut conn: &Conn,
    scope: &Scope,
    id: TransferId,
) -> Result<Option<Movement>> {
    let transfer = ledger_transfers::table
        .filter(ledger_transfers::area_id.eq_any(&scope.area_ids))
        .filter(ledger_transfers::id.eq(id));
    Ok(movements_of!(transfer).first(&mut conn).await.optional()?)
}

/// Transfers that a filter leaves. Each has the two accounts it names.
fn filtered_transfers<'a>(scope: &'a Scope, filter: &'a TransferFilter) -> ledger_transfers::BoxedQuery<'a, Pg> {
    let mut query = ledger_transfers::table.filter(ledger_transfers::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(ledger_transfers::group_id.eq(pledge_id));
    }
    if let Some(stock_lot_id) = filter.stock_lot_id {
        query = query.filter(ledger_transfers::group_id.eq(stock_lot_id));
    }
    if let Some(code) = filter.code {
        query = query.filter(ledger_transfers::code.eq(code));
    }
    if let Some(AsOf(at)) = filter.as_of {
        query = query.filter(ledger_transfers::at.le(at));
    }
    query
}

/// Counts transfers of areas.
pub(in crate::ledger) async fn count_transfers(mut conn: &Conn, scope: &Scope, filter: &TransferFilter) -> Result<i64> {
    Ok(filtered_transfers(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists transfers of areas in the order of time, after a place.
pub(in crate::ledger) async fn list_transfers(
    mut conn: &Conn,
    scope: &Scope,
    filter: &TransferFilter,
    (limit, after): (Limit, Option<MovementPlace>),
) -> Result<Vec<Movement>> {
    let query = movements_of!(filtered_transfers(scope, filter)).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByTime::Down);
    Ok(walk!(query, is_down, after, ledger_transfers::{at, id}).load(&mut conn).await?)
}

/// Finds a movement of a pledge.
///
/// # Errors
/// Where the database cannot be read.
pub async fn find_movement(
    conn: &Conn,
    (area_id, pledge_id): (i32, PledgeId),
    id: TransferId,
) -> Result<Option<Movement>> {
    let scope = Scope { area_ids: vec![area_id], company_id: None };
    let found = find_transfer(conn, &scope, id).await?;
    Ok(found.filter(|movement| movement.pledge_id == Some(pledge_id)))
}

/// Lists the movements of one pledge in the order of time, after a place; with an instant, those until then.
///
/// # Errors
/// Where the database cannot be read.
pub async fn movements(
    conn: &Conn,
    (area_id, pledge_id): (i32, PledgeId),
    as_of: Option<AsOf>,
    page: (Limit, Option<MovementPlace>),
) -> Result<Vec<Movement>> {
    let scope = Scope { area_ids: vec![area_id], company_id: None };
    let filter = TransferFilter { pledge_id: Some(pledge_id), as_of, ..TransferFilter::default() };
    list_transfers(conn, &scope, &filter, page).await
}
