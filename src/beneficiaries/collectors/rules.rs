//! Who may collect. Pure.

use super::model::{NewCollector, Standing};
use crate::domain::MemberId;
use crate::error::{Code, Fault};

/// Faults of a collector to register that can be told without the family.
pub(super) fn faults_of(new: &NewCollector) -> Vec<Fault> {
    match (&new.member_id, &new.alternate) {
        (None, None) => vec![Fault::new("/member_id", Code::Required)],
        (Some(_), Some(_)) => vec![Fault::new("/alternate", Code::UnknownField)],
        (None, Some(alternate)) if alternate.valid_to < new.valid_from => {
            vec![Fault::new("/alternate/valid_to", Code::DatesOutOfOrder)]
        }
        _ => Vec::new(),
    }
}

/// Why a member may not collect, where that is so.
///
/// The head always may. With a collector on record for the day, no other member may; without one, every member may.
pub(super) fn member_fault(member: MemberId, standing: Standing) -> Option<Code> {
    if !standing.is_member {
        return Some(Code::CollectorNotMember);
    }
    let is_another = standing.collector_id.is_some_and(|collector| collector != member);
    (is_another && !standing.is_head).then_some(Code::CollectorNotRegistered)
}

/// Why a paper does not let an alternate collect, where that is so.
///
/// A paper on record counts within its dates only. One that is not on record counts as it is shown at the handover,
/// unless the family has registered another for the day.
pub(super) fn paper_fault(standing: Standing) -> Option<Code> {
    match (standing.is_paper_known, standing.is_paper_in_force, standing.has_alternate) {
        (true, false, _) => Some(Code::PowerOfAttorneyNotInForce),
        (false, _, true) => Some(Code::CollectorNotRegistered),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Standing = Standing {
        is_member: true,
        is_head: false,
        collector_id: None,
        is_paper_known: false,
        is_paper_in_force: false,
        has_alternate: false,
    };

    #[test]
    fn a_registered_collector_leaves_out_all_but_the_head() {
        let (member, collector) = (MemberId::new(), MemberId::new());
        assert_eq!(member_fault(member, NOBODY), None);
        let registered = Standing { collector_id: Some(collector), ..NOBODY };
        assert_eq!(member_fault(collector, registered), None);
        assert_eq!(member_fault(member, registered), Some(Code::CollectorNotRegistered));
        assert_eq!(member_fault(member, Standing { is_head: true, ..registered }), None);
        let gone = Standing { is_member: false, ..registered };
        assert_eq!(member_fault(collector, gone), Some(Code::CollectorNotMember));
    }

    #[test]
    fn a_paper_on_record_counts_within_its_dates_only() {
        assert_eq!(paper_fault(NOBODY), None);
        let lapsed = Standing { is_paper_known: true, ..NOBODY };
        assert_eq!(paper_fault(lapsed), Some(Code::PowerOfAttorneyNotInForce));
        let held = Standing { is_paper_known: true, is_paper_in_force: true, has_alternate: true, ..NOBODY };
        assert_eq!(paper_fault(held), None);
        let other = Standing { has_alternate: true, ..NOBODY };
        assert_eq!(paper_fault(other), Some(Code::CollectorNotRegistered));
    }
}
