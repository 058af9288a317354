//! One statement a function. Each takes the scope.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{StockBalance, StockBalanceFilter};
use crate::db::{Conn, Counted, Way};
use crate::domain::{Scope, StockPlaceId};
use crate::error::Result;
use crate::http::{ById, Limit};

/// What stands in the account of each place now; `$7` is not asked.
const NOW: &str = "
    select b.posted as quantity from ledger_accounts a
    join ledger_balances b on b.account_id = a.id
    where a.owner_id = p.id and a.kind = 'stock' and a.area_id = p.area_id and $7::timestamptz is null";

/// What stood in it, summed from the transfers of the lot up to the instant.
const THEN: &str = "
    select sum(case when t.credit_account_id = a.id then t.quantity else -t.quantity end) as quantity
    from ledger_accounts a
    join ledger_transfers t on t.group_id = p.stock_lot_id and a.id in (t.debit_account_id, t.credit_account_id)
    where a.owner_id = p.id and a.kind = 'stock' and a.area_id = p.area_id and t.at <= $7";

/// Balances that a filter leaves; the placeholders are those of [`bound`].
fn statement(filter: &StockBalanceFilter) -> String {
    let quantity = if filter.as_of.is_some() { THEN } else { NOW };
    format!(
        "select p.area_id, p.id, p.stock_site_id, s.name as site_name, p.stock_lot_id, l.item, l.program_id, q.quantity,
             l.unit, l.received_on, l.expires_on, coalesce(l.expires_on < $6, false) as is_expired
         from stock_places p
         join stock_sites s on s.area_id = p.area_id and s.id = p.stock_site_id
         join stock_lots l on l.area_id = p.area_id and l.id = p.stock_lot_id
         cross join lateral ({quantity}) as q
         where p.area_id = any ($1) and q.quantity > 0 and ($2 is null or p.stock_site_id = $2)
             and ($3 is null or p.stock_lot_id = $3) and ($4 is null or l.program_id = $4)
             and ($5 is null or l.item = $5) and ($8 is null or l.expires_on <= $8)"
    )
}

type Bound<'a> = BoxedSqlQuery<'a, Pg, SqlQuery>;

fn bound<'a>(statement: String, scope: &'a Scope, (filter, today): (&'a StockBalanceFilter, NaiveDate)) -> Bound<'a> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(filter.stock_site_id)
        .bind::<Nullable<SqlUuid>, _>(filter.stock_lot_id)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Text>, _>(filter.item.as_ref())
        .bind::<Date, _>(today)
        .bind::<Nullable<Timestamptz>, _>(instant(filter))
        .bind::<Nullable<Date>, _>(filter.expires_by)
}

fn instant(filter: &StockBalanceFilter) -> Option<DateTime<Utc>> {
    filter.as_of.map(|as_of| as_of.0)
}

/// Counts balances.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, asked: (&StockBalanceFilter, NaiveDate)) -> Result<i64> {
    let statement = format!("select count(*) as total from ({}) as places", statement(asked.0));
    Ok(bound(statement, scope, asked).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists balances by area and place, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    asked: (&StockBalanceFilter, NaiveDate),
    (limit, after): (Limit, Option<(i32, StockPlaceId)>),
) -> Result<Vec<StockBalance>> {
    let Way { order, beyond } = Way::of(asked.0.sort == Some(ById::Down));
    let place = if after.is_some() { format!("and (p.area_id, p.id) {beyond} ($9, $10)") } else { String::new() };
    let statement = format!("{} {place} order by p.area_id {order}, p.id {order} limit $11", statement(asked.0));
    let query = bound(statement, scope, asked)
        .bind::<Nullable<Int4>, _>(after.map(|(area_id, _)| area_id))
        .bind::<Nullable<SqlUuid>, _>(after.map(|(_, id)| id))
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
