//! Decisions and what stands against them.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Uuid as SqlUuid};

use crate::domain::{BeneficiaryId, EnrollmentId};
use crate::enrollments::model::{EnrollmentStatus, ExitReason};
use crate::error::Code;

/// What was decided of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It comes onto the program.
    Add,
    /// It stays, as it is: a pause goes on.
    Keep,
    /// It leaves.
    Remove(ExitReason),
    /// It waits on the reserve list, in this place among those of the meeting.
    Reserve(i16),
}

/// Decisions about one program.
#[derive(Debug)]
pub struct Decided<'a> {
    /// Sub-district.
    pub area_id: i32,
    /// First day of those added, last of those removed.
    pub effective_on: NaiveDate,
    /// Decree or minutes that they rest on.
    pub decree_number: &'a str,
    /// Each family once.
    pub decisions: &'a [(BeneficiaryId, Decision)],
}

/// How many families were dealt with how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Enrolled now.
    pub added: usize,
    /// Left as they were.
    pub kept: usize,
    /// Exited now.
    pub removed: usize,
    /// Put on the reserve list now.
    pub reserved: usize,
}

/// A decision that cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionFault {
    /// Family.
    pub beneficiary_id: BeneficiaryId,
    /// What stands against it.
    pub code: Code,
}

/// A family as far as a decision about it asks.
#[derive(Debug, QueryableByName)]
pub(super) struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Bool)]
    pub(super) is_live: bool,
    #[diesel(sql_type = Bool)]
    pub(super) is_eligible: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) enrollment_id: Option<EnrollmentId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) status: Option<EnrollmentStatus>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) started_on: Option<NaiveDate>,
}

impl Standing {
    /// The same families by one more rule set: eligible are those that are by each.
    pub(super) fn by_all(before: &[Self], mut now: Vec<Self>) -> Vec<Self> {
        for standing in &mut now {
            let earlier = before.iter().find(|one| one.beneficiary_id == standing.beneficiary_id);
            standing.is_eligible &= earlier.is_none_or(|one| one.is_eligible);
        }
        now
    }

    /// What stands against a decision; nothing where it can be applied.
    pub(super) fn against(&self, decision: Decision, effective_on: NaiveDate) -> Option<Code> {
        let is_enrolled = self.status.is_some();
        let has_place = is_enrolled && self.status != Some(EnrollmentStatus::Proposed);
        match decision {
            Decision::Add | Decision::Reserve(_) if !self.is_live => Some(Code::BeneficiaryNotLive),
            Decision::Add | Decision::Reserve(_) if has_place => Some(Code::AlreadyEnrolled),
            Decision::Add if !self.is_eligible => Some(Code::NotEligible),
            Decision::Keep | Decision::Remove(_) if !is_enrolled => Some(Code::NotEnrolled),
            Decision::Remove(_) if self.started_on.is_some_and(|first| effective_on < first) => {
                Some(Code::DatesOutOfOrder)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_family_can_be_kept_or_removed_and_not_added() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let paused = Standing {
            beneficiary_id: BeneficiaryId::new(),
            is_live: true,
            is_eligible: true,
            enrollment_id: Some(EnrollmentId::new()),
            status: Some(EnrollmentStatus::Suspended),
            started_on: Some(day(10)),
        };
        let remove = Decision::Remove(ExitReason::Replaced);
        assert_eq!(paused.against(Decision::Add, day(20)), Some(Code::AlreadyEnrolled));
        assert_eq!((paused.against(Decision::Keep, day(20)), paused.against(remove, day(20))), (None, None));
        assert_eq!(paused.against(remove, day(9)), Some(Code::DatesOutOfOrder));
        let outside = Standing { enrollment_id: None, status: None, started_on: None, ..paused };
        assert_eq!(outside.against(Decision::Keep, day(20)), Some(Code::NotEnrolled));
        assert_eq!(outside.against(Decision::Add, day(20)), None);
        let rich = Standing { is_eligible: false, ..outside };
        assert_eq!(rich.against(Decision::Add, day(20)), Some(Code::NotEligible));
    }
}
