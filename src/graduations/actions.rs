//! Graduating and coming back: each inside a transaction, with audit row and event.

use serde_json::json;

use super::candidates;
use super::criteria;
use super::model::{Graduation, NewGraduateReturn, NewGraduation};
use super::queries;
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, GraduationId};
use crate::enrollments::{self, ExitReason};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// Lets a family that is ready leave all its programs. The family is held first, as by whoever gives places, so that it
/// gets none meanwhile.
///
/// # Errors
/// `invalid_fields`, `not_found`, `beneficiary_not_live`, `already_graduated`, `no_criteria_in_force`, `criteria_not_met`,
/// `not_on_aid`.
pub(super) async fn graduate(conn: &Conn, caller: &Caller, new: &NewGraduation) -> Result<Graduation> {
    let on = new.graduated_on.unwrap_or_else(db::today);
    if on > db::today() {
        return Err(Error::invalid_field("/graduated_on", Code::DateInFuture));
    }
    let family = queries::hold_family(conn, &caller.scope, new.beneficiary_id).await?;
    let family = family.ok_or_else(|| Error::invalid_field("/beneficiary_id", Code::ReferenceUnknown))?;
    if !family.is_live {
        return Err(Code::BeneficiaryNotLive.into());
    }
    let area_id = family.area_id;
    if queries::has_graduated(conn, (area_id, new.beneficiary_id)).await? {
        return Err(Code::AlreadyGraduated.into());
    }
    let criteria = criteria::in_force(conn, area_id, on).await?;
    if !candidates::is_ready(conn, (area_id, new.beneficiary_id), &criteria, on).await? {
        return Err(Code::CriteriaNotMet.into());
    }
    let (reason, now) = (ExitReason::Graduated, db::now());
    let left = enrollments::leave_all(conn, caller, (area_id, new.beneficiary_id), (reason, on)).await?;
    if left.is_empty() {
        return Err(Code::NotOnAid.into());
    }
    let graduation = Graduation {
        id: GraduationId::new(),
        beneficiary_id: new.beneficiary_id,
        village_code: family.village_code,
        criteria_id: criteria.id,
        graduated_on: on,
        after_care_until: criteria.after_care_until(on)?,
        enrollment_ids: left,
        note: new.note.as_ref().map(ToString::to_string),
        decided_by: caller.client_id.clone(),
        returned_on: None,
        return_reason: None,
        return_note: None,
        returned_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
        area_id,
    };
    queries::insert(conn, &graduation).await?;
    tell(conn, caller, ("graduate_beneficiary", "graduation.recorded"), None, &graduation).await?;
    Ok(graduation)
}

/// Records that a family needs aid again. It gets its places as anybody does.
///
/// # Errors
/// `not_found`, `already_returned`, `invalid_fields` where the day lies before the graduation or ahead.
pub(super) async fn take_back(
    conn: &Conn,
    caller: &Caller,
    id: GraduationId,
    new: &NewGraduateReturn,
) -> Result<Graduation> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.returned_on.is_some() {
        return Err(Code::AlreadyReturned.into());
    }
    let returned_on = new.returned_on.unwrap_or_else(db::today);
    if returned_on > db::today() {
        return Err(Error::invalid_field("/returned_on", Code::DateInFuture));
    }
    if returned_on < before.graduated_on {
        return Err(Error::invalid_field("/returned_on", Code::DatesOutOfOrder));
    }
    let after = queries::take_back(conn, &before, (new, returned_on), (&caller.client_id, db::now())).await?;
    tell(conn, caller, ("return_graduate", "graduation.returned"), Some(&before), &after).await?;
    Ok(after)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&Graduation>,
    after: &Graduation,
) -> Result<()> {
    let write = Write::of(operation, "graduations", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    let event = NewEvent {
        kind,
        subject: "graduations",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "beneficiary_id": after.beneficiary_id, "after_care_until": after.after_care_until,
            "return_reason": after.return_reason,
        }),
    };
    events::emit(conn, event).await
}
