//! What stood in accounts at an instant that has passed: the sum of the transfers that were posted by then.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::{Balance, PledgeId, Quantity, Scope};
use crate::error::Result;
use crate::ledger::model::{AccountKind, Balances};

#[derive(QueryableByName)]
struct Stood {
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = Numeric)]
    balance: Balance,
}

/// What stood in some accounts; those that nothing had entered or left by then are not in it.
pub(in crate::ledger) async fn standing(
    mut conn: &Conn,
    scope: &Scope,
    ids: &[Uuid],
    at: DateTime<Utc>,
) -> Result<HashMap<Uuid, Balance>> {
    let stood: Vec<Stood> = diesel::sql_query(
        "select account_id, sum(delta) as balance from (
             select credit_account_id as account_id, quantity as delta from ledger_transfers
                 where area_id = any ($1) and at <= $2 and credit_account_id = any ($3)
             union all
             select debit_account_id, -quantity from ledger_transfers
                 where area_id = any ($1) and at <= $2 and debit_account_id = any ($3)
         ) as legs group by account_id",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Timestamptz, _>(at)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(&mut conn)
    .await?;
    Ok(stood.into_iter().map(|one| (one.account_id, one.balance)).collect())
}

#[derive(QueryableByName)]
struct OfPledge {
    #[diesel(sql_type = SqlUuid)]
    owner_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: AccountKind,
    #[diesel(sql_type = Numeric)]
    balance: Quantity,
}

/// What stood in the floored accounts of the lines of a pledge, as [`balances`](super::balances) has it now.
///
/// Two transfers of the same moment may be told in either order, so nothing is told as less than nothing.
///
/// # Errors
/// Where the database cannot be read.
pub async fn balances_at(
    mut conn: &Conn,
    (area_id, pledge_id): (i32, PledgeId),
    at: DateTime<Utc>,
) -> Result<HashMap<Uuid, Balances>> {
    let stood: Vec<OfPledge> = diesel::sql_query(
        "select a.owner_id, a.kind,
             greatest(sum(case a.id when t.credit_account_id then t.quantity else -t.quantity end), 0) as balance
         from ledger_transfers t
         join ledger_accounts a on a.id in (t.credit_account_id, t.debit_account_id) and a.is_floored
         where t.area_id = $1 and t.group_id = $2 and t.at <= $3
         group by a.owner_id, a.kind",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(pledge_id)
    .bind::<Timestamptz, _>(at)
    .load(&mut conn)
    .await?;
    Ok(Balances::by_owner(stood.into_iter().map(|one| (one.owner_id, one.kind, one.balance)).collect()))
}
