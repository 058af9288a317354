//! When a complaint is to be answered, and what can be done about it. Pure.

use chrono::{Days, NaiveDate};

use super::model::{
    ComplaintCategory, ComplaintCommand, ComplaintFinding, ComplaintRow, ComplaintStatus, NewComplaint,
};
use crate::domain::has_plain_year;
use crate::error::{Code, Error, Fault, Result};

/// Days in which a complaint is answered.
///
/// The standards of public services allow 5 working days for what the record answers, 14 for what is to be looked into,
/// and 60 for what accuses somebody and has to be examined. There is no calendar of holidays here, so the days are those
/// of the calendar in which as many working days pass without one: 7, 20 and 84.
///
/// Source: service standards under `PermenPANRB` 62/2018 (SP4N-LAPOR), as an office publishes them at sippn.menpan.go.id,
/// read 2026-11-29.
pub(super) fn days_to_answer(category: ComplaintCategory) -> u64 {
    match category {
        ComplaintCategory::DataWrong => 7,
        ComplaintCategory::IllegalLevy | ComplaintCategory::StaffConduct => 84,
        _ => 20,
    }
}

/// Day by which a complaint that came, or was opened again, on a day is answered.
pub(super) fn due_on(category: ComplaintCategory, since: NaiveDate) -> NaiveDate {
    since.checked_add_days(Days::new(days_to_answer(category))).unwrap_or(since)
}

/// Where a complaint is late once its day is over: whoever sees to it is of the sub-district.
pub(super) const OPEN: [ComplaintStatus; 3] =
    [ComplaintStatus::Received, ComplaintStatus::Assigned, ComplaintStatus::Reopened];

/// All faults of a complaint that can be told without the database.
pub(super) fn faults_of(new: &NewComplaint, received_on: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if received_on > today {
        faults.push(Fault::new("/received_on", Code::DateInFuture));
    } else if !has_plain_year(received_on) {
        faults.push(Fault::new("/received_on", Code::WrongType));
    }
    // One thing at a time: the pledge of a handover, or the program of a delivery, follows from it.
    faults.extend(subjects(new).skip(1).map(|pointer| Fault::new(pointer, Code::UnknownField)));
    match (new.complainant_beneficiary_id, &new.complainant_name, &new.complainant_phone) {
        (Some(_), Some(_), _) => faults.push(Fault::new("/complainant_name", Code::UnknownField)),
        (Some(_), None, Some(_)) => faults.push(Fault::new("/complainant_phone", Code::UnknownField)),
        (None, None, Some(_)) => faults.push(Fault::new("/complainant_name", Code::Required)),
        _ => {}
    }
    if new.against_client_id.is_some() && !new.category.is_sensitive() {
        faults.push(Fault::new("/against_client_id", Code::UnknownField));
    }
    faults
}

/// Pointers of what a complaint is said to be about.
fn subjects(new: &NewComplaint) -> impl Iterator<Item = &'static str> {
    let named = [
        ("/beneficiary_id", new.beneficiary_id.is_some()),
        ("/program_id", new.program_id.is_some()),
        ("/cycle_id", new.cycle_id.is_some()),
        ("/delivery_id", new.delivery_id.is_some()),
        ("/pledge_id", new.pledge_id.is_some()),
        ("/allocation_delivery_id", new.allocation_delivery_id.is_some()),
    ];
    named.into_iter().filter(|(_, is_named)| *is_named).map(|(pointer, _)| pointer)
}

use ComplaintCommand::{Answer, Assign, Close, Refer, Reopen, Withdraw};
use ComplaintStatus::{Answered, Assigned, Closed, Received, Referred, Reopened, Withdrawn};

/// The state machine: what is not in it cannot be done.
const TRANSITIONS: [(ComplaintStatus, &[ComplaintCommand]); 7] = [
    (Received, &[Assign, Answer, Refer, Withdraw]),
    (Assigned, &[Assign, Answer, Refer, Withdraw]),
    (Reopened, &[Assign, Answer, Refer, Withdraw]),
    (Referred, &[Assign, Answer, Withdraw]),
    (Answered, &[Close, Reopen]),
    (Closed, &[Reopen]),
    (Withdrawn, &[]),
];

/// What can be done about a complaint; it is reopened once.
fn possible(status: ComplaintStatus, is_reopened: bool) -> impl Iterator<Item = ComplaintCommand> {
    let found = TRANSITIONS.iter().find(|(from, _)| *from == status);
    let commands = found.map(|(_, commands)| *commands).unwrap_or_default();
    commands.iter().copied().filter(move |command| *command != Reopen || !is_reopened)
}

/// Refuses what cannot be done about a complaint as it is.
///
/// # Errors
/// `command_not_possible` with what can be done.
pub(super) fn check(command: ComplaintCommand, row: &ComplaintRow) -> Result<()> {
    if possible(row.status, row.is_reopened).any(|one| one == command) {
        return Ok(());
    }
    let names = possible(row.status, row.is_reopened).map(ComplaintCommand::as_str).collect();
    Err(Error::from(Code::CommandNotPossible).possible(names))
}

/// Refuses that whoever answered closes what was found unfounded, or what accuses somebody: who is accused may be known by
/// name only, and answer it.
///
/// # Errors
/// `second_person_needed`.
pub(super) fn check_closing(row: &ComplaintRow, client_id: &str) -> Result<()> {
    let is_own = row.answered_by.as_deref() == Some(client_id);
    if is_own && (row.finding == Some(ComplaintFinding::Unfounded) || row.category.is_sensitive()) {
        return Err(Code::SecondPersonNeeded.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(status: ComplaintStatus, is_reopened: bool) -> Vec<&'static str> {
        possible(status, is_reopened).map(ComplaintCommand::as_str).collect()
    }

    #[test]
    fn a_complaint_is_reopened_once_and_what_was_taken_back_is_done() {
        assert_eq!(names(Answered, false), ["close", "reopen"]);
        assert_eq!(names(Answered, true), ["close"]);
        assert_eq!(names(Closed, false), ["reopen"]);
        assert!(names(Closed, true).is_empty() && names(Withdrawn, false).is_empty());
    }

    #[test]
    fn what_accuses_somebody_takes_longest_and_what_the_record_answers_is_quick() {
        let since = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let days = |category| (due_on(category, since) - since).num_days();
        assert_eq!(days(ComplaintCategory::DataWrong), 7);
        assert_eq!(days(ComplaintCategory::AidShort), 20);
        assert!(ComplaintCategory::SENSITIVE.into_iter().all(|category| days(category) == 84));
    }
}
