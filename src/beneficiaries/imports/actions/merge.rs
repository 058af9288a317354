//! The merge of a staged file, behind the request that sent it.

use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use serde_json::json;

use super::upload::Staged;
use crate::audit;
use crate::beneficiaries::imports::model::{Import, ImportRow, ImportStatus};
use crate::beneficiaries::imports::queries::{self, Context};
use crate::beneficiaries::rules::local_day;
use crate::db::{self, Conn, Db};
use crate::domain::{Caller, Scope};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::{Keys, Place};

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Families that are written between two words about progress.
const FAMILIES_A_STEP: i32 = 20_000;
/// How often a merge is tried that another change came in between of.
const TRIES: u32 = 4;

/// What a merge works for.
#[derive(Debug, Clone)]
pub(in crate::beneficiaries::imports) struct Job {
    /// The caller, bound to the area of the import.
    pub(in crate::beneficiaries::imports) caller: Caller,
    /// The area.
    pub(in crate::beneficiaries::imports) area_id: i32,
}

/// Records a staged file as a running import.
///
/// # Errors
/// Where the database refuses.
pub(in crate::beneficiaries::imports) async fn new_import(conn: &Conn, job: &Job, staged: &Staged) -> Result<Import> {
    let row = ImportRow {
        area_id: job.area_id,
        id: staged.id,
        client_id: job.caller.client_id.clone(),
        status: ImportStatus::Running,
        file_digest: staged.digest.to_vec(),
        rows_read: staged.rows,
        rows_done: 0,
        rows_faulty: 0,
        families_created: 0,
        families_changed: 0,
        families_unchanged: 0,
        members_created: 0,
        members_changed: 0,
        members_unchanged: 0,
        created_at: db::now(),
        finished_at: None,
    };
    queries::insert(conn, &row).await?;
    let import = Import::from(row);
    let write = audit::Write::of("start_import", "imports", import.id.0, job.area_id);
    audit::record(conn, &job.caller, write, None, Some(&import)).await?;
    Ok(import)
}

/// Merges a staged file, and says so where that fails.
pub(in crate::beneficiaries::imports) async fn merge_in_background(
    db: Db,
    keys: std::sync::Arc<Keys>,
    job: Job,
    staged: Staged,
) {
    let (id, rows) = (staged.id, staged.rows);
    let outcome = match AsyncPgConnection::try_from(staged.client).await {
        Ok(mut conn) => {
            let merge = Merge { db: &db, keys: &keys, job: &job, id, rows };
            merge.run(&mut conn).await
        }
        Err(error) => Err(Error::unavailable(error)),
    };
    let Err(error) = outcome else { return };
    log::error!(import_id:% = id; "an import failed: {error}");
    let scope = Scope { area_ids: vec![job.area_id], company_id: None };
    let marked = db.transaction(&scope, async |conn| queries::set_failed(conn, job.area_id, id, db::now()).await).await;
    if let Err(error) = marked {
        // The watch finds it: the lock of its session is free.
        log::error!(import_id:% = id; "an import could not be marked as failed: {error}");
    }
}

struct Merge<'a> {
    db: &'a Db,
    keys: &'a Keys,
    job: &'a Job,
    id: crate::domain::ImportId,
    rows: i32,
}

