//! Statements over runs.

mod clusters;
mod found;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::compute::Outcome;
use super::model::{RunFilter, RunRow, RunStatus, RunStep};
use crate::beneficiaries::Finding;
use crate::db::{self, Conn, walk};
use crate::domain::{DuplicateRunId, ImportId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::duplicate_runs;

pub(super) use clusters::{count as count_clusters, insert as insert_clusters, list as list_clusters};
pub(super) use found::{Basis, add, clear, open, renew, stage, unfound};

/// Place of a run in the list.
pub(super) type RunPlace = (DateTime<Utc>, DuplicateRunId);

/// Finds a run.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DuplicateRunId) -> Result<Option<RunRow>> {
    let row = RunRow::query()
        .filter(duplicate_runs::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_runs::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// What the fields said to a run, as it was kept; nothing before its end.
pub(super) async fn find_weights(mut conn: &Conn, scope: &Scope, id: DuplicateRunId) -> Result<Option<Value>> {
    let weights: Option<Option<Value>> = duplicate_runs::table
        .filter(duplicate_runs::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_runs::id.eq(id))
        .select(duplicate_runs::weights)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(weights.flatten())
}

/// Runs that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &RunFilter) -> duplicate_runs::BoxedQuery<'a, Pg> {
    let query = duplicate_runs::table.filter(duplicate_runs::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(duplicate_runs::status.eq(status)),
        None => query,
    }
}

/// Counts runs.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RunFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists runs by when they were started, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RunFilter,
    (limit, after): (Limit, Option<RunPlace>),
) -> Result<Vec<RunRow>> {
    let query = filtered(scope, filter).select(RunRow::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, duplicate_runs::{created_at, id}).load(&mut conn).await?)
}

/// Inserts a run.
///
/// # Errors
/// `duplicate_run_in_progress` where one runs in the area.
pub(super) async fn insert(mut conn: &Conn, row: &RunRow) -> Result<()> {
    let inserted = diesel::insert_into(duplicate_runs::table).values(row).execute(&mut conn).await;
    inserted.on_conflict(Code::DuplicateRunInProgress)?;
    Ok(())
}

/// Says what a run does.
pub(super) async fn set_step(
    mut conn: &Conn,
    (area_id, id): (i32, DuplicateRunId),
    step: RunStep,
    members_read: i32,
) -> Result<()> {
    diesel::update(duplicate_runs::table.find((area_id, id)))
        .filter(duplicate_runs::status.eq(RunStatus::Running))
        .set((duplicate_runs::step.eq(step), duplicate_runs::members_read.eq(members_read)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Says that a running run came to nothing, and answers it; nothing where it runs no longer.
pub(super) async fn set_failed(
    mut conn: &Conn,
    (area_id, id): (i32, DuplicateRunId),
    at: DateTime<Utc>,
) -> Result<Option<RunRow>> {
    let failed = diesel::update(duplicate_runs::table.find((area_id, id)))
        .filter(duplicate_runs::status.eq(RunStatus::Running))
        .set((
            duplicate_runs::status.eq(RunStatus::Failed),
            duplicate_runs::step.eq(RunStep::Over),
            duplicate_runs::finished_at.eq(at),
        ))
        .returning(RunRow::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    Ok(failed)
}

/// Says what came of a run.
pub(super) async fn finish(mut conn: &Conn, basis: Basis, (outcome, cleared): (&Outcome, usize)) -> Result<()> {
    let count = |finding| {
        let pairs = outcome.pairs.iter().filter(|pair| pair.finding == finding).count();
        i32::try_from(pairs).unwrap_or(i32::MAX)
    };
    diesel::update(duplicate_runs::table.find((basis.area_id, basis.id)))
        .set((
            duplicate_runs::status.eq(RunStatus::Done),
            duplicate_runs::step.eq(RunStep::Over),
            duplicate_runs::members_read.eq(i32::try_from(outcome.members.len()).unwrap_or(i32::MAX)),
            duplicate_runs::comparisons.eq(outcome.comparisons),
            duplicate_runs::pairs_same.eq(count(Finding::Same)),
            duplicate_runs::pairs_look.eq(count(Finding::Look)),
            duplicate_runs::persons_registered_again.eq(i32::try_from(outcome.clusters.len()).unwrap_or(i32::MAX)),
            duplicate_runs::families_same.eq(outcome.families),
            duplicate_runs::pairs_cleared.eq(i32::try_from(cleared).unwrap_or(i32::MAX)),
            duplicate_runs::pairs_left_out.eq(i32::try_from(outcome.left_out.len()).unwrap_or(i32::MAX)),
            duplicate_runs::is_learnt.eq(outcome.is_learnt),
            duplicate_runs::skipped.eq(serde_json::json!(outcome.skipped)),
            duplicate_runs::weights.eq(&outcome.weights),
            duplicate_runs::finished_at.eq(basis.now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Runs that are said to be at it.
pub(super) async fn running(mut conn: &Conn, scope: &Scope) -> Result<Vec<(i32, DuplicateRunId)>> {
    let rows = duplicate_runs::table
        .filter(duplicate_runs::area_id.eq_any(&scope.area_ids))
        .filter(duplicate_runs::status.eq(RunStatus::Running))
        .select((duplicate_runs::area_id, duplicate_runs::id))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// An import that no run has followed.
#[derive(Debug, QueryableByName)]
pub(super) struct Unfollowed {
    #[diesel(sql_type = Integer)]
    pub(super) area_id: i32,
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: ImportId,
    #[diesel(sql_type = Text)]
    pub(super) client_id: String,
}

/// How often a run that follows imports is begun again where it came to nothing.
const MOST_FAILED: i64 = 3;

/// Imports since an instant that took something in and no run has followed, in areas where none is at it.
///
/// Whom a file brings may be registered in any village, so that only a run over all of them has followed it; and only one
/// that ended well. One that failed is begun again, a few times.
pub(super) async fn unfollowed(mut conn: &Conn, scope: &Scope, since: DateTime<Utc>) -> Result<Vec<Unfollowed>> {
    let rows = diesel::sql_query(
        "select distinct on (i.area_id) i.area_id, i.id, i.client_id from imports i
        where i.area_id = any ($1) and i.status = 'applied' and i.finished_at > $2
            and i.members_created + i.members_changed + i.families_changed > 0
            and not exists (select from duplicate_runs r where r.area_id = i.area_id and (r.status = 'running'
                or r.status = 'done' and r.village_codes is null
                and (r.import_id = i.id or r.created_at > i.finished_at)))
            and (select count(*) from duplicate_runs r where r.area_id = i.area_id and r.status = 'failed'
                and r.import_id is not null and r.created_at > i.finished_at) < $3
        order by i.area_id, i.finished_at desc",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(MOST_FAILED)
    .load(&mut conn)
    .await?;
    Ok(rows)
}

/// The lock that the session of a run holds for as long as it lives.
pub(super) fn lock_of(id: DuplicateRunId) -> i64 {
    i64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes())
}

/// True where nobody is at a run any more.
pub(super) async fn is_abandoned(conn: &Conn, id: DuplicateRunId) -> Result<bool> {
    db::try_lock(conn, lock_of(id)).await
}
