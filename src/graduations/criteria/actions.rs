//! Setting criteria, inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{Criteria, NewCriteria};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::Caller;
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::{programs, regions};

/// Longest care.
const MOST_MONTHS: i32 = 60;

/// Sets criteria of a sub-district. Under a lock of its own, so that numbers have no gap and none twice.
///
/// # Errors
/// `invalid_fields`, with every fault of the rule.
pub(super) async fn set(conn: &Conn, caller: &Caller, new: &NewCriteria) -> Result<Criteria> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    programs::read_rule(conn, caller, "/readiness", &new.readiness).await?;
    let mut faults = Vec::new();
    if !(0..=MOST_MONTHS).contains(&new.after_care_months) {
        faults.push(Fault::new("/after_care_months", Code::WrongType));
    }
    if new.effective_to.is_some_and(|last| last < new.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let number = queries::last_number(conn, area_id).await? + 1;
    let criteria = queries::insert(conn, (area_id, number), new, (&caller.client_id, db::now())).await?;
    let write = audit::Write::of("set_graduation_criteria", "graduation_criteria", criteria.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&criteria)).await?;
    let event = NewEvent {
        kind: "graduation_criteria.set",
        subject: "graduation_criteria",
        subject_id: criteria.id.0,
        area_id,
        company_id: None,
        data: json!({ "number": number, "effective_from": criteria.effective_from }),
    };
    events::emit(conn, event).await?;
    Ok(criteria)
}
