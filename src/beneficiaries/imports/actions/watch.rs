//! Finds imports that nobody works on any more, as their process was killed, and removes what has served its time.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::work::{Work, work_in_background};
use crate::beneficiaries::imports::model::ImportRow;
use crate::beneficiaries::imports::queries;
use crate::db::Db;
use crate::domain::{Caller, Scope};
use crate::error::Result;
use crate::keys::Keys;
use crate::regions;

/// Time between two looks.
const PAUSE: Duration = Duration::from_mins(1);
/// How long a file waits for a review, and its faulty rows for somebody to fetch them.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long a file is kept that no import came of.
const ORPHANS_KEPT: TimeDelta = TimeDelta::days(1);

/// Begins lost imports again, at once and then every minute, for as long as the service runs.
pub async fn watch(db: Db, keys: Arc<Keys>) {
    loop {
        if let Err(error) = resume_lost(&db, &keys).await {
            log::warn!("lost imports could not be looked for: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn resume_lost(db: &Db, keys: &Arc<Keys>) -> Result<()> {
    let Some(scope) = all_areas(db).await? else { return Ok(()) };
    let conn = db.read(&scope).await?;
    for import in queries::unfinished(&conn, &scope).await? {
        // One after the other. Where a session is at work its lock is taken, and nothing is done here.
        let work = Work { db: db.clone(), keys: Arc::clone(keys), caller: on_the_word_of(&import), import };
        work_in_background(work, None).await;
    }
    Ok(())
}

/// Whoever sent the file, or decided that it be applied.
fn on_the_word_of(import: &ImportRow) -> Caller {
    Caller::on_the_word_of(import.decided_by.as_ref().unwrap_or(&import.client_id).clone(), import.area_id)
}

async fn all_areas(db: &Db) -> Result<Option<Scope>> {
    let scope = regions::all_areas(&*db.unscoped().await?).await?;
    Ok((!scope.area_ids.is_empty()).then_some(scope))
}

/// Calls off imports that nobody has applied for thirty days and forgets files that nobody needs; answers how many parts.
///
/// # Errors
/// Where the database cannot be reached or refuses.
pub async fn remove_old(db: &Db, now: DateTime<Utc>) -> Result<usize> {
    let Some(scope) = all_areas(db).await? else { return Ok(0) };
    let conn = db.read(&scope).await?;
    queries::cancel_old(&conn, &scope, (now - KEPT, now)).await?;
    queries::forget_files(&conn, &scope, (now - KEPT, now - ORPHANS_KEPT)).await
}
