//! The check and the merge of a staged file: the same statements decide on its rows, and only the merge writes.

use diesel_async::{AsyncConnection, TransactionManager};
use serde_json::json;

use super::work::Work;
use crate::audit;
use crate::beneficiaries::imports::model::{Import, ImportStatus};
use crate::beneficiaries::imports::queries::{self, Context};
use crate::beneficiaries::member_keys;
use crate::db::{self, Conn};
use crate::domain::Scope;
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Place;

type Manager = <Conn as AsyncConnection>::TransactionManager;

/// Families that are written between two words about progress.
const FAMILIES_A_STEP: i32 = 20_000;
/// How often a merge is tried that another change came in between of.
const TRIES: u32 = 4;

/// Checks or merges, as the status of the import says; tried again where another change came in between.
///
/// # Errors
/// Where the database refuses; nothing is kept then.
pub(super) async fn run(conn: &mut Conn, work: &Work) -> Result<()> {
    let merge = Merge { work };
    let mut tries = 1;
    loop {
        match merge.try_once(conn).await {
            Err(error) if tries < TRIES && (error.is_deadlock() || is_stale(&error)) => tries += 1,
            outcome => return outcome,
        }
    }
}

struct Merge<'a> {
    work: &'a Work,
}

impl Merge<'_> {
    async fn try_once(&self, conn: &mut Conn) -> Result<()> {
        Manager::begin_transaction(conn).await?;
        let outcome = match self.work.import.status {
            ImportStatus::Uploaded => self.check(conn).await,
            _ => self.merge(conn).await,
        };
        match outcome {
            Ok(true) => Ok(Manager::commit_transaction(conn).await?),
            Ok(false) => Ok(Manager::rollback_transaction(conn).await?),
            Err(error) => {
                // Why it failed is what is told, even where the connection broke with it.
                Manager::rollback_transaction(conn).await.ok();
                Err(error)
            }
        }
    }

    /// Decides on every row and tells what would be done; false where the import was called off meanwhile.
    async fn check(&self, conn: &mut Conn) -> Result<bool> {
        let context = self.context(ImportStatus::Checked);
        queries::set_context(conn, &context).await?;
        for statements in [queries::CLASSIFY, queries::FIND_FAULTS, queries::LOOK, queries::SPOIL] {
            queries::run(conn, statements).await?;
        }
        queries::run(conn, queries::FIND_CHANGES).await?;
        if context.full_list_of.is_some() {
            queries::run(conn, queries::FIND_LEAVERS).await?;
        }
        self.end(conn, "import.checked").await
    }

    /// Decides on every row and writes what is good; false where the import was called off meanwhile.
    async fn merge(&self, conn: &mut Conn) -> Result<bool> {
        let context = self.context(ImportStatus::Applied);
        queries::wait_for_others(conn, context.area_id).await?;
        queries::set_context(conn, &context).await?;
        queries::run(conn, queries::CLASSIFY).await?;
        queries::run(conn, queries::FIND_FAULTS).await?;
        if !self.work.import.is_automatic {
            queries::run(conn, queries::RECALL).await?;
        }
        queries::run(conn, queries::SPOIL).await?;
        let (has_cards, has_niks) = (queries::take_cards(conn).await?, queries::take_niks(conn).await?);
        if !has_cards || !has_niks {
            queries::run(conn, queries::LOSE).await?;
            queries::run(conn, queries::SPOIL).await?;
        }
        self.seal_again(conn).await?;
        queries::run(conn, queries::FIND_CHANGES).await?;
        self.write(conn).await?;
        if context.full_list_of.is_some() {
            queries::run(conn, queries::END_MEMBERSHIPS).await?;
            queries::run(conn, queries::END_AID).await?;
        }
        self.end(conn, "import.applied").await
    }

    fn context(&self, becomes: ImportStatus) -> Context {
        let now = db::now();
        Context {
            area_id: self.work.import.area_id,
            import_id: self.work.import.id,
            client_id: self.work.caller.client_id.clone(),
            now,
            today: db::day_of(now),
            becomes,
            full_list_of: self.work.import.full_list_of.clone(),
        }
    }

    async fn end(&self, conn: &mut Conn, event: &str) -> Result<bool> {
        queries::run(conn, queries::TELL_FAULTS).await?;
        if !queries::close(conn).await? {
            return Ok(false);
        }
        let import = self.leave_trace(conn, event).await?;
        if import.status == ImportStatus::Applied && import.rows_faulty == 0 {
            queries::forget_file(conn, self.work.import.area_id, import.id).await?;
        }
        Ok(true)
    }

    /// A NIK is sealed for its member: one that turned out to be known needs its own seal.
    async fn seal_again(&self, conn: &mut Conn) -> Result<()> {
        let area_id = self.work.import.area_id;
        let mut line = 0;
        loop {
            let found = queries::new_niks(conn, line).await?;
            let Some(last) = found.last() else { return Ok(()) };
            line = last.line;
            let (mut lines, mut niks) = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
            for lookalike in &found {
                let nik = self.work.keys.vault.open_nik(area_id, lookalike.member_id, &lookalike.nik_sealed)?;
                niks.push(self.work.keys.vault.seal(Place::nik(area_id, lookalike.known_id), nik.reveal())?);
                lines.push(lookalike.line);
            }
            queries::give_niks(conn, lines, niks).await?;
        }
    }

    async fn write(&self, conn: &mut Conn) -> Result<()> {
        queries::keep_versions(conn).await?;
        queries::change_families(conn, self.work.import.area_id).await?;
        queries::change_members(conn, self.work.import.area_id).await?;
        queries::change_ties(conn).await?;
        let families = queries::families(conn).await?;
        let mut first = 1;
        while first <= families {
            let last = families.min(first.saturating_add(FAMILIES_A_STEP - 1));
            queries::insert_families(conn, (first, last)).await?;
            queries::insert_members(conn, (first, last)).await?;
            let ids = queries::ids_of_families(conn, (first, last)).await?;
            member_keys::refresh(conn, &self.work.keys.vault, self.work.import.area_id, &ids).await?;
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
        let (area_id, id, all) = (self.work.import.area_id, self.work.import.id, self.work.import.rows_read);
        let rows = i64::from(all) * i64::from(done) / i64::from(families.max(1));
        let rows = i32::try_from(rows).unwrap_or(all);
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        let told = async {
            let conn = self.work.db.read(&scope).await?;
            queries::set_progress(&conn, area_id, id, rows).await
        };
        if let Err(error) = told.await {
            log::warn!(import_id:% = id; "the progress of an import could not be told: {error}");
        }
    }

    async fn leave_trace(&self, conn: &Conn, event: &str) -> Result<Import> {
        let area_id = self.work.import.area_id;
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        let row = queries::find(conn, &scope, self.work.import.id).await?;
        let import = Import::from(row.ok_or_else(|| Error::internal("an import is gone"))?);
        let is_written = import.status == ImportStatus::Applied;
        let written = import.families_created + import.families_changed + import.families_leaving;
        let write = audit::Write {
            record_count: if is_written { written } else { 1 },
            ..audit::Write::of(
                if self.work.import.is_automatic || !is_written { "start_import" } else { "apply_import" },
                if is_written { "beneficiaries" } else { "imports" },
                import.id.0,
                area_id,
            )
        };
        audit::record(conn, &self.work.caller, write, None, Some(&import)).await?;
        events::emit(conn, told(&import, area_id, event)).await?;
        Ok(import)
    }
}

/// What others are told of an import: counts, and nobody's data.
pub(super) fn told<'a>(import: &Import, area_id: i32, kind: &'a str) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "imports",
        subject_id: import.id.0,
        area_id,
        company_id: None,
        data: json!({
            "rows_read": import.rows_read, "rows_faulty": import.rows_faulty,
            "families_created": import.families_created, "families_changed": import.families_changed,
            "members_created": import.members_created, "members_changed": import.members_changed,
            "members_leaving": import.members_leaving,
        }),
    }
}

fn is_stale(error: &Error) -> bool {
    error.code() == Some(Code::VersionStale)
}
