//! One statement a function, each over all families of a line at once.

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Chosen;
use crate::db::Conn;
use crate::domain::{Quantity, TransferId};
use crate::error::Result;
use crate::pledges::caps::{self, LAST_AID, MONTHS_SINCE_AID, Round, WENT_ON};
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

/// What families may have of the round of aid in force; where none is, as much as they lack.
fn limited(round: Option<&Round>) -> (String, &'static str, &'static str) {
    match round {
        Some(_) => (
            caps::aided(),
            "least(n.quantity - n.met_quantity, greatest($12 - coalesce(h.portions, 0), 0) * o.quantity)",
            "join portion o on o.kind = n.kind left join aided h on h.beneficiary_id = n.beneficiary_id",
        ),
        None => (format!("with recursive {WENT_ON}"), "n.quantity - n.met_quantity", ""),
    }
}

/// Chooses verified live families of the earmark in the order of the policy until the free quantity is used up; none
/// gets more than the cap of the round of aid lets it have.
///
/// The last of them may get less than it needs.
pub(super) async fn choose(
    mut conn: &Conn,
    (area_id, round): (i32, Option<&Round>),
    (line, free): (&PledgeLine, &Quantity),
    today: NaiveDate,
) -> Result<Vec<Chosen>> {
    let (parts, unmet, had) = limited(round);
    let statement = format!(
        "{parts}, {LAST_AID}, candidate as (
             select n.id, n.beneficiary_id, b.village_code, {unmet} as unmet,
                 row_number() over (order by
                     b.decile nulls last, {MONTHS_SINCE_AID} desc,
                     sha256(convert_to($11 || n.id::text, 'UTF8')), n.id
                 ) as place
             from needs n
             join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
             left join last_aid l on l.beneficiary_id = n.beneficiary_id
             {had}
             where n.area_id = $1 and b.area_id = $1 and n.kind = $8 and n.status = 'open'
                 and b.status = 'live' and b.verified_at is not null and b.village_code = any ($9)
         ), counted as (
             select *, sum(unmet) over (order by place) as up_to from candidate
         )
         select id as need_id, beneficiary_id, village_code, place::int4 as place,
             least(unmet, $10 - (up_to - unmet)) as quantity
         from counted where unmet > 0 and up_to - unmet < $10 order by place"
    );
    let chosen = diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<Array<Text>, _>(round.map(|round| round.kinds.as_slice()).unwrap_or_default())
        .bind::<Array<Numeric>, _>(round.map(|round| round.portions.as_slice()).unwrap_or_default())
        .bind::<Date, _>(round.map_or(today, |round| round.started_on))
        .bind::<Nullable<Array<SqlUuid>>, _>(round.and_then(|round| round.program_ids.as_ref()))
        .bind::<Date, _>(today - Months::new(12))
        .bind::<Date, _>(today)
        .bind::<Text, _>(&line.kind)
        .bind::<Array<Text>, _>(&line.village_codes)
        .bind::<Numeric, _>(free)
        .bind::<Text, _>(line.id.to_string())
        .bind::<Integer, _>(round.and_then(|round| i32::try_from(round.cap).ok()).unwrap_or(i32::MAX))
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
