//! Moves events from the outbox into the feed.

use std::time::Duration;

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use crate::db::{self, Db};
use crate::domain::Scope;
use crate::error::Result;

/// Pause while there is nothing to move.
const PAUSE: Duration = Duration::from_millis(50);
/// Events moved in one transaction.
const BATCH: i64 = 1_000;
/// Lock that one relay of all processes holds at a time.
const LOCK: i64 = 7_460_001;

/// Moves events for as long as the service runs.
pub async fn relay(db: Db) {
    loop {
        match move_batch(&db).await {
            Ok(0) => tokio::time::sleep(PAUSE).await,
            Ok(_) => {}
            Err(error) => {
                log::warn!("events could not be moved into the feed: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Moves a batch; answers how many were moved.
async fn move_batch(db: &Db) -> Result<usize> {
    let nowhere = Scope { area_ids: Vec::new(), company_id: None };
    db.transaction(&nowhere, async |conn| {
        let lock = diesel::sql_query("select pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK);
        db::kept(lock).execute(conn).await?;
        let moved = diesel::sql_query(
            "with taken as (
                 delete from outbox where id in (select id from outbox order by id limit $1) returning *
             ), place as (
                 select coalesce(max(position), 0) as last from events
             )
             insert into events (position, at, id, kind, area_id, company_id, subject, subject_id, data)
             select place.last + row_number() over (order by taken.id),
                 taken.at, taken.id, taken.kind, taken.area_id, taken.company_id,
                 taken.subject, taken.subject_id, taken.data
             from taken, place",
        )
        .bind::<BigInt, _>(BATCH)
        .execute(conn)
        .await?;
        Ok(moved)
    })
    .await
}