impl Merge<'_> {
    async fn run(&self, conn: &mut Conn) -> Result<()> {
        let mut tries = 1;
        loop {
            match self.try_once(conn).await {
                Err(error) if tries < TRIES && (error.is_deadlock() || is_stale(&error)) => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn try_once(&self, conn: &mut Conn) -> Result<()> {
        Manager::begin_transaction(conn).await?;
        match self.merge(conn).await {
            Ok(()) => Ok(Manager::commit_transaction(conn).await?),
            Err(error) => {
                // Why the merge failed is what is told, even where the connection broke with it.
                Manager::rollback_transaction(conn).await.ok();
                Err(error)
            }
        }
    }

    async fn merge(&self, conn: &mut Conn) -> Result<()> {
        let now = db::now();
        let context = Context {
            area_id: self.job.area_id,
            import_id: self.id,
            client_id: self.job.caller.client_id.clone(),
            now,
            today: local_day(now),
        };
        queries::set_context(conn, &context).await?;
        queries::run(conn, queries::CLASSIFY).await?;
        queries::run(conn, queries::FIND_FAULTS).await?;
        queries::run(conn, queries::SPOIL).await?;
        let (has_cards, has_niks) = (queries::take_cards(conn).await?, queries::take_niks(conn).await?);
        if !has_cards || !has_niks {
            queries::run(conn, queries::LOSE).await?;
            queries::run(conn, queries::SPOIL).await?;
        }
        self.seal_again(conn).await?;
        queries::run(conn, queries::FIND_CHANGES).await?;
        self.write(conn).await?;
        queries::run(conn, queries::CLOSE).await?;
        self.leave_trace(conn).await
    }

    /// A NIK is sealed for its member: one that turned out to be known needs its own seal.
    async fn seal_again(&self, conn: &mut Conn) -> Result<()> {
        let area_id = self.job.area_id;
        let mut line = 0;
        loop {
            let found = queries::new_niks(conn, line).await?;
            let Some(last) = found.last() else { return Ok(()) };
            line = last.line;
            for lookalike in &found {
                let nik = self.keys.vault.open_nik(area_id, lookalike.member_id, &lookalike.nik_sealed)?;
                let sealed = self.keys.vault.seal(Place::nik(area_id, lookalike.known_id), nik.reveal())?;
                queries::give_nik(conn, lookalike.line, sealed).await?;
            }
        }
    }

    async fn write(&self, conn: &mut Conn) -> Result<()> {
        queries::keep_versions(conn).await?;
        queries::change_families(conn, self.job.area_id).await?;
        queries::change_members(conn, self.job.area_id).await?;
        queries::change_ties(conn).await?;
        let families = queries::families(conn).await?;
        let mut first = 1;
        while first <= families {
            let last = families.min(first.saturating_add(FAMILIES_A_STEP - 1));
            queries::insert_families(conn, (first, last)).await?;
            queries::insert_members(conn, (first, last)).await?;
            self.tell_progress(last, families).await;
            first = last + 1;
        }
        Ok(())
    }

    /// Told outside the transaction, as nobody sees into it; a word that is lost does no harm.
    async fn tell_progress(&self, done: i32, families: i32) {
        if done >= families {
            return;
        }
        let rows = i64::from(self.rows) * i64::from(done) / i64::from(families.max(1));
        let rows = i32::try_from(rows).unwrap_or(self.rows);
        let scope = Scope { area_ids: vec![self.job.area_id], company_id: None };
        let told = self
            .db
            .transaction(&scope, async |conn| queries::set_progress(conn, self.job.area_id, self.id, rows).await)
            .await;
        if let Err(error) = told {
            log::warn!(import_id:% = self.id; "the progress of an import could not be told: {error}");
        }
    }

    async fn leave_trace(&self, conn: &Conn) -> Result<()> {
        let area_id = self.job.area_id;
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        let row = queries::find(conn, &scope, self.id).await?;
        let import = Import::from(row.ok_or_else(|| Error::internal("an import is gone"))?);
        let written = import.families_created + import.families_changed;
        let write = audit::Write {
            record_count: written,
            ..audit::Write::of("start_import", "beneficiaries", self.id.0, area_id)
        };
        audit::record(conn, &self.job.caller, write, None, Some(&import)).await?;
        let event = NewEvent {
            kind: "import.applied",
            subject: "imports",
            subject_id: self.id.0,
            area_id,
            company_id: None,
            data: json!({
                "rows_read": import.rows_read, "rows_faulty": import.rows_faulty,
                "families_created": import.families_created, "families_changed": import.families_changed,
                "members_created": import.members_created, "members_changed": import.members_changed,
            }),
        };
        events::emit(conn, event).await
    }
}

fn is_stale(error: &Error) -> bool {
    error.code() == Some(Code::VersionStale)
}
