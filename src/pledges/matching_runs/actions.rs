//! Previewing and committing a run: each inside a transaction, with audit row and event.
//!
//! A commitment takes, in this order and as all that reserves does: the run, the turn of the area's runs, the pledges,
//! the needs, and last the balances.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio::try_join;

use super::model::{
    MatchingCommitment, MatchingPolicy, MatchingRun, MatchingRunFamily, MatchingRunLine, MatchingStatus,
    MatchingVerdict,
};
use super::model::{NewMatchingRun, OpenNeed};
use super::queries;
use super::rules::{self, Looked, Matched, Planned};
use crate::audit;
use crate::db::{self, Conn, Db};
use crate::domain::{BeneficiaryId, Caller, Document, MatchingRunId, NeedId, PledgeId, Quantity, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::ledger::{self, AccountKind, AccountRef, Group, Posting, Transfer, TransferCode};
use crate::needs::{self, SeenNeed};
use crate::pledges::actions;
use crate::pledges::rules::kept_until;
use crate::regions;

/// Events that one statement writes at most: each has eight values, and a statement takes 65,535.
const EVENTS: usize = 5_000;

/// How long a preview waits for somebody to commit it.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Tells what a run would do now, and keeps it.
///
/// # Errors
/// `invalid_fields`.
pub(super) async fn preview(conn: &Conn, caller: &Caller, new: &NewMatchingRun) -> Result<MatchingRun> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let (kinds, district) = (needs::kinds(conn).await?, regions::district_of(conn, area_id).await?);
    let named = new.policy.program_ids.as_deref().unwrap_or_default();
    let programs = queries::programs(conn, named).await?;
    let policy = rules::policy_of(new, (kinds.as_slice(), programs.as_slice()), db::today(), &district)?;
    let looked = look(conn, area_id, policy).await?;
    let id = MatchingRunId::new();
    let (looked, matched) = matched(looked, (id, area_id)).await?;
    let run = told_run(caller, (id, area_id), &looked, &matched)?;
    queries::insert(conn, &run, &matched.transcript).await?;
    queries::insert_parts(conn, &matched.lines, &matched.families).await?;
    tell(conn, caller, ("start_matching_run", "matching_run.previewed"), None, &run).await?;
    Ok(run)
}

async fn look(conn: &Conn, area_id: i32, policy: MatchingPolicy) -> Result<Looked> {
    let lines = queries::free_lines(conn, area_id, &policy.kinds()).await?;
    let needs = queries::open_needs(conn, area_id, &policy.round(), db::today()).await?;
    Ok(Looked { policy, lines, needs })
}

/// Runs it where no other request waits for it.
async fn matched(looked: Looked, about: (MatchingRunId, i32)) -> Result<(Looked, Matched)> {
    spawn_blocking(move || looked.matched(about).map(|matched| (looked, matched))).await.map_err(Error::internal)?
}

fn told_run(
    caller: &Caller,
    (id, area_id): (MatchingRunId, i32),
    looked: &Looked,
    matched: &Matched,
) -> Result<MatchingRun> {
    let families = matched.families.iter().filter(|family| family.verdict != MatchingVerdict::NotVerified);
    let served = matched.families.iter().filter(|family| family.granted_portions > 0);
    let narrow = |count: usize| i32::try_from(count).map_err(Error::internal);
    Ok(MatchingRun {
        id,
        area_id,
        status: MatchingStatus::Previewed,
        policy: Document(looked.policy.clone()),
        input_digest: matched.input_digest,
        line_count: narrow(looked.lines.len())?,
        family_count: narrow(families.count())?,
        served_family_count: narrow(served.count())?,
        portion_count: i32::try_from(matched.portions).map_err(Error::internal)?,
        created_by: caller.client_id.clone(),
        created_at: db::now(),
        committed_by: None,
        committed_at: None,
    })
}

/// Reserves what a preview told, as one set. A run that is committed stays as it is.
///
/// # Errors
/// `not_found`, `matching_run_stale`, `invalid_fields`.
pub(super) async fn commit(
    conn: &Conn,
    caller: &Caller,
    id: MatchingRunId,
    commitment: &MatchingCommitment,
) -> Result<MatchingRun> {
    let expires_on = kept_until(db::today(), commitment.expires_on)?;
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status == MatchingStatus::Committed {
        return Ok(before);
    }
    let (area_id, policy) = (before.area_id, before.policy.0.clone());
    let lines = queries::lines(conn, &before).await?;
    queries::take_turn(conn, area_id).await?;
    queries::share_pledges(conn, area_id).await?;
    let looked = look(conn, area_id, policy).await?;
    let (looked, matched) = matched(looked, (id, area_id)).await?;
    if matched.input_digest != before.input_digest {
        return Err(Code::MatchingRunStale.into());
    }
    let plan = matched.plan;
    let at = db::now();
    let by = (caller.client_id.as_str(), at, expires_on);
    // The database meets needs while the allocations are written out for it.
    try_join!(
        meet(conn, area_id, &looked.needs, &plan, at),
        queries::allocate(conn, &before, (&looked, lines.as_slice()), &plan, by),
    )?;
    hold(conn, area_id, &looked, &lines).await?;
    let run = queries::commit(conn, &before, &caller.client_id, at).await?;
    tell(conn, caller, ("commit_matching_run", "matching_run.committed"), Some(&before), &run).await?;
    tell_companies(conn, &run, &lines).await?;
    post(conn, caller, &run, &lines).await?;
    Ok(run)
}

