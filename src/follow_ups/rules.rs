//! What a follow-up must say, and when it is due. Pure.

use chrono::{Months, NaiveDate};

use super::model::{NewFollowUp, Newest};
use crate::domain::FollowUpId;
use crate::error::{Code, Error, Fault, Result};
use crate::programs::ProgramKind;

/// Months after a handover.
pub(super) const MARKS: [i16; 4] = [3, 6, 12, 24];

/// All faults of a record; a training has no asset to look at.
pub(super) fn faults_of(new: &NewFollowUp, kind: ProgramKind, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !MARKS.contains(&new.month_mark) {
        faults.push(Fault::new("/month_mark", Code::ValueUnknown));
    }
    if new.visited_on > today {
        faults.push(Fault::new("/visited_on", Code::DateInFuture));
    }
    let of_family = [
        ("/is_earning", new.is_earning.is_some()),
        ("/income", new.income.is_some()),
        ("/is_on_aid", new.is_on_aid.is_some()),
    ];
    let of_asset = [
        ("/is_held", new.is_held.is_some()),
        ("/is_in_use", new.is_in_use.is_some()),
        ("/is_working", new.is_working.is_some()),
    ];
    let has_asset = new.is_found && kind == ProgramKind::Equipment;
    faults.extend(answers(&of_family, new.is_found));
    faults.extend(answers(&of_asset, has_asset));
    faults
}

/// Answers that are missing where they are needed, or there where nobody could give them.
fn answers(given: &[(&'static str, bool)], is_needed: bool) -> Vec<Fault> {
    let code = if is_needed { Code::Required } else { Code::UnknownField };
    given.iter().filter(|(_, is_given)| *is_given != is_needed).map(|(pointer, _)| Fault::new(*pointer, code)).collect()
}

/// Refuses a visit before its months are over.
///
/// # Errors
/// `follow_up_not_due` with the day.
pub(super) fn check_due(new: &NewFollowUp, delivered_on: NaiveDate) -> Result<()> {
    let months = Months::new(u32::try_from(new.month_mark).unwrap_or_default());
    match delivered_on.checked_add_months(months) {
        Some(due_on) if new.visited_on >= due_on => Ok(()),
        due_on => {
            let day = due_on.unwrap_or(delivered_on);
            Err(Error::from(Code::FollowUpNotDue).about(format!("due on {day}")))
        }
    }
}

/// The version of a record, by the newest one that is there and the one that it is to correct.
///
/// # Errors
/// `follow_up_recorded`, `follow_up_corrected`, `invalid_fields`.
pub(super) fn version(newest: Option<Newest>, corrects: Option<FollowUpId>) -> Result<i32> {
    match (newest, corrects) {
        (None, None) => Ok(1),
        (None, Some(_)) => Err(Error::invalid_field("/corrects", Code::ReferenceUnknown)),
        (Some(newest), Some(corrects)) if newest.id == corrects => Ok(newest.version + 1),
        (Some(newest), corrects) => {
            let code = if corrects.is_some() { Code::FollowUpCorrected } else { Code::FollowUpRecorded };
            Err(Error::from(code).related("follow_ups", newest.id.0))
        }
    }
}
