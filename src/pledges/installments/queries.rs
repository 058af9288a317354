//! One statement a function, for a pledge that the caller was found to reach.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{PledgeLineId, Quantity};
use crate::error::Result;
use crate::pledges::model::PledgeRow;

#[derive(QueryableByName)]
struct Outstanding {
    #[diesel(sql_type = SqlUuid)]
    pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Numeric)]
    quantity: Quantity,
}

/// What was outstanding of each line at the end of a day (WITA): the sum of its movements until then.
pub(in crate::pledges) async fn outstanding_on(
    mut conn: &Conn,
    pledge: &PledgeRow,
    on: NaiveDate,
) -> Result<HashMap<PledgeLineId, Quantity>> {
    let sums: Vec<Outstanding> = diesel::sql_query(
        "select pledge_line_id, greatest(sum(delta), 0) as quantity from (
             select a.owner_id as pledge_line_id, case a.id when t.credit_account_id then t.quantity else -t.quantity end
                 as delta
             from ledger_transfers t
             join ledger_accounts a on a.id in (t.credit_account_id, t.debit_account_id) and a.kind = 'commitment'
             where t.area_id = $1 and t.group_id = $2 and (t.at at time zone 'Asia/Makassar')::date <= $3
         ) as legs group by pledge_line_id",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .bind::<Date, _>(on)
    .load(&mut conn)
    .await?;
    Ok(sums.into_iter().map(|sum| (sum.pledge_line_id, sum.quantity)).collect())
}
