//! Setting quotas, inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{NewQuota, Quota};
use super::queries;
use crate::audit;
use crate::db::{self, Conn};
use crate::domain::{Caller, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::{programs, regions};

/// Most places of a quota.
const MOST_PLACES: i32 = 10_000_000;

/// Sets a quota. Under the program's lock: whoever gives places shares it, and counts by the quota that was in force
/// when it began. Fewer places than are taken takes none away, and gives none.
///
/// # Errors
/// `not_found`, `invalid_fields`.
pub(super) async fn set(conn: &Conn, caller: &Caller, program_id: ProgramId, new: &NewQuota) -> Result<Quota> {
    let program = programs::lock(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    let area_id = programs::acting_area(conn, &caller.scope, &program, new.district_code.as_ref()).await?;
    let mut faults = Vec::new();
    if !(0..=MOST_PLACES).contains(&new.places) {
        faults.push(Fault::new("/places", Code::WrongType));
    }
    if new.effective_to.is_some_and(|last| last < new.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    if let Some(village_code) = &new.village_code {
        let village = regions::find_village(conn, &caller.scope, village_code).await?;
        let is_here = village.is_some_and(|village| village.area_id == area_id);
        faults.extend((!is_here).then(|| Fault::new("/village_code", Code::VillageUnknown)));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let quota = queries::insert(conn, (area_id, program_id), new, (&caller.client_id, db::now())).await?;
    let write = audit::Write::of("set_quota", "quotas", quota.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&quota)).await?;
    let event = NewEvent {
        kind: "quota.set",
        subject: "quotas",
        subject_id: quota.id.0,
        area_id,
        company_id: None,
        data: json!({ "program_id": program_id, "village_code": quota.village_code, "places": quota.places }),
    };
    events::emit(conn, event).await?;
    Ok(quota)
}
