//! When a milestone is reached, and by what. Pure.

use chrono::NaiveDate;

use super::model::{EmpowermentMilestone, FoundEvidence, MilestoneEvidenceKind, MilestoneStatus, NewAttainment};
use crate::error::{Code, Error, Fault, Result};
use crate::programs::benefits::MilestoneKind;

use MilestoneEvidenceKind::{AllocationDelivery, Custody, Delivery, FollowUp, TrainingCertificate, Visit};

impl MilestoneStatus {
    /// True where it is still to be reached.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Lapsed)
    }
}

/// Kinds of records that show a milestone of a kind.
fn kinds_for(kind: MilestoneKind) -> &'static [MilestoneEvidenceKind] {
    match kind {
        MilestoneKind::Training => &[TrainingCertificate],
        MilestoneKind::Equipment => &[Custody, Delivery, AllocationDelivery],
        MilestoneKind::Goods => &[Delivery, AllocationDelivery],
        MilestoneKind::Visit => &[FollowUp, Visit],
    }
}

/// Refuses what was reached and holds, or was waived.
///
/// # Errors
/// `command_not_possible`.
pub(super) fn check_open(milestone: &EmpowermentMilestone) -> Result<()> {
    if milestone.status.is_open() {
        return Ok(());
    }
    Err(Error::from(Code::CommandNotPossible).possible(Vec::new()))
}

/// Refuses a milestone before those that it needs.
///
/// # Errors
/// `milestone_needs_others` with their numbers.
pub(super) fn check_order(milestone: &EmpowermentMilestone, all: &[EmpowermentMilestone]) -> Result<()> {
    let needed = all.iter().filter(|other| milestone.needs.contains(&other.number));
    let lacking: Vec<i16> = needed.filter(|other| other.status.is_open()).map(|other| other.number).collect();
    if lacking.is_empty() { Ok(()) } else { Err(Error::from(Code::MilestoneNeedsOthers).lacking(lacking)) }
}

/// Refuses a kind of record that cannot show a milestone of that kind.
///
/// # Errors
/// `invalid_fields`.
pub(super) fn check_kind(kind: MilestoneKind, new: &NewAttainment) -> Result<()> {
    let known = kinds_for(kind);
    if known.contains(&new.evidence_kind) {
        return Ok(());
    }
    let names: Vec<&str> = known.iter().map(|kind| kind.as_str()).collect();
    let told = format!("A milestone of the kind {} is shown by: {}.", kind.as_str(), names.join(", "));
    Err(Error::invalid(vec![Fault::new("/evidence_kind", Code::ValueUnknown).with_detail(told)]))
}

/// Refuses a record that shows nothing, another thing, or something from before the plan. What was learnt or is at hand
/// may be from before: it need not be given again.
///
/// # Errors
/// `evidence_void`, `invalid_fields`.
pub(super) fn check_evidence(
    new: &NewAttainment,
    evidence: &FoundEvidence,
    (started_on, today): (NaiveDate, NaiveDate),
) -> Result<()> {
    if evidence.is_void {
        return Err(Code::EvidenceVoid.into());
    }
    let code = if !evidence.fits {
        Code::NotForThisKind
    } else if evidence.happened_on > today {
        Code::DateInFuture
    } else if evidence.happened_on < started_on && !matches!(new.evidence_kind, TrainingCertificate | Custody) {
        Code::DatesOutOfOrder
    } else {
        return Ok(());
    };
    Err(Error::invalid_field("/evidence_id", code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn checked(evidence_kind: MilestoneEvidenceKind, found: FoundEvidence) -> Option<Code> {
        let new = NewAttainment { evidence_kind, evidence_id: uuid::Uuid::nil() };
        match check_evidence(&new, &found, (day(10), day(20))) {
            Err(Error::Refused(refusal)) => Some(refusal.faults.first().map_or(refusal.code, |fault| fault.code)),
            _ => None,
        }
    }

    const FOUND: FoundEvidence =
        FoundEvidence { happened_on: NaiveDate::MIN, is_void: false, fits: true, period: None };

    #[test]
    fn what_was_learnt_or_is_at_hand_may_be_from_before_the_plan() {
        let before = FoundEvidence { happened_on: day(1), ..FOUND };
        assert_eq!(checked(TrainingCertificate, before), None);
        assert_eq!(checked(Custody, before), None);
        for kind in [Delivery, AllocationDelivery, FollowUp, Visit] {
            assert_eq!(checked(kind, before), Some(Code::DatesOutOfOrder));
            assert_eq!(checked(kind, FoundEvidence { happened_on: day(10), ..FOUND }), None);
        }
    }

    #[test]
    fn what_does_not_hold_or_is_another_thing_shows_nothing() {
        let within = FoundEvidence { happened_on: day(15), ..FOUND };
        assert_eq!(checked(Visit, FoundEvidence { is_void: true, ..within }), Some(Code::EvidenceVoid));
        assert_eq!(checked(Delivery, FoundEvidence { fits: false, ..within }), Some(Code::NotForThisKind));
        assert_eq!(checked(Visit, FoundEvidence { happened_on: day(21), ..FOUND }), Some(Code::DateInFuture));
    }

    #[test]
    fn each_kind_is_shown_by_records_of_its_own() {
        for kind in MilestoneKind::ALL {
            assert!(!kinds_for(*kind).is_empty());
        }
        assert!(!kinds_for(MilestoneKind::Goods).contains(&Custody));
    }
}
