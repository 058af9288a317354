//! One statement a function, each over all lines or families of a run at once.

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{
    FreeLine, MatchingFamilyFilter, MatchingLineFilter, MatchingPolicy, MatchingRun, MatchingRunFamily,
    MatchingRunFilter, MatchingRunLine, MatchingStatus, OpenNeed,
};
use super::rules::{Looked, Planned};
use crate::db::{Conn, walk};
use crate::domain::{
    AllocationId, BeneficiaryId, Document, MatchingRunId, PledgeId, PledgeLineId, ProgramId, Scope, VillageCode,
};
use crate::error::{Code, Result};
use crate::http::{ByCreation, ByFamily, ByPledgeLine, Limit};
use crate::pledges::caps::{self, LAST_AID, MONTHS_SINCE_AID, Round};
use crate::schema::{beneficiaries, matching_run_families, matching_run_lines, matching_runs, programs};

/// Rows that one statement writes at most: each has fourteen values, and a statement takes 65,535.
const ROWS: usize = 4_000;

/// Lets one run of an area after the other take needs and balances, whatever their order.
pub(in crate::pledges) async fn take_turn(mut conn: &Conn, area_id: i32) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtextextended('matching runs of ' || $1, 0))")
        .bind::<Text, _>(area_id.to_string())
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lets others reserve by hand at the same time, and no run.
pub(in crate::pledges) async fn share_turn(mut conn: &Conn, area_id: i32) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock_shared(hashtextextended('matching runs of ' || $1, 0))")
        .bind::<Text, _>(area_id.to_string())
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lines of committed pledges of the area and of some kinds, by id, with what is free of each: more than nothing.
pub(super) async fn free_lines(mut conn: &Conn, area_id: i32, kinds: &[&str]) -> Result<Vec<FreeLine>> {
    let lines = diesel::sql_query(
        "select l.id, l.pledge_id, p.company_id, l.kind, l.unit, l.village_codes, b.posted as free
         from pledge_lines l
         join pledges p on p.id = l.pledge_id
         join ledger_accounts a on a.owner_id = l.id and a.kind = 'stock' and a.area_id = $1
         join ledger_balances b on b.account_id = a.id
         where p.area_id = $1 and p.status in ('committed', 'closing') and l.kind = any ($2) and b.posted > 0
         order by l.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<Text>, _>(kinds)
    .load(&mut conn)
    .await?;
    Ok(lines)
}

/// Open needs of live families of the area and of some kinds, by id, with what decides their place.
pub(super) async fn open_needs(
    mut conn: &Conn,
    area_id: i32,
    round: &Round,
    today: NaiveDate,
) -> Result<Vec<OpenNeed>> {
    let statement = format!(
        "{}, {LAST_AID}
         select n.id, n.beneficiary_id, b.village_code, n.kind, n.quantity - n.met_quantity as unmet,
             b.decile::int4 as decile, ({MONTHS_SINCE_AID})::int4 as months_since_aid,
             coalesce(h.portions, 0) as aided, h.aids, b.verified_at is not null as is_verified, n.version
         from needs n
         join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
         left join last_aid l on l.beneficiary_id = n.beneficiary_id
         left join aided h on h.beneficiary_id = n.beneficiary_id
         where n.area_id = $1 and b.area_id = $1 and n.kind = any ($2) and n.status = 'open' and b.status = 'live'
         order by n.id",
        caps::aided()
    );
    let needs = diesel::sql_query(statement)
        .bind::<Integer, _>(area_id)
        .bind::<Array<Text>, _>(&round.kinds)
        .bind::<Array<Numeric>, _>(&round.portions)
        .bind::<Date, _>(round.started_on)
        .bind::<Nullable<Array<SqlUuid>>, _>(round.program_ids.as_ref())
        .bind::<Date, _>(today - Months::new(12))
        .bind::<Date, _>(today)
        .load(&mut conn)
        .await?;
    Ok(needs)
}

/// Of some programs, those that there are.
pub(super) async fn programs(mut conn: &Conn, ids: &[ProgramId]) -> Result<Vec<ProgramId>> {
    Ok(programs::table.filter(programs::id.eq_any(ids)).select(programs::id).load(&mut conn).await?)
}

/// The round of aid that the area's last committed run began, unless it is a year old.
pub(in crate::pledges) async fn round_in_force(
    mut conn: &Conn,
    area_id: i32,
    today: NaiveDate,
) -> Result<Option<Round>> {
    let last = matching_runs::table
        .filter(matching_runs::area_id.eq(area_id))
        .filter(matching_runs::status.eq(MatchingStatus::Committed))
        .order((matching_runs::committed_at.desc(), matching_runs::id.desc()))
        .select(matching_runs::policy);
    let policy: Option<Document<MatchingPolicy>> = last.first(&mut conn).await.optional()?;
    let round = policy.map(|policy| policy.0.round());
    Ok(round.filter(|round| round.started_on > today - Months::new(12)))
}

/// Removes the oldest preview of some areas that nobody committed, with what it told; answers whether there was one.
pub(super) async fn remove_preview(mut conn: &Conn, scope: &Scope, before: DateTime<Utc>) -> Result<usize> {
    let removed = diesel::sql_query(
        "with old as (
             select area_id, id from matching_runs
             where area_id = any ($1) and status = 'previewed' and created_at < $2
             order by id limit 1 for update skip locked
         ), families as (
             delete from matching_run_families f using old where f.area_id = old.area_id and f.run_id = old.id
         ), lines as (
             delete from matching_run_lines l using old where l.run_id = old.id
         )
         delete from matching_runs r using old where r.area_id = old.area_id and r.id = old.id",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Timestamptz, _>(before)
    .execute(&mut conn)
    .await?;
    Ok(removed)
}

/// Keeps the committed pledges of an area in their state until the transaction ends, together with others who do so.
pub(super) async fn share_pledges(mut conn: &Conn, area_id: i32) -> Result<()> {
    diesel::sql_query(
        "select 1 from pledges where area_id = $1 and status in ('committed', 'closing') order by id for share",
    )
    .bind::<Integer, _>(area_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Writes a run.
pub(super) async fn insert(mut conn: &Conn, run: &MatchingRun, transcript: &str) -> Result<()> {
    diesel::insert_into(matching_runs::table)
        .values((
            matching_runs::area_id.eq(run.area_id),
            matching_runs::id.eq(run.id),
            matching_runs::status.eq(run.status),
            matching_runs::policy.eq(&run.policy),
            matching_runs::input_digest.eq(run.input_digest),
            matching_runs::line_count.eq(run.line_count),
            matching_runs::family_count.eq(run.family_count),
            matching_runs::served_family_count.eq(run.served_family_count),
            matching_runs::portion_count.eq(run.portion_count),
            matching_runs::transcript.eq(transcript),
            matching_runs::created_by.eq(&run.created_by),
            matching_runs::created_at.eq(run.created_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Writes what a run does with lines and families.
pub(super) async fn insert_parts(
    mut conn: &Conn,
    lines: &[MatchingRunLine],
    families: &[MatchingRunFamily],
) -> Result<()> {
    for some in lines.chunks(ROWS) {
        diesel::insert_into(matching_run_lines::table).values(some).execute(&mut conn).await?;
    }
    for some in families.chunks(ROWS) {
        diesel::insert_into(matching_run_families::table).values(some).execute(&mut conn).await?;
    }
    Ok(())
}

/// Finds a run.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: MatchingRunId) -> Result<Option<MatchingRun>> {
    let run =
        MatchingRun::query().filter(matching_runs::area_id.eq_any(&scope.area_ids)).filter(matching_runs::id.eq(id));
    Ok(run.first(&mut conn).await.optional()?)
}

/// Finds a run and holds it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: MatchingRunId) -> Result<Option<MatchingRun>> {
    let run = MatchingRun::query()
        .filter(matching_runs::area_id.eq_any(&scope.area_ids))
        .filter(matching_runs::id.eq(id))
        .for_no_key_update();
    Ok(run.first(&mut conn).await.optional()?)
}

/// Notes that a locked run is committed.
pub(super) async fn commit(
    mut conn: &Conn,
    run: &MatchingRun,
    client_id: &str,
    at: DateTime<Utc>,
) -> Result<MatchingRun> {
    let committed = diesel::update(matching_runs::table.find((run.area_id, run.id)))
        .set((
            matching_runs::status.eq(MatchingStatus::Committed),
            matching_runs::committed_by.eq(client_id),
            matching_runs::committed_at.eq(at),
        ))
        .returning(MatchingRun::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(committed)
}

/// Writes the allocations of a run: one a line and need. They are written family by family, as their needs are found
/// again for the key, and with ids in that order, so that an index grows at its end. The columns are taken apart where
/// they are selected: nine of them in `from` would each be written aside first.
pub(super) async fn allocate(
    mut conn: &Conn,
    run: &MatchingRun,
    (looked, lines): (&Looked, &[MatchingRunLine]),
    plan: &[Planned],
    (client_id, at, expires_on): (&str, DateTime<Utc>, NaiveDate),
) -> Result<()> {
    let rows = plan.iter().filter_map(|one| Some((one, lines.get(one.line)?, looked.needs.get(one.need)?)));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_unstable_by_key(|(one, _, need)| (need.beneficiary_id.0, need.id.0, one.place));
    diesel::sql_query(
        "insert into allocations (area_id, id, pledge_id, pledge_line_id, need_id, beneficiary_id, village_code,
             quantity, run_id, rank_in_run, transfer_id, status, created_by, created_at, updated_at, expires_on)
         select $1, unnest($5), unnest($7), unnest($8), unnest($9), unnest($10), unnest($11), unnest($12), $2,
             unnest($13), unnest($6), 'reserved', $3, $4, $4, $14",
    )
    .bind::<Integer, _>(run.area_id)
    .bind::<SqlUuid, _>(run.id)
    .bind::<Text, _>(client_id)
    .bind::<Timestamptz, _>(at)
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|_| AllocationId::new()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, line, _)| line.transfer_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, line, _)| line.pledge_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, line, _)| line.pledge_line_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, _, need)| need.id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|(_, _, need)| need.beneficiary_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(_, _, need)| &need.village_code).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(rows.iter().map(|(one, _, _)| &one.quantity).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(rows.iter().map(|(one, _, _)| one.place).collect::<Vec<_>>())
    .bind::<Date, _>(expires_on)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Runs that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &MatchingRunFilter) -> matching_runs::BoxedQuery<'a, Pg> {
    let query = matching_runs::table.filter(matching_runs::area_id.eq_any(&scope.area_ids)).into_boxed();
    match filter.status {
        Some(status) => query.filter(matching_runs::status.eq(status)),
        None => query,
    }
}

