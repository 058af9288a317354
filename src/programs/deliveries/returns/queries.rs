//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::dsl::sum;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{DeliveryReturn, ReturnFilter};
use crate::db::{Conn, walk};
use crate::domain::{DeliveryReturnId, Quantity, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::programs::deliveries::Delivery;
use crate::schema::delivery_returns;

/// What came back of a delivery until now; exact once what is due is locked.
pub(super) async fn returned(mut conn: &Conn, delivery: &Delivery) -> Result<Quantity> {
    let of_it = delivery_returns::table
        .filter(delivery_returns::area_id.eq(delivery.area_id))
        .filter(delivery_returns::delivery_id.eq(delivery.id));
    let total: Option<Quantity> = of_it.select(sum(delivery_returns::quantity)).first(&mut conn).await?;
    Ok(total.unwrap_or_else(Quantity::zero))
}

/// Adds a return.
pub(super) async fn insert(mut conn: &Conn, came_back: &DeliveryReturn) -> Result<()> {
    diesel::insert_into(delivery_returns::table).values(came_back).execute(&mut conn).await?;
    Ok(())
}

/// Finds a return.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryReturnId) -> Result<Option<DeliveryReturn>> {
    let query = DeliveryReturn::query().filter(delivery_returns::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(delivery_returns::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Returns that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a ReturnFilter) -> delivery_returns::BoxedQuery<'a, Pg> {
    let mut query = delivery_returns::table.filter(delivery_returns::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(cycle_id) = filter.cycle_id {
        query = query.filter(delivery_returns::cycle_id.eq(cycle_id));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(delivery_returns::program_id.eq(program_id));
    }
    if let Some(delivery_id) = filter.delivery_id {
        query = query.filter(delivery_returns::delivery_id.eq(delivery_id));
    }
    if let Some(entitlement_id) = filter.entitlement_id {
        query = query.filter(delivery_returns::entitlement_id.eq(entitlement_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(delivery_returns::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(delivery_returns::reason.eq(reason));
    }
    if let Some(is_due_again) = filter.is_due_again {
        query = query.filter(delivery_returns::is_due_again.eq(is_due_again));
    }
    query
}

/// Counts returns.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ReturnFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists returns by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ReturnFilter,
    (limit, after): (Limit, Option<(i32, DeliveryReturnId)>),
) -> Result<Vec<DeliveryReturn>> {
    let query = filtered(scope, filter).select(DeliveryReturn::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, delivery_returns::{area_id, id}).load(&mut conn).await?)
}
