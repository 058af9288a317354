//! The merge of a staged file of ranks, behind the request that sent it.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use serde_json::json;

use super::upload::Staged;
use crate::audit;
use crate::beneficiaries::ranks::imports::model::RankImport;
use crate::beneficiaries::ranks::imports::queries::{self, NewRankImport};
use crate::db::{self, Conn, Db};
use crate::domain::{Caller, RankImportId, Scope};
use crate::error::{Error, Result};
use crate::events::{self, NewEvent};
use crate::regions;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// How often a merge is tried that another change came in between of.
const TRIES: u32 = 4;
/// Time between two looks for lost imports.
const PAUSE: Duration = Duration::from_mins(1);

/// What a merge works for.
#[derive(Debug, Clone)]
pub(in crate::beneficiaries::ranks::imports) struct Job {
    /// The caller, bound to the area of the import.
    pub(in crate::beneficiaries::ranks::imports) caller: Caller,
    /// The area.
    pub(in crate::beneficiaries::ranks::imports) area_id: i32,
}

/// Records a staged file as a running import.
///
/// # Errors
/// Where the database refuses.
pub(in crate::beneficiaries::ranks::imports) async fn new_import(
    conn: &Conn,
    job: &Job,
    staged: &Staged,
) -> Result<RankImport> {
    let new = NewRankImport {
        area_id: job.area_id,
        id: staged.id,
        client_id: &job.caller.client_id,
        digest: &staged.digest,
        rows: staged.rows,
        now: db::now(),
    };
    let import = queries::insert(conn, &new).await?;
    let write = audit::Write::of("import_ranks", "rank_imports", import.id.0, job.area_id);
    audit::record(conn, &job.caller, write, None, Some(&import)).await?;
    Ok(import)
}

/// Merges a staged file, and says so where that fails.
pub(in crate::beneficiaries::ranks::imports) async fn merge_in_background(db: Db, job: Job, staged: Staged) {
    let id = staged.id;
    let outcome = match AsyncPgConnection::try_from(staged.client).await {
        Ok(mut conn) => merge(&mut conn, &job, id).await,
        Err(error) => Err(Error::unavailable(error)),
    };
    let Err(error) = outcome else { return };
    log::error!(rank_import_id:% = id; "an import of ranks failed: {error}");
    let scope = Scope { area_ids: vec![job.area_id], company_id: None };
    let marked = db.transaction(&scope, async |conn| queries::set_failed(conn, job.area_id, id, db::now()).await).await;
    if let Err(error) = marked {
        // The watch finds it: the lock of its session is free.
        log::error!(rank_import_id:% = id; "an import of ranks could not be marked as failed: {error}");
    }
}

async fn merge(conn: &mut Conn, job: &Job, id: RankImportId) -> Result<()> {
    let mut tries = 1;
    loop {
        match try_once(conn, job, id).await {
            Err(error) if tries < TRIES && error.is_deadlock() => tries += 1,
            outcome => return outcome,
        }
    }
}

async fn try_once(conn: &mut Conn, job: &Job, id: RankImportId) -> Result<()> {
    Manager::begin_transaction(conn).await?;
    let outcome = match queries::merge(conn, (job.area_id, id), &job.caller.client_id).await {
        Ok(()) => leave_trace(conn, job, id).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(Manager::commit_transaction(conn).await?),
        Err(error) => {
            // Why the merge failed is what is told, even where the connection broke with it.
            Manager::rollback_transaction(conn).await.ok();
            Err(error)
        }
    }
}

async fn leave_trace(conn: &Conn, job: &Job, id: RankImportId) -> Result<()> {
    let import = queries::find(conn, &job.caller.scope, id).await?;
    let import = import.ok_or_else(|| Error::internal("an import of ranks is gone"))?;
    let write = audit::Write {
        record_count: import.ranks_added,
        ..audit::Write::of("import_ranks", "welfare_ranks", id.0, job.area_id)
    };
    audit::record(conn, &job.caller, write, None, Some(&import)).await?;
    let event = NewEvent {
        kind: "rank_import.applied",
        subject: "rank_imports",
        subject_id: id.0,
        area_id: job.area_id,
        company_id: None,
        data: json!({
            "rows_read": import.rows_read, "rows_faulty": import.rows_faulty, "ranks_added": import.ranks_added,
            "families_changed": import.families_changed,
        }),
    };
    events::emit(conn, event).await
}

/// Marks lost imports as failed, at once and then every minute, for as long as the service runs.
pub async fn watch(db: Db) {
    loop {
        if let Err(error) = fail_lost(&db).await {
            log::warn!("lost imports of ranks could not be looked for: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn fail_lost(db: &Db) -> Result<()> {
    let scope = regions::all_areas(&*db.unscoped().await?).await?;
    if scope.area_ids.is_empty() {
        return Ok(());
    }
    let conn = db.read(&scope).await?;
    for (area_id, id) in queries::running(&conn, &scope).await? {
        // The session of an import holds its lock until it ends, so a free lock stays free.
        if queries::is_abandoned(&conn, id).await? {
            log::warn!(rank_import_id:% = id; "an import of ranks was lost with the process that ran it");
            queries::set_failed(&conn, area_id, id, db::now()).await?;
        }
    }
    Ok(())
}