/// Counts runs.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &MatchingRunFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists runs by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &MatchingRunFilter,
    (limit, after): (Limit, Option<MatchingRunId>),
) -> Result<Vec<MatchingRun>> {
    let query = filtered(scope, filter).select(MatchingRun::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, matching_runs::{id}).load(&mut conn).await?)
}

/// Lines of a run that a caller may see: a company its own, others those of their areas.
fn visible_lines(
    scope: &Scope,
    id: MatchingRunId,
    pledge_id: Option<PledgeId>,
) -> matching_run_lines::BoxedQuery<'_, Pg> {
    let query = matching_run_lines::table.filter(matching_run_lines::run_id.eq(id)).into_boxed();
    let query = match scope.company_id {
        Some(company_id) => query.filter(matching_run_lines::company_id.eq(company_id)),
        None => query.filter(matching_run_lines::area_id.eq_any(&scope.area_ids)),
    };
    match pledge_id {
        Some(pledge_id) => query.filter(matching_run_lines::pledge_id.eq(pledge_id)),
        None => query,
    }
}

/// Counts the lines of a run that a caller may see.
pub(super) async fn count_lines(
    mut conn: &Conn,
    scope: &Scope,
    id: MatchingRunId,
    pledge_id: Option<PledgeId>,
) -> Result<i64> {
    Ok(visible_lines(scope, id, pledge_id).count().get_result(&mut conn).await?)
}

