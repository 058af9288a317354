//! Recording a duty: one transaction with its audit row and its event.

use serde_json::json;

use super::model::{DutyRecord, NewDutyRecord};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::Caller;
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Records what a member did of a duty, or puts right what was recorded. Lists that are frozen stay as they are.
///
/// # Errors
/// `invalid_fields`, `duty_already_recorded`, `duty_record_corrected`.
pub(super) async fn record(conn: &Conn, caller: &Caller, new: &NewDutyRecord) -> Result<DutyRecord> {
    let faults = rules::faults_of(new, db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let Some(home) = queries::hold_home(conn, &caller.scope, new).await? else {
        return Err(Error::invalid_field("/member_id", Code::ReferenceUnknown));
    };
    let newest = queries::find_newest(conn, home.area_id, new).await?;
    let version = rules::version(newest, new.corrects)?;
    let record = queries::insert(conn, caller, (home, version), new, db::now()).await?;
    tell(conn, caller, &record).await?;
    Ok(record)
}

async fn tell(conn: &Conn, caller: &Caller, record: &DutyRecord) -> Result<()> {
    let write = audit::Write::of("record_duty", "duty_records", record.id.0, record.area_id);
    audit::record(conn, caller, write, None, Some(record)).await?;
    let event = NewEvent {
        kind: "duty.recorded",
        subject: "duty_records",
        subject_id: record.id.0,
        area_id: record.area_id,
        company_id: None,
        data: json!({ "kind": record.kind, "period": record.period, "version": record.version }),
    };
    events::emit(conn, event).await
}
