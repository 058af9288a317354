//! One statement a function. Each takes the scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{OmissionFilter, OmissionRow};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, CycleId, Scope};
use crate::error::Result;
use crate::http::{ByFamily, Limit};
use crate::schema::{cycle_omissions, cycles};

/// True where the caller sees a cycle of that id.
pub(super) async fn has_cycle(mut conn: &Conn, scope: &Scope, id: CycleId) -> Result<bool> {
    let cycle = cycles::table.filter(cycles::area_id.eq_any(&scope.area_ids)).filter(cycles::id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(cycle)).get_result(&mut conn).await?)
}

/// Omissions of a cycle that a filter leaves.
fn filtered<'a>(scope: &'a Scope, id: CycleId, filter: &'a OmissionFilter) -> cycle_omissions::BoxedQuery<'a, Pg> {
    let of_area = cycle_omissions::table.filter(cycle_omissions::area_id.eq_any(&scope.area_ids));
    let mut query = of_area.filter(cycle_omissions::cycle_id.eq(id)).into_boxed();
    if let Some(reason) = filter.reason {
        query = query.filter(cycle_omissions::reason.eq(reason));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(cycle_omissions::village_code.eq(village_code));
    }
    query
}

/// Counts omissions of a cycle.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, id: CycleId, filter: &OmissionFilter) -> Result<i64> {
    Ok(filtered(scope, id, filter).count().get_result(&mut conn).await?)
}

/// Lists omissions of a cycle by family, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: CycleId,
    filter: &OmissionFilter,
    (limit, after): (Limit, Option<BeneficiaryId>),
) -> Result<Vec<OmissionRow>> {
    let query = filtered(scope, id, filter).select(OmissionRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByFamily::Down);
    Ok(walk!(query, is_down, after, cycle_omissions::{beneficiary_id}).load(&mut conn).await?)
}
