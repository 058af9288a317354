//! Recording a follow-up: one transaction with its audit row and its event.

use serde_json::json;

use super::model::{FollowUp, NewFollowUp};
use super::{queries, rules};
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, FollowUpId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Records how a family does, or puts right what was recorded.
///
/// # Errors
/// `invalid_fields`, `follow_up_not_due`, `follow_up_recorded`, `follow_up_corrected`.
pub(super) async fn record(conn: &Conn, caller: &Caller, new: &NewFollowUp) -> Result<FollowUp> {
    let Some(aid) = queries::find_aid(conn, &caller.scope, new.aid_id).await? else {
        return Err(Error::invalid_field("/aid_id", Code::ReferenceUnknown));
    };
    let faults = rules::faults_of(new, aid.kind, db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    rules::check_due(new, aid.delivered_on)?;
    let newest = queries::find_newest(conn, aid.area_id, new).await?;
    let record = FollowUp {
        id: FollowUpId::new(),
        area_id: aid.area_id,
        aid_id: new.aid_id,
        source: aid.source,
        beneficiary_id: aid.beneficiary_id,
        village_code: aid.village_code,
        program_id: aid.program_id,
        pledge_id: aid.pledge_id,
        delivered_on: aid.delivered_on,
        month_mark: new.month_mark,
        visited_on: new.visited_on,
        is_found: new.is_found,
        is_held: new.is_held,
        is_in_use: new.is_in_use,
        is_working: new.is_working,
        is_earning: new.is_earning,
        income: new.income,
        is_on_aid: new.is_on_aid,
        note: new.note.as_ref().map(ToString::to_string),
        version: rules::version(newest, new.corrects)?,
        corrects: new.corrects,
        recorded_by: caller.client_id.clone(),
        created_at: db::now(),
    };
    queries::insert(conn, &record).await?;
    tell(conn, caller, &record).await?;
    Ok(record)
}

async fn tell(conn: &Conn, caller: &Caller, record: &FollowUp) -> Result<()> {
    let write = audit::Write::of("record_follow_up", "follow_ups", record.id.0, record.area_id);
    audit::record(conn, caller, write, None, Some(record)).await?;
    let event = NewEvent {
        kind: "follow_up.recorded",
        subject: "follow_ups",
        subject_id: record.id.0,
        area_id: record.area_id,
        company_id: None,
        data: json!({ "aid_id": record.aid_id, "month_mark": record.month_mark, "version": record.version }),
    };
    events::emit(conn, event).await
}
