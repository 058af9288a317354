//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Int4, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{AllocationReturn, AllocationReturnFilter, Handed};
use crate::db::{Conn, walk};
use crate::domain::{AllocationReturnId, DeliveryId, Quantity, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::pledges::allocations::model::Allocation;
use crate::schema::allocation_returns;

/// Handovers of an allocation, the earliest first, with what came back of each; exact once the allocation is locked.
pub(super) async fn handovers(mut conn: &Conn, allocation: &Allocation) -> Result<Vec<Handed>> {
    let handed = diesel::sql_query(
        "select d.id, d.quantity, d.delivered_on, d.recorded_by, (
             select coalesce(sum(r.quantity), 0) from allocation_returns r
             where r.area_id = d.area_id and r.allocation_delivery_id = d.id
         ) as returned
         from allocation_deliveries d where d.area_id = $1 and d.allocation_id = $2 order by d.id",
    );
    let handed = handed.bind::<Int4, _>(allocation.area_id).bind::<SqlUuid, _>(allocation.id);
    Ok(handed.load(&mut conn).await?)
}

/// Pieces of equipment that came by a handover and are with a family: how many, and the custody of one.
#[derive(Debug, QueryableByName)]
pub(super) struct Custodies {
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub(super) pieces: Quantity,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) custody_id: Option<Uuid>,
}

/// Finds them and holds all pieces of the handover until the transaction ends, so that none is handed over meanwhile.
pub(super) async fn custodies(mut conn: &Conn, area_id: i32, id: DeliveryId) -> Result<Custodies> {
    let held = diesel::sql_query(
        "with piece as (
             select custody_id from assets where area_id = $1 and allocation_delivery_id = $2 order by id for share
         )
         select count(custody_id)::numeric as pieces, (array_agg(custody_id) filter (where custody_id is not null))[1]
             as custody_id
         from piece",
    );
    Ok(held.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id).get_result(&mut conn).await?)
}

/// Adds a return.
pub(super) async fn insert(mut conn: &Conn, came_back: &AllocationReturn) -> Result<()> {
    diesel::insert_into(allocation_returns::table).values(came_back).execute(&mut conn).await?;
    Ok(())
}

/// Finds a return.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AllocationReturnId) -> Result<Option<AllocationReturn>> {
    let query = AllocationReturn::query().filter(allocation_returns::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(allocation_returns::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Returns that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a AllocationReturnFilter) -> allocation_returns::BoxedQuery<'a, Pg> {
    let mut query = allocation_returns::table.filter(allocation_returns::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(allocation_id) = filter.allocation_id {
        query = query.filter(allocation_returns::allocation_id.eq(allocation_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(allocation_returns::pledge_id.eq(pledge_id));
    }
    if let Some(line_id) = filter.pledge_line_id {
        query = query.filter(allocation_returns::pledge_line_id.eq(line_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(allocation_returns::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(allocation_returns::reason.eq(reason));
    }
    if let Some(is_usable) = filter.is_usable {
        query = query.filter(allocation_returns::is_usable.eq(is_usable));
    }
    query
}

/// Counts returns.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AllocationReturnFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists returns by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AllocationReturnFilter,
    (limit, after): (Limit, Option<(i32, AllocationReturnId)>),
) -> Result<Vec<AllocationReturn>> {
    let query = filtered(scope, filter).select(AllocationReturn::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, allocation_returns::{area_id, id}).load(&mut conn).await?)
}
