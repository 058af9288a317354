//! Taking families off a reserve list by hand, inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{NewRemoval, Reserve, ReserveStatus};
use super::queries;
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, ReserveId};
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};

/// Takes a family off the list; its place stays empty.
///
/// # Errors
/// `not_found`, `reserve_not_waiting`.
pub(super) async fn remove(conn: &Conn, caller: &Caller, id: ReserveId, new: &NewRemoval) -> Result<Reserve> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.status != ReserveStatus::Waiting {
        return Err(Code::ReserveNotWaiting.into());
    }
    let after = queries::remove(conn, &before, new.reason.as_str(), db::now()).await?;
    let write = Write::of("remove_reserve", "reserves", id.0, after.area_id);
    audit::record(conn, caller, write, Some(&before), Some(&after)).await?;
    let event = NewEvent {
        kind: "reserve.removed",
        subject: "reserves",
        subject_id: id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({ "beneficiary_id": after.beneficiary_id }),
    };
    events::emit(conn, event).await?;
    Ok(after)
}
