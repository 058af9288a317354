//! Statements over runs, and those that write what one found.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::compute::{FoundPair, Outcome};
use super::model::{RunFilter, RunRow, RunStatus, RunStep};
use crate::beneficiaries::Finding;
use crate::db::{self, Conn, walk};
use crate::domain::{DuplicateRunId, ImportId, Scope, VillageCode};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::duplicate_runs;

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

/// Says that a running run came to nothing.
pub(super) async fn set_failed(mut conn: &Conn, area_id: i32, id: DuplicateRunId, at: DateTime<Utc>) -> Result<()> {
    diesel::update(duplicate_runs::table.find((area_id, id)))
        .filter(duplicate_runs::status.eq(RunStatus::Running))
        .set((
            duplicate_runs::status.eq(RunStatus::Failed),
            duplicate_runs::step.eq(RunStep::Over),
            duplicate_runs::finished_at.eq(at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Makes the table that the pairs of a run stand in until they are merged into the queue.
pub(super) async fn stage(mut conn: &Conn) -> Result<()> {
    diesel::sql_query(
        "create temporary table found_pair (
            one_member_id uuid, other_member_id uuid, one_beneficiary_id uuid, other_beneficiary_id uuid,
            finding text, centibits int, fields jsonb
        ) on commit drop",
    )
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Adds pairs to that table.
pub(super) async fn add(mut conn: &Conn, pairs: &[FoundPair]) -> Result<()> {
    let ids = |of: fn(&FoundPair) -> Uuid| pairs.iter().map(of).collect::<Vec<_>>();
    diesel::sql_query("insert into found_pair select * from unnest($1, $2, $3, $4, $5, $6, $7)")
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.one_member_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.other_member_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.one_beneficiary_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.other_beneficiary_id))
        .bind::<Array<Text>, _>(pairs.iter().map(|pair| pair.finding).collect::<Vec<Finding>>())
        .bind::<Array<Integer>, _>(pairs.iter().map(|pair| pair.centibits).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(pairs.iter().map(|pair| &pair.fields).collect::<Vec<&Value>>())
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What a run writes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basis<'a> {
    pub(super) area_id: i32,
    pub(super) id: DuplicateRunId,
    pub(super) villages: Option<&'a [VillageCode]>,
    pub(super) now: DateTime<Utc>,
}

/// Tells known pairs anew: one that was cleared is open again, what people decided stays as it is.
pub(super) async fn renew(mut conn: &Conn, basis: Basis<'_>) -> Result<usize> {
    let renewed = diesel::sql_query(
        "update duplicate_pairs p set
            finding = f.finding, centibits = f.centibits, fields = f.fields, is_found = true,
            one_beneficiary_id = f.one_beneficiary_id, other_beneficiary_id = f.other_beneficiary_id,
            status = case when p.status = 'cleared' then 'open' else p.status end,
            run_id = $2, version = p.version + 1, updated_at = $3
        from found_pair f
        where p.area_id = $1 and p.one_member_id = f.one_member_id and p.other_member_id = f.other_member_id
            and p.status <> 'merged'
            and (not p.is_found or p.status = 'cleared'
                or (p.finding, p.centibits, p.one_beneficiary_id, p.other_beneficiary_id)
                is distinct from (f.finding, f.centibits, f.one_beneficiary_id, f.other_beneficiary_id))",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .execute(&mut conn)
    .await?;
    Ok(renewed)
}

/// Opens pairs that are new.
pub(super) async fn open(mut conn: &Conn, basis: Basis<'_>) -> Result<usize> {
    let opened = diesel::sql_query(
        "insert into duplicate_pairs (area_id, id, one_member_id, other_member_id, one_beneficiary_id,
            other_beneficiary_id, finding, is_found, centibits, fields, status, run_id, created_at, updated_at)
        select $1, derive_id($2, derive_id(f.one_member_id, f.other_member_id)), f.one_member_id, f.other_member_id,
            f.one_beneficiary_id, f.other_beneficiary_id, f.finding, true, f.centibits, f.fields, 'open', $2, $3, $3
        from found_pair f
        on conflict (area_id, one_member_id, other_member_id) do nothing",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .execute(&mut conn)
    .await?;
    Ok(opened)
}

/// Clears pairs that the run looked at and did not find; what people decided is kept, and told as no longer found.
pub(super) async fn clear(mut conn: &Conn, basis: Basis<'_>) -> Result<usize> {
    let cleared = diesel::sql_query(
        "update duplicate_pairs p set is_found = false, run_id = $2, version = p.version + 1, updated_at = $3,
            status = case when p.status = 'open' then 'cleared' else p.status end
        where p.area_id = $1 and p.is_found and p.status <> 'merged'
            and not exists (select from found_pair f
                where f.one_member_id = p.one_member_id and f.other_member_id = p.other_member_id)
            and ($4 is null or not exists (select from beneficiaries b
                where b.area_id = $1 and b.id in (p.one_beneficiary_id, p.other_beneficiary_id)
                    and b.status = 'live' and b.village_code <> all ($4)))",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .bind::<Nullable<Array<Text>>, _>(basis.villages)
    .execute(&mut conn)
    .await?;
    Ok(cleared)
}

/// Says what came of a run.
pub(super) async fn finish(mut conn: &Conn, basis: Basis<'_>, (outcome, cleared): (&Outcome, usize)) -> Result<()> {
    let count = |finding| {
        let pairs = outcome.pairs.iter().filter(|pair| pair.finding == finding).count();
        i32::try_from(pairs).unwrap_or(i32::MAX)
    };
    diesel::update(duplicate_runs::table.find((basis.area_id, basis.id)))
        .set((
            duplicate_runs::status.eq(RunStatus::Done),
            duplicate_runs::step.eq(RunStep::Over),
            duplicate_runs::members_read.eq(i32::try_from(outcome.members).unwrap_or(i32::MAX)),
            duplicate_runs::comparisons.eq(outcome.comparisons),
            duplicate_runs::pairs_same.eq(count(Finding::Same)),
            duplicate_runs::pairs_look.eq(count(Finding::Look)),
            duplicate_runs::persons_registered_again.eq(outcome.persons),
            duplicate_runs::families_same.eq(outcome.families),
            duplicate_runs::pairs_cleared.eq(i32::try_from(cleared).unwrap_or(i32::MAX)),
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

/// Imports since an instant that took something in and no run has followed, in areas where none is at it.
pub(super) async fn unfollowed(mut conn: &Conn, scope: &Scope, since: DateTime<Utc>) -> Result<Vec<Unfollowed>> {
    let rows = diesel::sql_query(
        "select distinct on (i.area_id) i.area_id, i.id, i.client_id from imports i
        where i.area_id = any ($1) and i.status = 'applied' and i.finished_at > $2
            and i.members_created + i.members_changed + i.families_changed > 0
            and not exists (select from duplicate_runs r where r.area_id = i.area_id
                and (r.import_id = i.id or r.status = 'running' or r.created_at > i.finished_at))
        order by i.area_id, i.finished_at desc",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Timestamptz, _>(since)
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
