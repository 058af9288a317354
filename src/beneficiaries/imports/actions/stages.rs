//! What people decide about an import, and what the service does where nobody does: each inside a transaction, with
//! audit row and event.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::merge::told;
use crate::audit;
use crate::beneficiaries::imports::model::{
    Import, ImportRow, ImportStatus, NewImportApplication, NewReview, UploadedFile,
};
use crate::beneficiaries::imports::queries;
use crate::beneficiaries::imports::rules::{Step, allow};
use crate::db::{self, Conn};
use crate::domain::{Caller, ImportId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Records a staged file as an import.
///
/// # Errors
/// Where the database refuses.
pub(in crate::beneficiaries::imports) async fn new_import(
    conn: &Conn,
    caller: &Caller,
    area_id: i32,
    file: UploadedFile,
) -> Result<ImportRow> {
    let row = ImportRow::new(area_id, caller.client_id.clone(), file, db::now());
    queries::insert(conn, &row).await?;
    let import = Import::from(row.clone());
    let write = audit::Write::of("start_import", "imports", import.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&import)).await?;
    let event = NewEvent {
        data: json!({ "rows_read": import.rows_read, "format": import.format }),
        ..told(&import, area_id, "import.uploaded")
    };
    events::emit(conn, event).await?;
    Ok(row)
}

/// Records that somebody has looked at what an import would do.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(in crate::beneficiaries::imports) async fn review(
    conn: &Conn,
    caller: &Caller,
    id: ImportId,
    new: &NewReview,
) -> Result<Import> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    allow(&before, Step::Review)?;
    let after = ImportRow {
        status: ImportStatus::Reviewed,
        reviewed_at: Some(db::now()),
        reviewed_by: Some(caller.client_id.clone()),
        review_note: new.note.as_ref().map(ToString::to_string),
        failure_code: None,
        ..before.clone()
    };
    move_on(conn, caller, ("review_import", "import.reviewed"), before, after).await.map(Import::from)
}

/// Has an import written; who leaves by it must be named by their number.
///
/// # Errors
/// `not_found`, `command_not_possible`, `leavers_not_confirmed`, `full_list_faulty`.
pub(in crate::beneficiaries::imports) async fn apply(
    conn: &Conn,
    caller: &Caller,
    id: ImportId,
    new: &NewImportApplication,
) -> Result<ImportRow> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    allow(&before, Step::Apply)?;
    if new.members_leaving.unwrap_or_default() != before.members_leaving {
        let sentence = format!("{} members leave, {} whole families", before.members_leaving, before.families_leaving);
        return Err(Error::from(Code::LeaversNotConfirmed).about(sentence));
    }
    if before.members_leaving > 0 && before.rows_faulty > 0 {
        return Err(Code::FullListFaulty.into());
    }
    let after = ImportRow {
        status: ImportStatus::Running,
        rows_done: 0,
        attempts: 0,
        failure_code: None,
        decided_by: Some(caller.client_id.clone()),
        ..before.clone()
    };
    move_on(conn, caller, ("apply_import", "import.applying"), before, after).await
}

/// Calls an import off and forgets its file.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(in crate::beneficiaries::imports) async fn cancel(conn: &Conn, caller: &Caller, id: ImportId) -> Result<Import> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    allow(&before, Step::Cancel)?;
    let after = ImportRow {
        status: ImportStatus::Cancelled,
        decided_by: Some(caller.client_id.clone()),
        finished_at: Some(db::now()),
        ..before.clone()
    };
    queries::forget_file(conn, before.area_id, id).await?;
    move_on(conn, caller, ("cancel_import", "import.cancelled"), before, after).await.map(Import::from)
}

/// Calls off an import that has waited for somebody for too long; nothing where it waits no longer.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn call_off(conn: &Conn, (area_id, id): (i32, ImportId), now: DateTime<Utc>) -> Result<()> {
    let service = Caller::service(area_id);
    let Some(before) = queries::lock(conn, &service.scope, id).await?.filter(|row| allow(row, Step::Cancel).is_ok())
    else {
        return Ok(());
    };
    let after = ImportRow { status: ImportStatus::Cancelled, finished_at: Some(now), ..before.clone() };
    move_on(conn, &service, ("cancel_import", "import.cancelled"), before, after).await.map(drop)
}

/// Ends the work on an import that came to nothing, with a code where the file is at fault.
///
/// One that somebody has reviewed is not lost for what is no fault of its file: it is `checked` again, its file kept. Else
/// it has failed, and its file is forgotten. One that has ended stays as it is.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn give_up(conn: &Conn, (area_id, id): (i32, ImportId), code: Option<Code>) -> Result<()> {
    let service = Caller::service(area_id);
    let Some(before) = queries::lock(conn, &service.scope, id).await?.filter(is_at_work) else { return Ok(()) };
    let failure_code = Some(code.unwrap_or(Code::GaveUp).as_str().to_owned());
    if code.is_none() && before.reviewed_at.is_some() {
        let after = ImportRow { failure_code, ..unreviewed(&before) };
        return move_on(conn, &service, ("return_import", "import.returned"), before, after).await.map(drop);
    }
    queries::forget_file(conn, area_id, id).await?;
    let after =
        ImportRow { status: ImportStatus::Failed, failure_code, finished_at: Some(db::now()), ..before.clone() };
    move_on(conn, &service, ("fail_import", "import.failed"), before, after).await.map(drop)
}

fn is_at_work(row: &ImportRow) -> bool {
    matches!(row.status, ImportStatus::Uploaded | ImportStatus::Running)
}

/// The import as it was when it had been checked.
fn unreviewed(row: &ImportRow) -> ImportRow {
    ImportRow {
        status: ImportStatus::Checked,
        rows_done: row.rows_read,
        reviewed_at: None,
        reviewed_by: None,
        review_note: None,
        decided_by: None,
        ..row.clone()
    }
}

async fn move_on(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: ImportRow,
    after: ImportRow,
) -> Result<ImportRow> {
    queries::move_on(conn, &after).await?;
    let area_id = after.area_id;
    if matches!(after.status, ImportStatus::Cancelled | ImportStatus::Failed) {
        queries::forget_duplicates(conn, area_id, after.id).await?;
    }
    let (earlier, import) = (Import::from(before), Import::from(after.clone()));
    let write = audit::Write::of(operation, "imports", import.id.0, area_id);
    audit::record(conn, caller, write, Some(&earlier), Some(&import)).await?;
    let mut event = told(&import, area_id, kind);
    if let (Some(code), Some(data)) = (&import.failure_code, event.data.as_object_mut()) {
        data.insert("failure_code".to_owned(), json!(code));
    }
    events::emit(conn, event).await?;
    Ok(after)
}
