//! What a duty record must be. Pure.

use chrono::NaiveDate;

use super::model::{NewDutyRecord, Newest};
use crate::domain::DutyRecordId;
use crate::error::{Code, Error, Fault, Result};

/// Days of the longest month.
const MOST: i32 = 31;

/// All faults of a record that can be told without the database.
pub(super) fn faults_of(new: &NewDutyRecord, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.period.first_day() > today {
        faults.push(Fault::new("/period", Code::DateInFuture));
    }
    if !(1..=MOST).contains(&new.due_count) {
        faults.push(Fault::new("/due_count", Code::WrongType).with_detail(format!("From 1 to {MOST}.")));
    }
    if !(0..=new.due_count.max(0)).contains(&new.done_count) {
        let told = "No more than were due, and not below 0.".to_owned();
        faults.push(Fault::new("/done_count", Code::WrongType).with_detail(told));
    }
    faults
}

/// The version of a record, by the newest one that is there and the one that it is to correct.
///
/// # Errors
/// `duty_already_recorded`, `duty_record_corrected`, `invalid_fields`.
pub(super) fn version(newest: Option<Newest>, corrects: Option<DutyRecordId>) -> Result<i32> {
    match (newest, corrects) {
        (None, None) => Ok(1),
        (None, Some(_)) => Err(Error::invalid_field("/corrects", Code::ReferenceUnknown)),
        (Some(newest), Some(corrects)) if newest.id == corrects => Ok(newest.version + 1),
        (Some(newest), corrects) => {
            let code = if corrects.is_some() { Code::DutyRecordCorrected } else { Code::DutyAlreadyRecorded };
            Err(Error::from(code).related("duty_records", newest.id.0))
        }
    }
}
