//! Which steps an enrollment can take. Pure.

use chrono::NaiveDate;

use super::model::EnrollmentStatus;
use crate::domain::is_far_ahead;
use crate::error::{Code, Error, Result};

/// A step of one enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Confirm,
    Activate,
    Suspend,
    Resume,
    Exit,
}

impl Step {
    const ALL: [Self; 5] = [Self::Confirm, Self::Activate, Self::Suspend, Self::Resume, Self::Exit];

    /// The resource that takes the step.
    fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirmations",
            Self::Activate => "activations",
            Self::Suspend => "suspensions",
            Self::Resume => "resumptions",
            Self::Exit => "exits",
        }
    }

    fn is_possible(self, status: EnrollmentStatus) -> bool {
        match self {
            Self::Confirm => status == EnrollmentStatus::Proposed,
            Self::Activate => status == EnrollmentStatus::Confirmed,
            Self::Suspend => status == EnrollmentStatus::Active,
            Self::Resume => status == EnrollmentStatus::Suspended,
            Self::Exit => status != EnrollmentStatus::Exited,
        }
    }
}

/// Refuses a step that the status does not allow, with those that it does.
///
/// # Errors
/// `command_not_possible`.
pub(super) fn check(step: Step, status: EnrollmentStatus) -> Result<()> {
    if step.is_possible(status) {
        return Ok(());
    }
    let possible = Step::ALL.into_iter().filter(|step| step.is_possible(status)).map(Step::name).collect();
    Err(Error::from(Code::CommandNotPossible).possible(possible))
}

/// The latest day on which an enrollment can end: today. What has not begun by then is over on its first day.
pub(super) fn latest_last_day(started_on: NaiveDate, today: NaiveDate) -> NaiveDate {
    today.max(started_on)
}

/// Refuses a last day that is to come: an enrollment that has ended takes no place and is on no list, so it would be over
/// before its time.
///
/// # Errors
/// `invalid_fields` at the pointer.
pub(super) fn check_last_day(pointer: &str, last_day: NaiveDate, latest: NaiveDate) -> Result<()> {
    if last_day > latest { Err(Error::invalid_field(pointer, Code::DateInFuture)) } else { Ok(()) }
}

/// Refuses a first day that is further ahead than lists are drawn up.
///
/// # Errors
/// `invalid_fields` at the pointer.
pub(super) fn check_first_day(pointer: &str, first_day: NaiveDate, today: NaiveDate) -> Result<()> {
    if is_far_ahead(first_day, today) { Err(Error::invalid_field(pointer, Code::DateTooFarAhead)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_left_takes_no_step() {
        for step in Step::ALL {
            let Err(Error::Refused(refusal)) = check(step, EnrollmentStatus::Exited) else { panic!("{step:?}") };
            assert_eq!(refusal.possible, Some(Vec::new()));
        }
    }

    #[test]
    fn only_a_pause_is_resumed() {
        assert!(check(Step::Resume, EnrollmentStatus::Suspended).is_ok());
        let Err(Error::Refused(refusal)) = check(Step::Resume, EnrollmentStatus::Active) else { panic!() };
        assert_eq!(refusal.possible, Some(vec!["suspensions", "exits"]));
    }
}
