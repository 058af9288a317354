//! One statement a function, for a pledge that the caller was found to reach.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::count;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{PledgeLineId, Scope};
use crate::error::Result;
use crate::pledges::model::PledgeRow;
use crate::schema::allocations;

/// Families that got something of each line and have some of it.
pub(super) async fn families_reached(
    mut conn: &Conn,
    scope: &Scope,
    pledge: &PledgeRow,
) -> Result<HashMap<PledgeLineId, i64>> {
    let counted: Vec<(PledgeLineId, i64)> = allocations::table
        .filter(allocations::area_id.eq_any(&scope.area_ids))
        .filter(allocations::area_id.eq(pledge.area_id))
        .filter(allocations::pledge_id.eq(pledge.id))
        .filter(allocations::delivered_quantity.gt(allocations::returned_quantity))
        .group_by(allocations::pledge_line_id)
        .select((allocations::pledge_line_id, count(allocations::beneficiary_id).aggregate_distinct()))
        .load(&mut conn)
        .await?;
    Ok(counted.into_iter().collect())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = SqlUuid)]
    pledge_line_id: PledgeLineId,
    #[diesel(sql_type = BigInt)]
    families: i64,
}

/// Families that had got something of each line by an instant, and had some of it then.
pub(super) async fn families_reached_by(
    mut conn: &Conn,
    scope: &Scope,
    pledge: &PledgeRow,
    at: DateTime<Utc>,
) -> Result<HashMap<PledgeLineId, i64>> {
    let counted: Vec<Counted> = diesel::sql_query(
        "select pledge_line_id, count(*) as families from (
             select pledge_line_id, beneficiary_id from pledged_aid_given
             where area_id = any ($1) and area_id = $2 and pledge_id = $3 and created_at <= $4
             group by pledge_line_id, beneficiary_id having sum(quantity) > 0
         ) as kept group by pledge_line_id",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .bind::<Timestamptz, _>(at)
    .load(&mut conn)
    .await?;
    Ok(counted.into_iter().map(|one| (one.pledge_line_id, one.families)).collect())
}
