//! One statement a function, for a pledge that the caller was found to reach.

use std::collections::HashMap;

use diesel::dsl::count;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{PledgeLineId, Scope};
use crate::error::Result;
use crate::pledges::model::PledgeRow;
use crate::schema::allocation_deliveries as deliveries;

/// Families that got something of each line.
pub(super) async fn families_reached(
    mut conn: &Conn,
    scope: &Scope,
    pledge: &PledgeRow,
) -> Result<HashMap<PledgeLineId, i64>> {
    let counted: Vec<(PledgeLineId, i64)> = deliveries::table
        .filter(deliveries::area_id.eq_any(&scope.area_ids))
        .filter(deliveries::area_id.eq(pledge.area_id))
        .filter(deliveries::pledge_id.eq(pledge.id))
        .group_by(deliveries::pledge_line_id)
        .select((deliveries::pledge_line_id, count(deliveries::beneficiary_id).aggregate_distinct()))
        .load(&mut conn)
        .await?;
    Ok(counted.into_iter().collect())
}
