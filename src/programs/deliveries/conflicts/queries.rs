//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{ConflictFilter, ConflictStatus, DeliveryConflict, NewConflict};
use crate::db::{Conn, walk};
use crate::domain::{DeliveryId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::delivery_conflicts;

/// Keeps conflicts of a batch.
pub(in crate::programs::deliveries) async fn insert(mut conn: &Conn, conflicts: &[NewConflict]) -> Result<()> {
    diesel::insert_into(delivery_conflicts::table).values(conflicts).execute(&mut conn).await?;
    Ok(())
}

/// Finds a conflict.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryId) -> Result<Option<DeliveryConflict>> {
    let query = DeliveryConflict::query().filter(delivery_conflicts::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(delivery_conflicts::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a conflict and keeps others from settling it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: DeliveryId) -> Result<Option<DeliveryConflict>> {
    let query = DeliveryConflict::query().filter(delivery_conflicts::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(delivery_conflicts::id.eq(id)).for_update().first(&mut conn).await.optional()?)
}

/// Marks a locked conflict settled.
pub(super) async fn settle(
    mut conn: &Conn,
    conflict: &DeliveryConflict,
    (status, by, reason): (ConflictStatus, &str, Option<&str>),
    now: DateTime<Utc>,
) -> Result<DeliveryConflict> {
    let settled = diesel::update(delivery_conflicts::table.find((conflict.area_id, conflict.id)))
        .set((
            delivery_conflicts::status.eq(status),
            delivery_conflicts::settled_by.eq(by),
            delivery_conflicts::settled_at.eq(now),
            delivery_conflicts::settlement_reason.eq(reason),
            delivery_conflicts::version.eq(conflict.version + 1),
            delivery_conflicts::updated_at.eq(now),
        ))
        .returning(DeliveryConflict::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(settled)
}

/// Conflicts that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &ConflictFilter) -> delivery_conflicts::BoxedQuery<'a, Pg> {
    let mut query = delivery_conflicts::table.filter(delivery_conflicts::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(delivery_conflicts::status.eq(status));
    }
    if let Some(device_id) = filter.device_id {
        query = query.filter(delivery_conflicts::device_id.eq(device_id));
    }
    if let Some(batch_id) = filter.delivery_batch_id {
        query = query.filter(delivery_conflicts::delivery_batch_id.eq(batch_id));
    }
    if let Some(entitlement_id) = filter.entitlement_id {
        query = query.filter(delivery_conflicts::entitlement_id.eq(entitlement_id));
    }
    query
}

/// Counts conflicts.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ConflictFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists conflicts by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ConflictFilter,
    (limit, after): (Limit, Option<(i32, DeliveryId)>),
) -> Result<Vec<DeliveryConflict>> {
    let query = filtered(scope, filter).select(DeliveryConflict::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, delivery_conflicts::{area_id, id}).load(&mut conn).await?)
}
