//! Finds runs that nobody is at any more, and imports that none has followed.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::actions::{self, Job};
use super::queries;
use crate::db::{self, Db};
use crate::domain::{Caller, DuplicateRunId, Scope};
use crate::error::{Code, Result};
use crate::keys::Keys;
use crate::regions;

/// Time between two looks.
const PAUSE: Duration = Duration::from_mins(1);
/// Imports that ended longer ago are left to those who ask for a run.
const FOLLOWED_WITHIN: TimeDelta = TimeDelta::days(1);

/// Marks lost runs as failed and follows imports, at once and then every minute, for as long as the service runs.
pub async fn watch(db: Db, keys: Arc<Keys>) {
    loop {
        if let Err(error) = fail_lost(&db).await {
            log::warn!("lost runs could not be looked for: {error}");
        }
        tokio::time::sleep(PAUSE).await;
        if let Err(error) = follow_imports(&db, &keys).await {
            log::warn!("imports could not be followed by a look for duplicates: {error}");
        }
    }
}

async fn everywhere(db: &Db) -> Result<Option<Scope>> {
    let scope = regions::all_areas(&*db.unscoped().await?).await?;
    Ok((!scope.area_ids.is_empty()).then_some(scope))
}

async fn fail_lost(db: &Db) -> Result<()> {
    let Some(scope) = everywhere(db).await? else { return Ok(()) };
    let conn = db.read(&scope).await?;
    for (area_id, id) in queries::running(&conn, &scope).await? {
        // The session of a run holds its lock until it ends, so a free lock stays free.
        if queries::is_abandoned(&conn, id).await? {
            log::warn!(run_id:% = id; "a look for duplicates was lost with the process that ran it");
            queries::set_failed(&conn, area_id, id, db::now()).await?;
        }
    }
    Ok(())
}

/// Looks for duplicates in each area where an import took something in that no run has seen.
///
/// # Errors
/// `Unavailable` where the database cannot be reached.
pub async fn follow_imports(db: &Db, keys: &Arc<Keys>) -> Result<()> {
    let Some(scope) = everywhere(db).await? else { return Ok(()) };
    let imports = queries::unfollowed(&*db.read(&scope).await?, &scope, db::now() - FOLLOWED_WITHIN).await?;
    for import in imports {
        let caller = Caller::on_the_word_of(import.client_id, import.area_id);
        let scope = caller.scope.clone();
        let job = Job {
            caller,
            area_id: import.area_id,
            id: DuplicateRunId::new(),
            import_id: Some(import.id),
            villages: None,
        };
        let session = actions::open_session(db, &job).await?;
        match actions::begin(&*db.read(&scope).await?, &job).await {
            Ok(_) => actions::run_in_background(db.clone(), Arc::clone(keys), job, session).await,
            // Another process was first.
            Err(error) if error.code() == Some(Code::DuplicateRunInProgress) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
