//! One statement a function, for a pledge that the caller was found to reach.

use std::collections::HashMap;

use diesel::dsl::count;
use diesel::prelude::*;
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
