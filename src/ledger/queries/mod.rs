//! One statement a function.

mod movements;
mod past;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{
    Account, AccountFilter, AccountKind, AccountRef, Balances, Discrepancy, NewAccount, Posting, Transfer, Unreconciled,
};
use crate::db::{Conn, kept, walk};
use crate::domain::{Balance, Quantity, Scope, TransferId};
use crate::error::{Code, Error, OnConflict as _, Result};
use crate::http::{AsOf, ByCreation, Limit};
use crate::schema::{ledger_accounts, ledger_balances};

pub(super) use movements::{count_transfers, find_transfer, list_transfers};
pub use movements::{find_movement, movements};
pub use past::balances_at;

/// A transfer that was posted just now.
#[derive(Debug, QueryableByName)]
pub(super) struct Posted {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: TransferId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) debit_account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) credit_account_id: Uuid,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
}

/// A balance that nobody else can move before the transaction ends.
#[derive(Debug, QueryableByName)]
pub(super) struct LockedBalance {
    #[diesel(sql_type = SqlUuid)]
    pub(super) account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) kind: AccountKind,
    #[diesel(sql_type = Text)]
    pub(super) unit: String,
    #[diesel(sql_type = Bool)]
    pub(super) is_floored: bool,
    #[diesel(sql_type = Numeric)]
    pub(super) posted: Balance,
}

