//! One statement a function, each over all families of a line at once.

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::sql_types::{Array, Date, Integer, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Chosen;
use crate::db::Conn;
use crate::domain::{Quantity, TransferId};
use crate::error::Result;
use crate::pledges::model::PledgeLine;

/// Holds the open needs that a line may serve, in the order of their ids, until the transaction ends.
pub(super) async fn lock_needs(mut conn: &Conn, area_id: i32, line: &PledgeLine) -> Result<()> {
    diesel::sql_query(
        "select 1 from needs n join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
         where n.area_id = $1 and b.area_id = $1 and n.kind = $2 and n.status = 'open' and b.village_code = any ($3)
         order by n.id for no key update of n",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Text, _>(&line.kind)
    .bind::<Array<Text>, _>(&line.village_codes)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Chooses verified live families of the earmark in the order of the policy until the free quantity is used up.
///
/// The last of them may get less than it needs.
pub(super) async fn choose(
    mut conn: &Conn,
    area_id: i32,
    line: &PledgeLine,
    free: &Quantity,
    today: NaiveDate,
) -> Result<Vec<Chosen>> {
    let chosen = diesel::sql_query(
        "with aid as (
             select beneficiary_id, max(delivered_on) as last_on from (
                 select beneficiary_id, delivered_on from pledged_aid_given where area_id = $1 and delivered_on > $6
                     group by beneficiary_id, delivered_on having sum(quantity) > 0
                 union all
                 select beneficiary_id, delivered_on from aid_given where area_id = $1 and delivered_on > $6
                     group by beneficiary_id, delivered_on having sum(quantity) > 0
             ) as given group by beneficiary_id
         ), candidate as (
             select n.id, n.beneficiary_id, b.village_code, n.quantity - n.met_quantity as unmet,
                 row_number() over (order by
                     b.decile nulls last,
                     case when a.last_on is null then 12
                         else extract(year from age($7, a.last_on)) * 12 + extract(month from age($7, a.last_on))
                     end desc,
                     sha256(convert_to($5 || n.id::text, 'UTF8')), n.id
                 ) as place
             from needs n
             join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
             left join aid a on a.beneficiary_id = n.beneficiary_id
             where n.area_id = $1 and b.area_id = $1 and n.kind = $2 and n.status = 'open'
                 and b.status = 'live' and b.verified_at is not null and b.village_code = any ($3)
         ), counted as (
             select *, sum(unmet) over (order by place) as up_to from candidate
         )
         select id as need_id, beneficiary_id, village_code, place::int4 as place,
             least(unmet, $4 - (up_to - unmet)) as quantity
         from counted where up_to - unmet < $4 order by place",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Text, _>(&line.kind)
    .bind::<Array<Text>, _>(&line.village_codes)
    .bind::<Numeric, _>(free)
    .bind::<Text, _>(line.id.to_string())
    .bind::<Date, _>(today - Months::new(12))
    .bind::<Date, _>(today)
    .load(&mut conn)
    .await?;
    Ok(chosen)
}

/// What the allocations of one line and run have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common<'a> {
    pub(super) area_id: i32,
    pub(super) line: &'a PledgeLine,
    pub(super) run_id: Uuid,
    pub(super) transfer_id: TransferId,
    pub(super) client_id: &'a str,
    pub(super) at: DateTime<Utc>,
    pub(super) expires_on: NaiveDate,
}

/// Writes the allocations of a line: one a family. The ids follow from transfer and need.
pub(super) async fn insert(mut conn: &Conn, common: Common<'_>, chosen: &[Chosen]) -> Result<usize> {
    let written = diesel::sql_query(
        "insert into allocations (area_id, id, pledge_id, pledge_line_id, need_id, beneficiary_id, village_code,
             quantity, run_id, rank_in_run, transfer_id, status, created_by, created_at, updated_at, expires_on)
         select $1, derive_id($5, c.need_id), $2, $3, c.need_id, c.beneficiary_id, c.village_code,
             c.quantity, $4, c.place, $5, 'reserved', $6, $7, $7, $13
         from unnest($8, $9, $10, $11, $12) as c (need_id, beneficiary_id, village_code, quantity, place)",
    )
    .bind::<Integer, _>(common.area_id)
    .bind::<SqlUuid, _>(common.line.pledge_id)
    .bind::<SqlUuid, _>(common.line.id)
    .bind::<SqlUuid, _>(common.run_id)
    .bind::<SqlUuid, _>(common.transfer_id)
    .bind::<Text, _>(common.client_id)
    .bind::<Timestamptz, _>(common.at)
    .bind::<Array<SqlUuid>, _>(chosen.iter().map(|one| one.need_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(chosen.iter().map(|one| one.beneficiary_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(chosen.iter().map(|one| one.village_code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(chosen.iter().map(|one| one.quantity.clone()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(chosen.iter().map(|one| one.place).collect::<Vec<_>>())
    .bind::<Date, _>(common.expires_on)
    .execute(&mut conn)
    .await?;
    Ok(written)
}
