//! Who gets a certificate. Pure.

use super::model::{NotCertified, NotCertifiedReason};
use crate::trainings::participants::{AssessmentResult, Standing};

/// Why a participant gets none; nothing where it gets one.
pub(super) fn refusal(standing: &Standing, minimum_attendance_percent: i16) -> Option<NotCertified> {
    let reason = if standing.is_certified {
        NotCertifiedReason::AlreadyCertified
    } else if standing.attended_percent < minimum_attendance_percent {
        NotCertifiedReason::AttendanceTooLow
    } else if standing.assessment == Some(AssessmentResult::NotYetCompetent) {
        NotCertifiedReason::NotYetCompetent
    } else {
        return None;
    };
    let attended_percent = standing.attended_percent;
    Some(NotCertified { participant_id: standing.id, reason, attended_percent, minimum_attendance_percent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TrainingParticipantId;

    fn reason(attended_percent: i16, assessment: Option<AssessmentResult>, is_certified: bool) -> Option<&'static str> {
        let standing = Standing { id: TrainingParticipantId::new(), attended_percent, assessment, is_certified };
        refusal(&standing, 80).map(|refusal| refusal.reason.as_str())
    }

    #[test]
    fn a_certificate_needs_attendance_and_no_failure() {
        assert_eq!(reason(80, None, false), None);
        assert_eq!(reason(100, Some(AssessmentResult::Competent), false), None);
        assert_eq!(reason(79, Some(AssessmentResult::Competent), false), Some("attendance_too_low"));
        assert_eq!(reason(100, Some(AssessmentResult::NotYetCompetent), false), Some("not_yet_competent"));
        assert_eq!(reason(100, None, true), Some("already_certified"));
    }
}
