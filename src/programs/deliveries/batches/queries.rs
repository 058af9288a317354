//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Int4, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{BatchFilter, BatchItem, DeliveryBatch, ItemOutcome};
use super::rules::Brought;
use crate::db::{Conn, walk};
use crate::domain::{DeliveryBatchId, DeliveryId, Digest, EntitlementId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{deliveries, delivery_batch_items, delivery_batches};

/// Finds a batch.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryBatchId) -> Result<Option<DeliveryBatch>> {
    let query = DeliveryBatch::query().filter(delivery_batches::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(delivery_batches::id.eq(id)).first(&mut conn).await.optional()?)
}

/// What became of each delivery of a batch, in its order.
pub(super) async fn items(mut conn: &Conn, batch: &DeliveryBatch) -> Result<Vec<BatchItem>> {
    let query = BatchItem::query()
        .filter(delivery_batch_items::area_id.eq(batch.area_id))
        .filter(delivery_batch_items::delivery_batch_id.eq(batch.id))
        .order(delivery_batch_items::item_number);
    Ok(query.load(&mut conn).await?)
}

/// Which of some ids stand for something already.
pub(super) async fn brought(mut conn: &Conn, area_id: i32, ids: &[DeliveryId]) -> Result<Brought> {
    let recorded = deliveries::table.filter(deliveries::area_id.eq(area_id)).filter(deliveries::id.eq_any(ids));
    let recorded: Vec<DeliveryId> = recorded.select(deliveries::id).load(&mut conn).await?;
    let items = delivery_batch_items::table
        .filter(delivery_batch_items::area_id.eq(area_id))
        .filter(delivery_batch_items::id.eq_any(ids))
        .filter(delivery_batch_items::outcome.ne(ItemOutcome::Refused))
        .filter(delivery_batch_items::is_repeated.eq(false))
        .select((delivery_batch_items::id, delivery_batch_items::content_digest, delivery_batch_items::outcome));
    let items: Vec<(DeliveryId, Digest, ItemOutcome)> = items.load(&mut conn).await?;
    let mut brought: Brought = recorded.into_iter().map(|id| (id, None)).collect();
    brought.extend(items.into_iter().map(|(id, digest, outcome)| (id, Some((digest, outcome)))));
    Ok(brought)
}

/// Sets a mark that what follows can be taken back to.
pub(super) async fn set_mark(mut conn: &Conn) -> Result<()> {
    diesel::sql_query("savepoint delivery").execute(&mut conn).await?;
    Ok(())
}

/// Takes back what was written since the mark.
pub(super) async fn return_to_mark(mut conn: &Conn) -> Result<()> {
    diesel::sql_query("rollback to savepoint delivery").execute(&mut conn).await?;
    clear_mark(conn).await
}

/// Clears the mark; what was written since stays.
pub(super) async fn clear_mark(mut conn: &Conn) -> Result<()> {
    diesel::sql_query("release savepoint delivery").execute(&mut conn).await?;
    Ok(())
}

/// Shares the cycles of what is due, then locks that, in the order of their ids, so that two batches never wait for each
/// other in a ring.
pub(super) async fn lock_due(mut conn: &Conn, area_id: i32, ids: &[EntitlementId]) -> Result<()> {
    let cycles = "select from cycles where area_id = $1 and id in (
            select cycle_id from entitlements where area_id = $1 and id = any ($2)
        ) order by id for share";
    let due = "select from entitlements where area_id = $1 and id = any ($2) order by id for update";
    for statement in [cycles, due] {
        let query = diesel::sql_query(statement).bind::<Int4, _>(area_id).bind::<Array<SqlUuid>, _>(ids);
        query.execute(&mut conn).await?;
    }
    Ok(())
}

/// Adds a batch; the constraints let an id and a number of a device be used once.
pub(super) async fn insert(mut conn: &Conn, batch: &DeliveryBatch) -> Result<()> {
    let insert = diesel::insert_into(delivery_batches::table).values(batch).execute(&mut conn).await;
    insert.on_conflict(Code::BatchSequenceTaken)?;
    Ok(())
}

/// Adds what became of each delivery; the constraint lets an id of a delivery be brought once.
pub(super) async fn insert_items(mut conn: &Conn, items: &[BatchItem]) -> Result<()> {
    let insert = diesel::insert_into(delivery_batch_items::table).values(items).execute(&mut conn).await;
    insert.on_conflict(Code::BatchDiffers)?;
    Ok(())
}

/// Batches that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &BatchFilter) -> delivery_batches::BoxedQuery<'a, Pg> {
    let query = delivery_batches::table.filter(delivery_batches::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.device_id {
        Some(device_id) => query.filter(delivery_batches::device_id.eq(device_id)),
        None => query,
    }
}

/// Counts batches.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &BatchFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists batches by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BatchFilter,
    (limit, after): (Limit, Option<(i32, DeliveryBatchId)>),
) -> Result<Vec<DeliveryBatch>> {
    let query = filtered(scope, filter).select(DeliveryBatch::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, delivery_batches::{area_id, id}).load(&mut conn).await?)
}
