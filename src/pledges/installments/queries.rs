//! One statement a function, for a pledge that the caller was found to reach.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Jsonb, Numeric, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rules;
use crate::db::Conn;
use crate::domain::{Document, PledgeId, PledgeLineId, Quantity};
use crate::error::Result;
use crate::pledges::model::{Installment, PledgeLine, PledgeRow};

#[derive(QueryableByName)]
struct Outstanding {
    #[diesel(sql_type = SqlUuid)]
    pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Numeric)]
    quantity: Quantity,
}

/// What was outstanding of each line at the end of a day (WITA): the sum of its movements until then.
///
/// What was received counts from the day it was received, however late that was recorded; a receipt that was taken back
/// counts on no day.
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
             left join receipts r on r.pledge_id = $2 and r.transfer_id in (t.id, t.corrects_id)
             where t.area_id = $1 and t.group_id = $2
                 and coalesce(r.received_on, (t.at at time zone 'Asia/Makassar')::date) <= $3
         ) as legs group by pledge_line_id",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .bind::<Date, _>(on)
    .load(&mut conn)
    .await?;
    Ok(sums.into_iter().map(|sum| (sum.pledge_line_id, sum.quantity)).collect())
}

/// What was promised of a line, and by when, at a time.
#[derive(QueryableByName)]
pub(super) struct Plan {
    #[diesel(sql_type = SqlUuid)]
    pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = Jsonb)]
    pub(super) installments: Document<Vec<Installment>>,
}

/// What was promised at the end of a day (WITA) of the lines that have changed since.
pub(super) async fn plans_on(
    mut conn: &Conn,
    pledge_id: PledgeId,
    on: NaiveDate,
) -> Result<HashMap<PledgeLineId, Plan>> {
    let plans: Vec<Plan> = diesel::sql_query(
        "select distinct on (p.pledge_line_id) p.pledge_line_id, p.quantity, p.installments
         from pledge_line_plans p join pledge_lines l on l.id = p.pledge_line_id
         where l.pledge_id = $1 and (p.ended_at at time zone 'Asia/Makassar')::date > $2
         order by p.pledge_line_id, p.ended_at",
    )
    .bind::<SqlUuid, _>(pledge_id)
    .bind::<Date, _>(on)
    .load(&mut conn)
    .await?;
    Ok(plans.into_iter().map(|plan| (plan.pledge_line_id, plan)).collect())
}

/// The lines of a pledge as they were promised at an instant: none before it was accepted, and none that came later.
pub(in crate::pledges) async fn as_promised(
    mut conn: &Conn,
    pledge: &PledgeRow,
    lines: Vec<PledgeLine>,
    at: DateTime<Utc>,
) -> Result<Vec<PledgeLine>> {
    if pledge.accepted_at.is_none_or(|accepted_at| accepted_at > at) {
        return Ok(Vec::new());
    }
    let plans: Vec<Plan> = diesel::sql_query(
        "select distinct on (p.pledge_line_id) p.pledge_line_id, p.quantity, p.installments
         from pledge_line_plans p join pledge_lines l on l.id = p.pledge_line_id
         where l.pledge_id = $1 and p.ended_at > $2
         order by p.pledge_line_id, p.ended_at",
    )
    .bind::<SqlUuid, _>(pledge.id)
    .bind::<Timestamptz, _>(at)
    .load(&mut conn)
    .await?;
    let mut plans: HashMap<_, _> = plans.into_iter().map(|plan| (plan.pledge_line_id, plan)).collect();
    let planned = lines.into_iter().filter_map(|line| {
        let plan = plans.remove(&line.id);
        rules::as_planned(line, plan.map(|plan| (plan.quantity, plan.installments)))
    });
    Ok(planned.collect())
}