/// Lists lines of a run by id, after one.
pub(super) async fn list_lines(
    mut conn: &Conn,
    scope: &Scope,
    (id, filter): (MatchingRunId, &MatchingLineFilter),
    (limit, after): (Limit, Option<PledgeLineId>),
) -> Result<Vec<MatchingRunLine>> {
    let query = visible_lines(scope, id, filter.pledge_id);
    let query = query.select(MatchingRunLine::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByPledgeLine::Down);
    Ok(walk!(query, is_down, after, matching_run_lines::{pledge_line_id}).load(&mut conn).await?)
}

/// All lines of a run, by id: in the order in which it looked at them.
pub(super) async fn lines(mut conn: &Conn, run: &MatchingRun) -> Result<Vec<MatchingRunLine>> {
    let lines = MatchingRunLine::query()
        .filter(matching_run_lines::area_id.eq(run.area_id))
        .filter(matching_run_lines::run_id.eq(run.id))
        .order(matching_run_lines::pledge_line_id);
    Ok(lines.load(&mut conn).await?)
}

/// Families of a run that a filter leaves.
fn filtered_families<'a>(
    run: &MatchingRun,
    filter: &MatchingFamilyFilter,
) -> matching_run_families::BoxedQuery<'a, Pg> {
    let query = matching_run_families::table
        .filter(matching_run_families::area_id.eq(run.area_id))
        .filter(matching_run_families::run_id.eq(run.id))
        .into_boxed();
    match filter.verdict {
        Some(verdict) => query.filter(matching_run_families::verdict.eq(verdict)),
        None => query,
    }
}

