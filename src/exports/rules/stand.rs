//! When a file may be fetched or given up.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{Code, Error, Refusal, Result};
use crate::exports::model::{ExportRow, ExportStatus};

/// How long a file can be fetched after it was asked for.
pub(in crate::exports) const KEPT: TimeDelta = TimeDelta::hours(24);
/// Files that a client may have on their way at once: each holds a session of the database.
const MOST_RUNNING: i64 = 2;
/// Whoever writes a file tells of it every second; one that nobody has told of for so long is lost.
pub(in crate::exports) const SILENCE: TimeDelta = TimeDelta::seconds(30);

/// Refuses to write a file that is on its way already, was given up, or is one too many.
///
/// # Errors
/// `command_not_possible` with what is possible instead, `too_many_requests`.
pub(in crate::exports) fn may_write(export: &ExportRow, running: i64, now: DateTime<Utc>) -> Result<()> {
    let is_silent = export.progress_at.is_none_or(|at| at <= now - SILENCE);
    match export.status {
        ExportStatus::Cancelled => Err(Error::from(Code::CommandNotPossible).possible(Vec::new())),
        ExportStatus::Running if !is_silent => {
            Err(Error::from(Code::CommandNotPossible).possible(vec!["cancel_export"]))
        }
        _ if running >= MOST_RUNNING => {
            let refusal = Refusal { retry_after_seconds: Some(5), ..Code::TooManyRequests.into() };
            Err(Error::Refused(Box::new(refusal)))
        }
        _ => Ok(()),
    }
}

/// Refuses to give up what was given up.
///
/// # Errors
/// `command_not_possible`.
pub(in crate::exports) fn may_cancel(export: &ExportRow) -> Result<()> {
    match export.status {
        ExportStatus::Cancelled => Err(Error::from(Code::CommandNotPossible).possible(Vec::new())),
        _ => Ok(()),
    }
}
