//! What people decide about an import: each inside a transaction, with audit row and event.

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

async fn move_on(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &str),
    before: ImportRow,
    after: ImportRow,
) -> Result<ImportRow> {
    queries::move_on(conn, &after).await?;
    let area_id = after.area_id;
    let (earlier, import) = (Import::from(before), Import::from(after.clone()));
    let write = audit::Write::of(operation, "imports", import.id.0, area_id);
    audit::record(conn, caller, write, Some(&earlier), Some(&import)).await?;
    events::emit(conn, told(&import, area_id, kind)).await?;
    Ok(after)
}