/// Counts families of a run.
pub(super) async fn count_families(mut conn: &Conn, run: &MatchingRun, filter: &MatchingFamilyFilter) -> Result<i64> {
    Ok(filtered_families(run, filter).count().get_result(&mut conn).await?)
}

/// Lists families of a run by id, after one.
pub(super) async fn list_families(
    mut conn: &Conn,
    run: &MatchingRun,
    filter: &MatchingFamilyFilter,
    (limit, after): (Limit, Option<BeneficiaryId>),
) -> Result<Vec<MatchingRunFamily>> {
    let query = filtered_families(run, filter).select(MatchingRunFamily::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByFamily::Down);
    Ok(walk!(query, is_down, after, matching_run_families::{beneficiary_id}).load(&mut conn).await?)
}

/// Finds what a run did for a family.
pub(super) async fn find_family(
    mut conn: &Conn,
    run: &MatchingRun,
    id: BeneficiaryId,
) -> Result<Option<MatchingRunFamily>> {
    let family = MatchingRunFamily::query()
        .filter(matching_run_families::area_id.eq(run.area_id))
        .filter(matching_run_families::run_id.eq(run.id))
        .filter(matching_run_families::beneficiary_id.eq(id));
    Ok(family.first(&mut conn).await.optional()?)
}

/// Village of a family of the area.
pub(super) async fn village_of(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<VillageCode> {
    let village = beneficiaries::table
        .filter(beneficiaries::area_id.eq(area_id))
        .filter(beneficiaries::id.eq(id))
        .select(beneficiaries::village_code);
    let village: Option<VillageCode> = village.first(&mut conn).await.optional()?;
    village.ok_or_else(|| Code::NotFound.into())
}

/// The transcript of a run.
pub(super) async fn transcript(mut conn: &Conn, run: &MatchingRun) -> Result<String> {
    let transcript = matching_runs::table.find((run.area_id, run.id)).select(matching_runs::transcript);
    Ok(transcript.first(&mut conn).await?)
}
