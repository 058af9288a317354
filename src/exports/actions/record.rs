//! Changes of the record of an export: each is called inside a transaction.

use crate::audit::{self, NO_AREA};
use crate::db::{self, Conn};
use crate::domain::{Caller, ExportId};
use crate::error::{Code, Error, Result};
use crate::exports::model::{Export, ExportRow, ExportStatus, ExportedList, NewExport, Numbers};
use crate::exports::{queries, rules};

/// Permissions of the caller besides that to export.
#[derive(Debug, Clone)]
pub(in crate::exports) struct Granted(pub(in crate::exports) Vec<&'static str>);

impl Granted {
    /// Refuses a list, or full numbers, that the caller may not read.
    ///
    /// # Errors
    /// `insufficient_scope` with the scope that is missing.
    pub(in crate::exports) fn check(
        &self,
        list: ExportedList,
        numbers: Numbers,
        to_reveal: &'static str,
    ) -> Result<()> {
        let needed = [Some(rules::list(list).scope), (numbers == Numbers::Full).then_some(to_reveal)];
        match needed.into_iter().flatten().find(|scope| !self.0.contains(scope)) {
            None => Ok(()),
            Some(scope) => Err(Error::from(Code::InsufficientScope).about(scope)),
        }
    }
}

/// Records what is asked for.
///
/// # Errors
/// `invalid_fields` where the list does not have it.
pub(in crate::exports) async fn start(conn: &Conn, caller: &Caller, new: &NewExport) -> Result<Export> {
    let columns = rules::choose(new)?;
    let now = db::now();
    let row = ExportRow {
        id: ExportId::new(),
        client_id: caller.client_id.clone(),
        list: new.list,
        format: new.format,
        filter: serde_json::to_value(&new.filter).map_err(Error::internal)?,
        fields: columns.iter().map(|column| column.name.to_owned()).collect(),
        as_of: new.as_of.map(|as_of| as_of.0),
        numbers: new.numbers,
        purpose: new.purpose.as_ref().map(ToString::to_string),
        status: ExportStatus::Ready,
        rows_written: 0,
        created_at: now,
        started_at: None,
        progress_at: None,
        finished_at: None,
        expires_at: now + rules::KEPT,
    };
    queries::insert(conn, &row).await?;
    let export = Export::try_from(row)?;
    record(conn, caller, "start_export", None, &export).await?;
    Ok(export)
}

/// Takes the export for this process: from now on its file is on its way.
///
/// # Errors
/// `not_found`, `command_not_possible` where another process writes it or it was given up, `too_many_requests`.
pub(in crate::exports) async fn begin(conn: &Conn, caller: &Caller, id: ExportId) -> Result<ExportRow> {
    queries::be_alone(conn, &caller.client_id).await?;
    let now = db::now();
    let row = queries::find(conn, &caller.client_id, id, now).await?.ok_or(Code::NotFound)?;
    let running = queries::count_running(conn, &caller.client_id, now - rules::SILENCE).await?;
    rules::may_write(&row, running, now)?;
    queries::set_running(conn, id, now).await
}

/// Gives an export up; whoever writes its file stops within a second.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(in crate::exports) async fn cancel(conn: &Conn, caller: &Caller, id: ExportId) -> Result<Export> {
    queries::be_alone(conn, &caller.client_id).await?;
    let now = db::now();
    let before = queries::find(conn, &caller.client_id, id, now).await?.ok_or(Code::NotFound)?;
    rules::may_cancel(&before)?;
    let after = Export::try_from(queries::set_cancelled(conn, id, now).await?)?;
    record(conn, caller, "cancel_export", Some(&Export::try_from(before)?), &after).await?;
    Ok(after)
}

/// Each sub-district whose rows may go out gets the record.
async fn record(conn: &Conn, caller: &Caller, operation: &str, before: Option<&Export>, after: &Export) -> Result<()> {
    let nowhere = caller.scope.area_ids.is_empty().then_some(NO_AREA);
    for area_id in caller.scope.area_ids.iter().copied().chain(nowhere) {
        let write = audit::Write::of(operation, "exports", after.id.0, area_id);
        audit::record(conn, caller, write, before, Some(after)).await?;
    }
    Ok(())
}