/// Opens accounts; answers the new ones, with whether they are floored.
pub(super) async fn insert_accounts(
    mut conn: &Conn,
    area_id: i32,
    accounts: &[NewAccount<'_>],
    at: DateTime<Utc>,
) -> Result<Vec<(Uuid, bool)>> {
    let rows: Vec<_> = accounts
        .iter()
        .map(|new| {
            (
                ledger_accounts::id.eq(Uuid::now_v7()),
                ledger_accounts::area_id.eq(area_id),
                ledger_accounts::kind.eq(new.account.kind),
                ledger_accounts::unit.eq(new.unit),
                ledger_accounts::owner_id.eq(new.account.owner_id),
                ledger_accounts::is_floored.eq(new.account.kind.is_floored()),
                ledger_accounts::created_at.eq(at),
            )
        })
        .collect();
    let opened = diesel::insert_into(ledger_accounts::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning((ledger_accounts::id, ledger_accounts::is_floored))
        .get_results(&mut conn)
        .await?;
    Ok(opened)
}

/// Gives new accounts a balance of zero.
pub(super) async fn insert_balances(mut conn: &Conn, accounts: &[(Uuid, bool)]) -> Result<()> {
    let rows: Vec<_> = accounts
        .iter()
        .map(|(id, is_floored)| {
            (
                ledger_balances::account_id.eq(id),
                ledger_balances::is_floored.eq(is_floored),
                ledger_balances::posted.eq(Balance::default()),
            )
        })
        .collect();
    diesel::insert_into(ledger_balances::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// The accounts of each transfer, by what they are.
const WITH_ACCOUNTS: &str = "
    from unnest($1, $2, $3, $4, $5, $6, $7, $8) as
        t (id, code, debit_kind, debit_owner, credit_kind, credit_owner, unit, quantity)
    join ledger_accounts d on d.owner_id = t.debit_owner and d.kind = t.debit_kind
        and d.unit = t.unit and d.area_id = $9
    join ledger_accounts c on c.owner_id = t.credit_owner and c.kind = t.credit_kind
        and c.unit = t.unit and c.area_id = $9";

/// Binds what [`WITH_ACCOUNTS`] names.
macro_rules! bind_transfers {
    ($query:expr, $posting:expr, $transfers:expr) => {{
        let all = $transfers;
        $query
            .bind::<Array<SqlUuid>, _>(all.iter().map(|one| one.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(all.iter().map(|one| one.code).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(all.iter().map(|one| one.from.kind).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(all.iter().map(|one| one.from.owner_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(all.iter().map(|one| one.to.kind).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(all.iter().map(|one| one.to.owner_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(all.iter().map(|one| one.unit.as_str()).collect::<Vec<_>>())
            .bind::<Array<Numeric>, _>(all.iter().map(|one| one.quantity.clone()).collect::<Vec<_>>())
            .bind::<Integer, _>($posting.area_id)
            .bind::<SqlUuid, _>($posting.group.id())
    }};
}

/// Writes transfers; answers those that were not there before.
pub(super) async fn insert_transfers(
    mut conn: &Conn,
    posting: Posting<'_>,
    transfers: &[&Transfer],
) -> Result<Vec<Posted>> {
    let statement = format!(
        "insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code,
             group_id, client_id, at, group_kind)
         select t.id, $9, d.id, c.id, t.unit, t.quantity, t.code, $10, $11, $12, $13 {WITH_ACCOUNTS} order by t.id
         on conflict (id) do nothing
         returning id, debit_account_id, credit_account_id, quantity"
    );
    let insert = bind_transfers!(diesel::sql_query(statement), posting, transfers)
        .bind::<Text, _>(posting.client_id)
        .bind::<Timestamptz, _>(posting.at)
        .bind::<Text, _>(posting.group.kind());
    Ok(kept(insert).load(&mut conn).await?)
}

/// Writes the opposite of a transfer of a pledge, which can have one only.
pub(super) async fn insert_opposite(
    mut conn: &Conn,
    posting: Posting<'_>,
    (id, corrects_id): (TransferId, TransferId),
) -> Result<Vec<Posted>> {
    let posted = diesel::sql_query(
        "insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code,
             group_id, corrects_id, client_id, at, group_kind)
         select $1, area_id, credit_account_id, debit_account_id, unit, quantity, 'correct', group_id, id, $2, $3, group_kind
         from ledger_transfers where id = $4 and area_id = $5 and group_id = $6
         returning id, debit_account_id, credit_account_id, quantity",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(posting.client_id)
    .bind::<Timestamptz, _>(posting.at)
    .bind::<SqlUuid, _>(corrects_id)
    .bind::<Integer, _>(posting.area_id)
    .bind::<SqlUuid, _>(posting.group.id())
    .load(&mut conn)
    .await
    .on_conflict(Code::TransferCorrected)?;
    Ok(posted)
}

/// Counts the transfers that are there already with the same movement.
pub(super) async fn count_same(mut conn: &Conn, posting: Posting<'_>, transfers: &[&Transfer]) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Same {
        #[diesel(sql_type = BigInt)]
        same: i64,
    }
    let statement = format!(
        "select count(*) as same {WITH_ACCOUNTS}
         join ledger_transfers l on l.id = t.id and l.debit_account_id = d.id and l.credit_account_id = c.id
             and l.quantity = t.quantity and l.code = t.code and l.group_id = $10"
    );
    let counted: Same = bind_transfers!(diesel::sql_query(statement), posting, transfers).get_result(&mut conn).await?;
    Ok(counted.same)
}

/// Locks balances in the order of their accounts; the accounts themselves are not locked.
pub(super) async fn lock_balances(mut conn: &Conn, ids: &[Uuid]) -> Result<Vec<LockedBalance>> {
    let lock = diesel::sql_query(
        "select b.account_id, a.kind, a.unit, b.is_floored, b.posted
         from ledger_balances b join ledger_accounts a on a.id = b.account_id
         where b.account_id = any ($1) order by b.account_id for no key update of b",
    );
    Ok(kept(lock.bind::<Array<SqlUuid>, _>(ids)).load(&mut conn).await?)
}

/// Holds the balance of one floored account until the transaction ends; zero where it is not open.
///
/// # Errors
/// Where the database refuses.
pub async fn hold(mut conn: &Conn, account: AccountRef) -> Result<Quantity> {
    #[derive(QueryableByName)]
    struct Held {
        #[diesel(sql_type = Numeric)]
        posted: Quantity,
    }
    let statement = diesel::sql_query(
        "select b.posted from ledger_balances b join ledger_accounts a on a.id = b.account_id
         where a.owner_id = $1 and a.kind = $2 and b.is_floored for no key update of b",
    );
    let statement = statement.bind::<SqlUuid, _>(account.owner_id).bind::<Text, _>(account.kind);
    let held: Option<Held> = kept(statement).get_result(&mut conn).await.optional()?;
    Ok(held.map_or_else(Quantity::zero, |held| held.posted))
}

/// Holds the balances of one kind of many owners until the transaction ends, in the order of the accounts.
///
/// # Errors
/// Where the database refuses.
pub async fn hold_all(mut conn: &Conn, kind: AccountKind, owner_ids: &[Uuid]) -> Result<()> {
    diesel::sql_query(
        "select 1 from ledger_balances b join ledger_accounts a on a.id = b.account_id
         where a.owner_id = any ($1) and a.kind = $2 and b.is_floored order by b.account_id for no key update of b",
    )
    .bind::<Array<SqlUuid>, _>(owner_ids)
    .bind::<Text, _>(kind)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Moves locked balances; the condition holds the floor even if somebody forgot to lock.
pub(super) async fn move_balances(mut conn: &Conn, deltas: &BTreeMap<Uuid, Balance>) -> Result<()> {
    let update = diesel::sql_query(
        "update ledger_balances b set posted = b.posted + d.delta from unnest($1, $2) as d (account_id, delta)
         where b.account_id = d.account_id and (not b.is_floored or b.posted + d.delta >= 0)",
    )
    .bind::<Array<SqlUuid>, _>(deltas.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(deltas.values().cloned().collect::<Vec<_>>());
    let moved = kept(update).execute(&mut conn).await?;
    if moved == deltas.len() { Ok(()) } else { Err(Error::internal("a balance did not move with its transfer")) }
}

/// What stands in the places of each of some owners that has any.
///
/// # Errors
/// Where the database cannot be read.
pub async fn balances(mut conn: &Conn, owner_ids: &[Uuid]) -> Result<HashMap<Uuid, Balances>> {
    let balances = ledger_balances::table
        .inner_join(ledger_accounts::table)
        .filter(ledger_accounts::owner_id.eq_any(owner_ids))
        .filter(ledger_balances::is_floored)
        .select((ledger_accounts::owner_id, ledger_accounts::kind, ledger_balances::posted))
        .load(&mut conn)
        .await?;
    Ok(Balances::by_owner(balances))
}

/// What stands in one place; nothing where it is not open.
///
/// # Errors
/// Where the database cannot be read.
pub async fn balance(conn: &Conn, account: AccountRef) -> Result<Quantity> {
    let of_owner = balances(conn, &[account.owner_id]).await?;
    Ok(of_owner.get(&account.owner_id).map_or_else(Quantity::zero, |all| all.of(account.kind)))
}

/// Accounts that a filter leaves. Each has one balance, from its first moment on.
fn filtered_accounts<'a>(scope: &'a Scope, filter: &'a AccountFilter) -> ledger_accounts::BoxedQuery<'a, Pg> {
    let mut query = ledger_accounts::table.filter(ledger_accounts::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(ledger_accounts::kind.eq(kind));
    }
    if let Some(owner_id) = filter.owner_id {
        query = query.filter(ledger_accounts::owner_id.eq(owner_id));
    }
    if let Some(AsOf(at)) = filter.as_of {
        query = query.filter(ledger_accounts::created_at.le(at));
    }
    query
}

/// Counts accounts.
pub(super) async fn count_accounts(mut conn: &Conn, scope: &Scope, filter: &AccountFilter) -> Result<i64> {
    Ok(filtered_accounts(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists accounts with their balances by id, after an id.
pub(super) async fn list_accounts(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AccountFilter,
    (limit, after): (Limit, Option<Uuid>),
) -> Result<Vec<Account>> {
    let query = filtered_accounts(scope, filter)
        .inner_join(ledger_balances::table)
        .select(Account::as_select())
        .limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    let accounts: Vec<Account> = walk!(query, is_down, after, ledger_accounts::{id}).load(&mut conn).await?;
    let Some(AsOf(at)) = filter.as_of else { return Ok(accounts) };
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let mut stood = past::standing(conn, scope, &ids, at).await?;
    Ok(accounts.into_iter().map(|one| Account { balance: stood.remove(&one.id).unwrap_or_default(), ..one }).collect())
}

/// Sums all transfers anew and answers the accounts whose balance differs: none, ever.
///
/// # Errors
/// Where the database cannot be read.
pub async fn discrepancies(mut conn: &Conn, scope: &Scope) -> Result<Vec<Discrepancy>> {
    let found = diesel::sql_query(
        "with moved as (
             select account_id, sum(delta) as total from (
                 select credit_account_id as account_id, quantity as delta from ledger_transfers
                     where area_id = any ($1)
                 union all
                 select debit_account_id, -quantity from ledger_transfers where area_id = any ($1)
             ) as legs group by account_id
         )
         select a.id as account_id, coalesce(b.posted, 0) as balance, coalesce(m.total, 0) as transferred
         from ledger_accounts a
         left join ledger_balances b on b.account_id = a.id
         left join moved m on m.account_id = a.id
         where a.area_id = any ($1) and b.posted is distinct from coalesce(m.total, 0)
         order by a.id limit 200",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .load(&mut conn)
    .await?;
    Ok(found)
}

/// Compares what the ledger has reserved and delivered of pledge lines with the allocations to families, which no foreign
/// key ties to it; answers the lines that differ: none, ever.
///
/// # Errors
/// Where the database cannot be read.
pub async fn unreconciled(mut conn: &Conn, scope: &Scope) -> Result<Vec<Unreconciled>> {
    let found = diesel::sql_query(
        "with allocated as (
             select pledge_line_id, sum(quantity - delivered_quantity) filter (where status = 'reserved') as reserved,
                 sum(delivered_quantity - returned_quantity) as delivered
             from allocations where area_id = any ($1) group by pledge_line_id
         ), compared as (
             select l.id as pledge_line_id, a.kind as place, b.posted as balance,
                 coalesce(case a.kind when 'reserved' then w.reserved else w.delivered end, 0) as allocated
             from ledger_accounts a
             join pledge_lines l on l.id = a.owner_id
             join ledger_balances b on b.account_id = a.id
             left join allocated w on w.pledge_line_id = l.id
             where a.area_id = any ($1) and a.kind in ('reserved', 'delivered')
         )
         select * from compared where balance <> allocated order by pledge_line_id, place limit 200",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .load(&mut conn)
    .await?;
    Ok(found)
}
