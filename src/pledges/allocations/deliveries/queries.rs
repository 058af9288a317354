//! One statement a function. Each takes the scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{AllocationDeliveryFilter, DeliveryPlace};
use crate::db::{Conn, walk};
use crate::domain::{DeliveryId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::pledges::allocations::model::AllocationDelivery;
use crate::schema::allocation_deliveries;

/// Finds a handover.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryId) -> Result<Option<AllocationDelivery>> {
    let query = AllocationDelivery::query().filter(allocation_deliveries::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(allocation_deliveries::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Handovers that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &AllocationDeliveryFilter) -> allocation_deliveries::BoxedQuery<'a, Pg> {
    let in_scope = allocation_deliveries::area_id.eq_any(&scope.area_ids);
    let mut query = allocation_deliveries::table.filter(in_scope).into_boxed();
    if let Some(allocation_id) = filter.allocation_id {
        query = query.filter(allocation_deliveries::allocation_id.eq(allocation_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(allocation_deliveries::pledge_id.eq(pledge_id));
    }
    if let Some(line_id) = filter.pledge_line_id {
        query = query.filter(allocation_deliveries::pledge_line_id.eq(line_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(allocation_deliveries::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(allocation_deliveries::delivered_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(allocation_deliveries::delivered_on.le(to));
    }
    query
}

/// Counts handovers.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AllocationDeliveryFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists handovers by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AllocationDeliveryFilter,
    (limit, after): (Limit, Option<DeliveryPlace>),
) -> Result<Vec<AllocationDelivery>> {
    let query = filtered(scope, filter).select(AllocationDelivery::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, allocation_deliveries::{area_id, id}).load(&mut conn).await?)
}
