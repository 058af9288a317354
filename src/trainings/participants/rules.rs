//! Who may have a seat, and who keeps it. Pure.

use std::collections::HashSet;

use chrono::{Months, NaiveDate};

use super::model::{AssessmentResult, Candidate, NewAssessment, TrainingParticipant};
use crate::error::{Code, Fault, Result};

/// Years of age from which on somebody is of working age, and may learn a trade with others.
const WORKING_AGE_MONTHS: u32 = 15 * 12;

/// Refuses a member of a family that nobody verified, or who is too young on the first day.
///
/// # Errors
/// `beneficiary_not_verified`, `member_age_unknown`, `member_too_young`.
pub(super) fn check(candidate: &Candidate, begins_on: NaiveDate) -> Result<()> {
    if !candidate.is_verified {
        return Err(Code::BeneficiaryNotVerified.into());
    }
    let born_on = candidate.born_on.ok_or(Code::MemberAgeUnknown)?;
    match born_on.checked_add_months(Months::new(WORKING_AGE_MONTHS)) {
        Some(of_age_on) if of_age_on <= begins_on => Ok(()),
        _ => Err(Code::MemberTooYoung.into()),
    }
}

/// Whether a participant attended enough of all sessions for the certificate, and no assessor says otherwise.
pub(super) fn has_earned(participant: &TrainingParticipant, minimum_attendance_percent: i16) -> bool {
    let has_attended = participant.attended_percent.is_some_and(|percent| percent >= minimum_attendance_percent.into());
    has_attended && participant.assessment != Some(AssessmentResult::NotYetCompetent)
}

/// Faults of a list that should name each participant once.
pub(super) fn faults_of(results: &[NewAssessment]) -> Vec<Fault> {
    if results.is_empty() || results.len() > 500 {
        return vec![Fault::new("/results", Code::WrongType)];
    }
    let mut seen = HashSet::new();
    let again = results.iter().enumerate().filter(|(_, one)| !seen.insert(one.participant_id));
    again.map(|(index, _)| Fault::new(format!("/results/{index}/participant_id"), Code::ValueTwice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BeneficiaryId;

    fn born(year: i32, month: u32, day: u32) -> Candidate {
        let born_on = NaiveDate::from_ymd_opt(year, month, day);
        Candidate { beneficiary_id: BeneficiaryId::new(), is_verified: true, born_on }
    }

    #[test]
    fn a_member_is_fifteen_on_the_first_day() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        assert!(check(&born(2011, 11, 2), first).is_ok());
        assert_eq!(check(&born(2011, 11, 3), first).unwrap_err().code(), Some(Code::MemberTooYoung));
        let ageless = Candidate { born_on: None, ..born(1980, 1, 1) };
        assert_eq!(check(&ageless, first).unwrap_err().code(), Some(Code::MemberAgeUnknown));
        let unseen = Candidate { is_verified: false, ..born(1980, 1, 1) };
        assert_eq!(check(&unseen, first).unwrap_err().code(), Some(Code::BeneficiaryNotVerified));
    }
}