/// Meets the needs where they and their families are as they were looked at. Nothing is held while a run looks and
/// matches: what others change meanwhile either is not of the plan, and so comes after it, or makes the plan stale.
async fn meet(conn: &Conn, area_id: i32, needs: &[OpenNeed], plan: &[Planned], at: DateTime<Utc>) -> Result<()> {
    let met = met(needs, plan);
    let are_as_seen = needs::meet_seen(conn, area_id, &met, at).await? == met.len();
    if are_as_seen { Ok(()) } else { Err(Code::MatchingRunStale.into()) }
}

/// Holds the balances, where they are as they were looked at.
async fn hold(conn: &Conn, area_id: i32, looked: &Looked, lines: &[MatchingRunLine]) -> Result<()> {
    let owners: Vec<_> = lines.iter().map(|line| line.pledge_line_id.0).collect();
    ledger::hold_all(conn, AccountKind::Stock, &owners).await?;
    let are_as_seen = queries::free_lines(conn, area_id, &looked.policy.kinds()).await? == looked.lines;
    if are_as_seen { Ok(()) } else { Err(Code::MatchingRunStale.into()) }
}

/// How much of each need is met, of all lines together.
fn met(needs: &[OpenNeed], plan: &[Planned]) -> Vec<SeenNeed> {
    let mut met: BTreeMap<NeedId, SeenNeed> = BTreeMap::new();
    for planned in plan {
        if let Some(need) = needs.get(planned.need) {
            let seen = met.entry(need.id).or_insert_with(|| SeenNeed {
                id: need.id,
                version: need.version,
                village_code: need.village_code.clone(),
                quantity: Quantity::zero(),
            });
            seen.quantity = seen.quantity.plus(&planned.quantity);
        }
    }
    met.into_values().collect()
}

/// One transfer a line, those of a pledge together.
async fn post(conn: &Conn, caller: &Caller, run: &MatchingRun, lines: &[MatchingRunLine]) -> Result<()> {
    let mut by_pledge: BTreeMap<PledgeId, Vec<Transfer>> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.allocated_quantity.is_zero()) {
        by_pledge.entry(line.pledge_id).or_default().push(Transfer {
            id: line.transfer_id,
            code: TransferCode::Reserve,
            from: AccountRef::new(AccountKind::Stock, line.pledge_line_id.0),
            to: AccountRef::new(AccountKind::Reserved, line.pledge_line_id.0),
            unit: line.unit.clone(),
            quantity: line.allocated_quantity.clone(),
        });
    }
    for (pledge_id, transfers) in by_pledge {
        let posting = Posting {
            area_id: run.area_id,
            group: Group::Pledge(pledge_id),
            client_id: &caller.client_id,
            at: db::now(),
        };
        ledger::post(conn, posting, &transfers).await?;
    }
    Ok(())
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: Option<&MatchingRun>,
    run: &MatchingRun,
) -> Result<()> {
    let write = audit::Write {
        record_count: run.served_family_count.max(1),
        ..audit::Write::of(operation, "matching_runs", run.id.0, run.area_id)
    };
    audit::record(conn, caller, write, before, Some(run)).await?;
    let event = NewEvent {
        kind,
        subject: "matching_runs",
        subject_id: run.id.0,
        area_id: run.area_id,
        company_id: None,
        data: json!({
            "line_count": run.line_count, "family_count": run.family_count,
            "served_family_count": run.served_family_count, "portion_count": run.portion_count,
        }),
    };
    events::emit(conn, event).await
}

/// One event for each line that moved, with quantities only.
async fn tell_companies(conn: &Conn, run: &MatchingRun, lines: &[MatchingRunLine]) -> Result<()> {
    let told = |line: &MatchingRunLine| {
        let data = json!({
            "run_id": run.id, "pledge_line_id": line.pledge_line_id, "kind": line.kind, "unit": line.unit,
            "quantity": line.allocated_quantity, "transfer_id": line.transfer_id,
        });
        actions::event("pledge.allocated", line.pledge_id, (run.area_id, line.company_id), data)
    };
    for some in lines.chunks(EVENTS) {
        let moved = some.iter().filter(|line| !line.allocated_quantity.is_zero());
        events::emit_all(conn, moved.map(told).collect()).await?;
    }
    Ok(())
}

/// What a run did for a family, and why no more; a family without an open need then is told so.
///
/// # Errors
/// `not_found` where the family is not of the area.
pub(super) async fn explain(conn: &Conn, run: &MatchingRun, id: BeneficiaryId) -> Result<MatchingRunFamily> {
    if let Some(family) = queries::find_family(conn, run, id).await? {
        return Ok(family);
    }
    Ok(MatchingRunFamily {
        run_id: run.id,
        area_id: run.area_id,
        beneficiary_id: id,
        village_code: queries::village_of(conn, run.area_id, id).await?,
        verdict: MatchingVerdict::NoNeed,
        place: None,
        granted_portions: 0,
        aided_portions: 0,
        grants: Document(Vec::new()),
        refusal: None,
        decile: None,
        months_since_aid: None,
        lot: None,
        aids: Document(Vec::new()),
    })
}

/// Forgets previews that nobody committed, each in a transaction of its own; answers how many.
///
/// # Errors
/// Where the database refuses.
pub async fn remove_old_previews(db: &Db, scope: &Scope, now: DateTime<Utc>) -> Result<usize> {
    let mut removed = 0;
    loop {
        let mut conn = db.begin(scope).await?;
        let one = queries::remove_preview(&conn, scope, now - KEPT).await;
        if db::end(&mut conn, one).await? == 0 {
            return Ok(removed);
        }
        removed += 1;
    }
}
