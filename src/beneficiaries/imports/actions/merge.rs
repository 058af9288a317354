//! The check and the merge of a staged file: the same statements decide on its rows, and only the merge writes.

use diesel_async::{AsyncConnection, TransactionManager};
use serde_json::json;

use super::attributes::{id_of, schemas_of, settle_attributes};
use super::duplicates;
use super::warnings::reckon_warnings;
use super::work::Work;
use crate::audit;
use crate::beneficiaries::attributes::{AttributeSchema, AttributeSubject};
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
const FAMILIES_A_STEP: i32 = 5_000;
/// Steps of a check between which progress is told: each goes over all rows.
const CHECK_STEPS: i32 = 5;
/// Steps of a merge before its families are written, which takes about as long.
const MERGE_STEPS: i32 = 4;
/// How often a merge is tried that another change came in between of.
const TRIES: u32 = 4;

/// Checks or merges, as the status of the import says; tried again where another change came in between.
///
/// The first try holds nobody up: whoever changes a family of the file meanwhile is first, and all is decided anew. From
/// the second one on, the families of the file are held before anything is looked at, and others wait.
///
/// # Errors
/// Where the database refuses; nothing is kept then.
pub(super) async fn run(conn: &mut Conn, work: &Work) -> Result<()> {
    let mut tries = 1;
    loop {
        let merge = Merge { work, holds_families: tries > 1 };
        match merge.try_once(conn).await {
            Err(error) if tries < TRIES && (error.is_deadlock() || is_stale(&error)) => tries += 1,
            // Nothing is wrong with the file: it is begun again.
            Err(error) if is_stale(&error) => return Err(Error::unavailable("families were changed again and again")),
            outcome => return outcome,
        }
    }
}

struct Merge<'a> {
    work: &'a Work,
    holds_families: bool,
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
        let schemas = schemas_of(conn, self.work).await?;
        let context = self.context(ImportStatus::Checked, &schemas);
        queries::set_context(conn, &context).await?;
        queries::run(conn, queries::CLASSIFY).await?;
        self.tell_progress((1, CHECK_STEPS)).await;
        queries::run(conn, queries::FIND_FAULTS).await?;
        self.tell_progress((2, CHECK_STEPS)).await;
        queries::run(conn, queries::LOOK).await?;
        settle_attributes(conn, &schemas).await?;
        queries::run(conn, queries::SPOIL).await?;
        self.tell_progress((3, CHECK_STEPS)).await;
        reckon_warnings(conn, self.work).await?;
        queries::run(conn, queries::FIND_CHANGES).await?;
        self.tell_progress((4, CHECK_STEPS)).await;
        let look = duplicates::look(conn, self.work).await?;
        if context.full_list_of.is_some() {
            // From here on the row of the import is held: a word about progress would wait for it for ever.
            queries::run(conn, queries::FIND_LEAVERS).await?;
        }
        duplicates::keep(conn, self.work, &look).await?;
        self.end(conn, "import.checked").await
    }

    /// Decides on every row and writes what is good; false where the import was called off meanwhile.
    async fn merge(&self, conn: &mut Conn) -> Result<bool> {
        queries::wait_for_others(conn, self.work.import.area_id).await?;
        let schemas = schemas_of(conn, self.work).await?;
        let context = self.context(ImportStatus::Applied, &schemas);
        queries::set_context(conn, &context).await?;
        self.decide(conn, &schemas).await?;
        let is_full_list = context.full_list_of.is_some();
        if is_full_list {
            // Whoever leaves does so first: the family has another head then.
            queries::run(conn, queries::END_MEMBERSHIPS).await?;
        }
        self.write(conn).await?;
        if is_full_list {
            queries::run(conn, queries::LEAVE_FAMILIES).await?;
            queries::run(conn, queries::END_AID).await?;
        }
        self.end(conn, "import.applied").await
    }

    /// Decides on every row, takes what numbers are free, and finds what changes.
    async fn decide(&self, conn: &mut Conn, schemas: &[AttributeSchema]) -> Result<()> {
        if self.holds_families {
            queries::run(conn, queries::HOLD).await?;
        }
        queries::run(conn, queries::CLASSIFY).await?;
        self.tell_progress((1, 2 * MERGE_STEPS)).await;
        queries::run(conn, queries::FIND_FAULTS).await?;
        if !self.work.import.is_automatic {
            queries::run(conn, queries::RECALL).await?;
        }
        settle_attributes(conn, schemas).await?;
        queries::run(conn, queries::SPOIL).await?;
        self.tell_progress((2, 2 * MERGE_STEPS)).await;
        let (has_cards, has_niks) = (queries::take_cards(conn).await?, queries::take_niks(conn).await?);
        if !has_cards || !has_niks {
            queries::run(conn, queries::LOSE).await?;
            queries::run(conn, queries::SPOIL).await?;
        }
        self.tell_progress((3, 2 * MERGE_STEPS)).await;
        reckon_warnings(conn, self.work).await?;
        self.seal_again(conn).await?;
        queries::run(conn, queries::FIND_CHANGES).await?;
        self.tell_progress((MERGE_STEPS, 2 * MERGE_STEPS)).await;
        Ok(())
    }

    fn context(&self, becomes: ImportStatus, schemas: &[AttributeSchema]) -> Context {
        let now = db::now();
        Context {
            area_id: self.work.import.area_id,
            import_id: self.work.import.id,
            client_id: self.work.caller.client_id.clone(),
            operation: self.operation(),
            now,
            today: db::day_of(now),
            becomes,
            full_list_of: self.work.import.full_list_of.clone(),
            family_schema_id: id_of(schemas, AttributeSubject::Beneficiaries),
            member_schema_id: id_of(schemas, AttributeSubject::Members),
        }
    }

    /// The operation that asked for what is done: the upload, unless somebody had the import applied.
    fn operation(&self) -> &'static str {
        let import = &self.work.import;
        if import.is_automatic || import.status == ImportStatus::Uploaded { "start_import" } else { "apply_import" }
    }

    async fn end(&self, conn: &mut Conn, event: &str) -> Result<bool> {
        queries::run(conn, queries::TELL_FAULTS).await?;
        if !queries::close(conn).await? {
            return Ok(false);
        }
        let import = self.leave_trace(conn, event).await?;
        if import.status == ImportStatus::Applied {
            // From here on the look that follows tells them, as pairs of members.
            queries::forget_duplicates(conn, self.work.import.area_id, import.id).await?;
        }
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
            self.tell_progress((families + last, 2 * families)).await;
            first = last + 1;
        }
        Ok(())
    }

    /// Told outside the transaction, as nobody sees into it; a word that is lost does no harm.
    async fn tell_progress(&self, (done, of): (i32, i32)) {
        if done >= of {
            return;
        }
        let (area_id, id, all) = (self.work.import.area_id, self.work.import.id, self.work.import.rows_read);
        let rows = i64::from(all) * i64::from(done) / i64::from(of);
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
                self.operation(),
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
