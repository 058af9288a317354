//! What is done beside the requests: coming months get their partitions, what has served its time is removed, what is
//! reserved beyond its day is released, and once a day the ledger is summed anew and compared with the allocations.
//!
//! Every process does it; doing it twice changes nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::{self, Conn, Db};
use crate::error::Result;
use crate::exports;
use crate::ledger::{self, Discrepancy, Unreconciled};
use crate::schema::{client_assertions, idempotency_keys, rate_windows};
use crate::{beneficiaries, pledges, regions, webhooks};

/// Between two rounds; answers are kept for a day, so up to this much longer.
const PAUSE: Duration = Duration::from_mins(15);
/// How long the answer of a command is kept for a retry.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);
/// How long the counts of a minute are kept.
const WINDOWS_KEPT: TimeDelta = TimeDelta::minutes(10);

/// Between two sums of the ledger; the first is made at the start.
const RECOUNT: Duration = Duration::from_hours(24);

/// What a round removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Answers of commands.
    pub answers: usize,
    /// Counts of requests.
    pub windows: usize,
    /// Assertions that nobody can use any more.
    pub assertions: usize,
    /// Deliveries to webhooks.
    pub deliveries: usize,
    /// Exports whose file can no longer be fetched.
    pub exports: usize,
    /// Parts of files of imports.
    pub import_parts: usize,
    /// Previews of matching runs that nobody committed.
    pub previews: usize,
    /// Reservations that nobody came for in time.
    pub reservations: usize,
}

/// Keeps house for as long as the service runs.
pub async fn keep(db: Db) {
    let mut tick = tokio::time::interval(PAUSE);
    loop {
        tick.tick().await;
        match tidy_up(&db, db::now()).await {
            Ok(removed) if removed == Removed::default() => {}
            Ok(Removed { answers, windows, assertions, deliveries, exports, import_parts, previews, reservations }) => {
                log::debug!(
                    answers, windows, assertions, deliveries, exports, import_parts, previews, reservations;
                    "removed what has served its time"
                );
            }
            Err(error) => log::warn!("housekeeping will be tried again: {error}"),
        }
    }
}

/// Sums the ledger anew day after day and compares it with the allocations, and cries out where a balance is not what
/// its transfers make it, or not what the allocations say.
pub async fn watch_ledger(db: Db) {
    let mut tick = tokio::time::interval(RECOUNT);
    loop {
        tick.tick().await;
        match recount(&db).await {
            Ok(found) if found.is_empty() => log::info!("the ledger was summed anew: every balance is right"),
            Ok(found) => {
                for Discrepancy { account_id, balance, transferred } in found {
                    log::error!(account_id:%, balance:%, transferred:%; "a balance is not the sum of its transfers");
                }
            }
            Err(error) => log::warn!("the ledger will be summed tomorrow: {error}"),
        }
        match reconcile(&db).await {
            Ok(found) if found.is_empty() => log::info!("the allocations are what the ledger has of them"),
            Ok(found) => {
                for Unreconciled { pledge_line_id, place, balance, allocated } in found {
                    let place = place.as_str();
                    log::error!(pledge_line_id:%, place, balance:%, allocated:%; "allocations are not what the ledger has of them");
                }
            }
            Err(error) => log::warn!("the allocations will be compared with the ledger tomorrow: {error}"),
        }
    }
}

/// Accounts of all areas whose balance is not the sum of their transfers: none, ever.
///
/// # Errors
/// Where the database cannot be read.
pub async fn recount(db: &Db) -> Result<Vec<Discrepancy>> {
    let conn = &*db.unscoped().await?;
    ledger::discrepancies(conn, &regions::all_areas(conn).await?).await
}

/// Pledge lines of all areas whose allocations are not what the ledger has of them: none, ever.
///
/// # Errors
/// Where the database cannot be read.
pub async fn reconcile(db: &Db) -> Result<Vec<Unreconciled>> {
    let areas = regions::all_areas(&*db.unscoped().await?).await?;
    ledger::unreconciled(&*db.read(&areas).await?, &areas).await
}

/// Does one round.
///
/// # Errors
/// Where the database cannot be reached or refuses.
pub async fn tidy_up(db: &Db, now: DateTime<Utc>) -> Result<Removed> {
    let conn = db.unscoped().await?;
    db::make_months_around(&conn, now.date_naive()).await?;
    let removed = remove(&conn, now).await?;
    let areas = regions::all_areas(&conn).await?;
    // What follows takes connections of its own.
    drop(conn);
    let previews = or_later("previews", pledges::remove_old_previews(db, &areas, now).await);
    let reservations = or_later("reservations", pledges::release_overdue(db, &areas, db::day_of(now)).await);
    let import_parts = or_later("imports", beneficiaries::remove_old_imports(db, now).await);
    Ok(Removed { import_parts, previews, reservations, ..removed })
}

/// What one sweep did; that it could do nothing now keeps no other one, and no start, from going on.
fn or_later(what: &str, swept: Result<usize>) -> usize {
    swept.unwrap_or_else(|error| {
        log::warn!("old {what} will be looked at in the next round: {error}");
        0
    })
}

async fn remove(mut conn: &Conn, now: DateTime<Utc>) -> Result<Removed> {
    let answers = idempotency_keys::table.filter(idempotency_keys::created_at.lt(now - ANSWERS_KEPT));
    let windows = rate_windows::table.filter(rate_windows::window_start.lt(now - WINDOWS_KEPT));
    let assertions = client_assertions::table.filter(client_assertions::expires_at.lt(now - TimeDelta::minutes(1)));
    Ok(Removed {
        answers: diesel::delete(answers).execute(&mut conn).await?,
        windows: diesel::delete(windows).execute(&mut conn).await?,
        assertions: diesel::delete(assertions).execute(&mut conn).await?,
        deliveries: webhooks::remove_old(conn, now).await?,
        exports: exports::remove_old(conn, now).await?,
        import_parts: 0,
        previews: 0,
        reservations: 0,
    })
}
