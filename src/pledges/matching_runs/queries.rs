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
use crate::domain::{AllocationId, BeneficiaryId, MatchingRunId, PledgeId, PledgeLineId, Scope, VillageCode};
use crate::error::{Code, Result};
use crate::http::{ByCreation, ByFamily, ByPledgeLine, Limit};
use crate::schema::{beneficiaries, matching_run_families, matching_run_lines, matching_runs};

/// Rows that one statement writes at most: each has ten values, and a statement takes 65,535.
const ROWS: usize = 5_000;

/// Lets one run of an area after the other take needs and balances, whatever their order.
pub(in crate::pledges) async fn take_turn(mut conn: &Conn, area_id: i32) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtextextended('matching runs of ' || $1, 0))")
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
///
/// What a family had in this round of aid: portions reserved or handed over from pledges since it began, of any kind,
/// and one for each program that delivered since.
pub(super) async fn open_needs(
    mut conn: &Conn,
    area_id: i32,
    policy: &MatchingPolicy,
    today: NaiveDate,
) -> Result<Vec<OpenNeed>> {
    let needs = diesel::sql_query(
        "with portion as (
             select k.code as kind, coalesce(p.quantity, case when k.category in ('goods', 'money')
                 then k.family_quantity_max else 1 end) as quantity
             from need_kinds k left join unnest($2, $3) as p (kind, quantity) on p.kind = k.code
         ), last_aid as (
             select beneficiary_id, max(delivered_on) as last_on from (
                 select beneficiary_id, delivered_on from pledged_aid_given where area_id = $1 and delivered_on > $4
                     group by beneficiary_id, delivered_on having sum(quantity) > 0
                 union all
                 select beneficiary_id, delivered_on from aid_given where area_id = $1 and delivered_on > $4
                     group by beneficiary_id, delivered_on having sum(quantity) > 0
             ) as given group by beneficiary_id
         ), aided as (
             select beneficiary_id, least(sum(portions), 1000)::int4 as portions from (
                 select a.beneficiary_id, sum(ceil((
                         case a.status when 'released' then a.delivered_quantity else a.quantity end - a.returned_quantity
                     ) / p.quantity)) as portions
                     from allocations a
                     join needs n on n.area_id = a.area_id and n.id = a.need_id
                     join portion p on p.kind = n.kind
                     where a.area_id = $1 and n.area_id = $1 and a.created_at >= $6
                     group by a.beneficiary_id
                 union all
                 select beneficiary_id, count(*) from (
                     select beneficiary_id from aid_given
                     where area_id = $1 and delivered_on >= $6 and ($7 is null or program_id = any ($7))
                     group by beneficiary_id, program_id having sum(quantity) > 0
                 ) as given group by beneficiary_id
             ) as had group by beneficiary_id
         )
         select n.id, n.beneficiary_id, b.village_code, n.kind, n.quantity - n.met_quantity as unmet,
             b.decile::int4 as decile,
             case when l.last_on is null then 12
                 else extract(year from age($5, l.last_on)) * 12 + extract(month from age($5, l.last_on))
             end::int4 as months_since_aid,
             coalesce(h.portions, 0) as aided, b.verified_at is not null as is_verified, n.version
         from needs n
         join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
         left join last_aid l on l.beneficiary_id = n.beneficiary_id
         left join aided h on h.beneficiary_id = n.beneficiary_id
         where n.area_id = $1 and b.area_id = $1 and n.kind = any ($2) and n.status = 'open' and b.status = 'live'
         order by n.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<Text>, _>(policy.portions.iter().map(|portion| &portion.kind).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(policy.portions.iter().map(|portion| &portion.quantity).collect::<Vec<_>>())
    .bind::<Date, _>(today - Months::new(12))
    .bind::<Date, _>(today)
    .bind::<Date, _>(policy.round_started_on)
    .bind::<Nullable<Array<SqlUuid>>, _>(policy.program_ids.as_ref())
    .load(&mut conn)
    .await?;
    Ok(needs)
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
/// again for the key, and with ids in that order, so that an index grows at its end.
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
         select $1, c.id, c.pledge_id, c.line_id, c.need_id, c.beneficiary_id, c.village_code, c.quantity, $2, c.place,
             c.transfer_id, 'reserved', $3, $4, $4, $14
         from unnest($5, $6, $7, $8, $9, $10, $11, $12, $13) as
             c (id, transfer_id, pledge_id, line_id, need_id, beneficiary_id, village_code, quantity, place)",
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
