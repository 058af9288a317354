//! Who may be replaced, and by which papers. Pure.

use chrono::NaiveDate;

use super::model::{Meeting, NewReplacement, ReplacementReason};
use crate::enrollments::model::{Enrollment, EnrollmentStatus, ExitReason};
use crate::error::{Code, Error, Fault, Result};
use crate::programs::{ReplacementSource, RuleSet};

/// What the enrollment ends with.
pub(super) fn exit_reason(reason: ReplacementReason) -> ExitReason {
    match reason {
        ReplacementReason::Deceased => ExitReason::Deceased,
        ReplacementReason::Moved => ExitReason::Moved,
        ReplacementReason::Duplicate => ExitReason::Duplicate,
        ReplacementReason::Refused => ExitReason::OwnWish,
    }
}

/// What the one who follows becomes; a family that has left already for one of the reasons is followed all the same.
///
/// # Errors
/// `command_not_possible` where it has no place to give up, or earned its leave.
pub(super) fn follower_of(enrollment: &Enrollment) -> Result<EnrollmentStatus> {
    use ExitReason::{Deceased, Duplicate, Moved, OwnWish};
    match (enrollment.status, enrollment.exit_reason) {
        (EnrollmentStatus::Confirmed, _) => Ok(EnrollmentStatus::Confirmed),
        (EnrollmentStatus::Active | EnrollmentStatus::Suspended, _)
        | (EnrollmentStatus::Exited, Some(Deceased | Moved | Duplicate | OwnWish)) => Ok(EnrollmentStatus::Active),
        (EnrollmentStatus::Proposed, _) => Err(Error::from(Code::CommandNotPossible).possible(vec!["exits"])),
        (EnrollmentStatus::Exited, _) => Err(Error::from(Code::CommandNotPossible).possible(Vec::new())),
    }
}

/// Refuses what the rule set does not let be: a family that is named, or no meeting.
///
/// # Errors
/// `invalid_fields`.
pub(super) fn check(
    new: &NewReplacement,
    rule_set: &RuleSet,
    (enrollment, meeting): (&Enrollment, Option<&Meeting>),
    (replaced_on, today): (NaiveDate, NaiveDate),
) -> Result<()> {
    let mut faults = Vec::new();
    // The one leaves and the other comes at once, by minutes of a handover that was.
    if replaced_on > today {
        faults.push(Fault::new("/replaced_on", Code::DateInFuture));
    }
    if new.beneficiary_id.is_some() && rule_set.replacements.source == ReplacementSource::Reserve {
        faults.push(Fault::new("/beneficiary_id", Code::NamingNotAllowed));
    }
    if replaced_on < enrollment.started_on {
        faults.push(Fault::new("/replaced_on", Code::DatesOutOfOrder));
    }
    match (new.deliberation_id, meeting) {
        (None, _) if rule_set.replacements.needs_deliberation => {
            faults.push(Fault::new("/deliberation_id", Code::Required));
        }
        (Some(_), None) => faults.push(Fault::new("/deliberation_id", Code::ReferenceUnknown)),
        (Some(_), Some(meeting)) if meeting.village_code != enrollment.quota_village_code => {
            faults.push(Fault::new("/deliberation_id", Code::VillageDiffers));
        }
        (Some(_), Some(meeting)) if meeting.held_on > replaced_on => {
            faults.push(Fault::new("/replaced_on", Code::DatesOutOfOrder));
        }
        (Some(_), Some(meeting)) if !meeting.is_special => {
            faults.push(Fault::new("/deliberation_id", Code::MeetingNotSpecial));
        }
        (Some(_), Some(meeting)) if !meeting.has_decided => {
            faults.push(Fault::new("/deliberation_id", Code::MeetingDecidedOtherwise));
        }
        _ => {}
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}
