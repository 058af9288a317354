//! Ends warnings of unknown districts once an edition that has them is loaded.
//!
//! Numbers are sealed, so the database cannot compare them itself: those of the few records that warn are opened
//! here, some hundreds at a time, and what has ended is written for all of them at once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, About, Ending, Suspect};
use crate::audit;
use crate::db::{self, Conn, Db};
use crate::domain::{BeneficiaryId, Caller, MemberId, Scope};
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Keys, Vault};
use crate::regions;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Time between two looks for a new edition.
const PAUSE: Duration = Duration::from_mins(1);

/// Looks for a new edition at once and then every minute, for as long as the service runs.
pub async fn watch(db: Db, keys: Arc<Keys>) {
    let mut seen = None;
    loop {
        match look(&db, &keys, seen).await {
            Ok(rows) => seen = Some(rows),
            Err(error) => log::warn!("warnings of unknown districts could not be looked at: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Checks again where the regions are not those that were seen; how many rows they have.
async fn look(db: &Db, keys: &Keys, seen: Option<i64>) -> Result<i64> {
    let rows = regions::row_count(&*db.unscoped().await?).await?;
    if seen != Some(rows) {
        recheck(db, &keys.vault).await?;
    }
    Ok(rows)
}

/// Ends the warnings of all districts that are known by now; how many records changed.
///
/// # Errors
/// Where the database cannot be reached or a number cannot be opened; what was ended before stays ended.
pub async fn recheck(db: &Db, vault: &Vault) -> Result<usize> {
    let area_ids = regions::all_areas(&*db.unscoped().await?).await?.area_ids;
    let mut ended = 0;
    for area_id in area_ids {
        ended += recheck_area(db, vault, area_id, About::Members).await?;
        ended += recheck_area(db, vault, area_id, About::Families).await?;
    }
    Ok(ended)
}

async fn recheck_area(db: &Db, vault: &Vault, area_id: i32, about: About) -> Result<usize> {
    let (scope, mut ended, mut after) = (scope_of(area_id), 0, Uuid::nil());
    loop {
        let suspects = queries::suspects(&*db.read(&scope).await?, about, (area_id, after)).await?;
        let Some(last) = suspects.last() else { return Ok(ended) };
        after = last.id;
        let coded = code(vault, area_id, about, &suspects)?;
        ended += end(db, area_id, about, coded).await?;
    }
}

/// Opens the numbers for the districts that they start with.
fn code(vault: &Vault, area_id: i32, about: About, suspects: &[Suspect]) -> Result<Vec<(Uuid, String)>> {
    let code = |suspect: &Suspect| {
        let code = match about {
            About::Members => vault.open_nik(area_id, MemberId(suspect.id), &suspect.sealed)?.district_code(),
            About::Families => vault.open_card(area_id, BeneficiaryId(suspect.id), &suspect.sealed)?.district_code(),
        };
        Ok((suspect.id, code))
    };
    suspects.iter().map(code).collect()
}

fn scope_of(area_id: i32) -> Scope {
    Scope { area_ids: vec![area_id], company_id: None }
}

/// Ends the warnings of those records whose district is known by now, in one transaction with audit row and event.
async fn end(db: &Db, area_id: i32, about: About, coded: Vec<(Uuid, String)>) -> Result<usize> {
    let scope = scope_of(area_id);
    let districts: HashSet<String> = coded.iter().map(|(_, code)| code.clone()).collect();
    let known = regions::districts_among(&*db.read(&scope).await?, districts.into_iter().collect()).await?;
    let ids: Vec<Uuid> = coded.into_iter().filter(|(_, code)| known.contains(code)).map(|(id, _)| id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let ending = Ending { area_id, ids, now: db::now(), client_id: Caller::SERVICE };
    // A task of its own cannot hand a closure that borrows to `Db::transaction`; a session has the scope for life.
    let session = db.session(&scope).await?;
    let mut conn = AsyncPgConnection::try_from(session).await.map_err(Error::unavailable)?;
    Manager::begin_transaction(&mut conn).await?;
    match write(&conn, &scope, about, &ending).await {
        Ok(ended) => Manager::commit_transaction(&mut conn).await.map(|()| ended).map_err(Error::from),
        Err(error) => {
            // Why it failed is what is told, even where the connection broke with it.
            Manager::rollback_transaction(&mut conn).await.ok();
            Err(error)
        }
    }
}

async fn write(conn: &Conn, scope: &Scope, about: About, ending: &Ending<'_>) -> Result<usize> {
    let ended = queries::end(conn, about, ending).await?;
    leave_trace(conn, scope, ending.area_id, ended).await?;
    Ok(ended)
}

async fn leave_trace(conn: &Conn, scope: &Scope, area_id: i32, ended: usize) -> Result<()> {
    let caller = Caller::service(Caller::SERVICE, scope.clone());
    let run_id = caller.request_id;
    let record_count = i32::try_from(ended).unwrap_or(i32::MAX);
    let write = audit::Write { record_count, ..audit::Write::of("recheck_warnings", "warnings", run_id, area_id) };
    audit::record(conn, &caller, write, None, Some(&json!({ "ended": ended }))).await?;
    let event = NewEvent {
        kind: "warnings.rechecked",
        subject: "warnings",
        subject_id: run_id,
        area_id,
        company_id: None,
        data: json!({ "ended": ended }),
    };
    events::emit(conn, event).await
}
