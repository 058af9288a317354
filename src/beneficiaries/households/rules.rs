//! Who may be placed where. Pure.

use std::collections::HashSet;

use super::model::Placed;
use crate::beneficiaries::model::Relationship;
use crate::beneficiaries::rules::MEMBERS;
use crate::domain::MemberId;
use crate::error::{Code, Fault};

/// Faults of a list of persons who must be of one family, each once.
pub(super) fn placement_faults(placed: &[Placed], live: &[MemberId]) -> Vec<Fault> {
    if placed.is_empty() || placed.len() > MEMBERS {
        return vec![Fault::new("/members", Code::WrongType)];
    }
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for (index, one) in placed.iter().enumerate() {
        let code = match (live.contains(&one.member_id), seen.insert(one.member_id)) {
            (false, _) => Code::ReferenceUnknown,
            (true, false) => Code::ValueTwice,
            (true, true) => continue,
        };
        faults.push(Fault::new(format!("/members/{index}/member_id"), code));
    }
    faults
}

/// The fault of a new card: exactly one of those on it is the head, and somebody stays behind.
pub(super) fn split_fault(placed: &[Placed], live: &[MemberId]) -> Option<Fault> {
    let code = match heads(placed) {
        0 => Code::HeadMissing,
        1 if placed.len() >= live.len() => Code::FamilyLeftEmpty,
        1 => return None,
        _ => Code::HeadTwice,
    };
    Some(Fault::new("/members", code))
}

/// Faults of everybody who joins another family: all are placed, none as its head.
pub(super) fn merger_faults(placed: &[Placed], live: &[MemberId]) -> Vec<Fault> {
    let second_heads = placed.iter().enumerate().filter(|(_, one)| one.relationship == Relationship::Head);
    let mut faults: Vec<Fault> =
        second_heads.map(|(index, _)| Fault::new(format!("/members/{index}/relationship"), Code::HeadTwice)).collect();
    if live.iter().any(|id| placed.iter().all(|one| one.member_id != *id)) {
        faults.push(Fault::new("/members", Code::MembersMissing));
    }
    faults
}

/// Faults of another head: the one until now steps back, and nobody else steps up.
pub(super) fn head_faults(placed: &[Placed], (new, former): (MemberId, Option<MemberId>)) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, one) in placed.iter().enumerate() {
        if one.relationship == Relationship::Head || one.member_id == new {
            faults.push(Fault::new(format!("/members/{index}/relationship"), Code::HeadTwice));
        }
    }
    let is_former_left = former.is_some_and(|former| placed.iter().all(|one| one.member_id != former));
    if is_former_left && former != Some(new) {
        faults.push(Fault::new("/members", Code::HeadTwice));
    }
    faults
}

fn heads(placed: &[Placed]) -> usize {
    placed.iter().filter(|one| one.relationship == Relationship::Head).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(ids: &[MemberId], relationship: Relationship) -> Vec<Placed> {
        ids.iter().map(|id| Placed { member_id: *id, relationship }).collect()
    }

    fn codes(faults: impl IntoIterator<Item = Fault>) -> Vec<Code> {
        faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn persons_are_of_the_family_and_named_once() {
        let (one, other, stranger) = (MemberId::new(), MemberId::new(), MemberId::new());
        let named = placed(&[one, one, stranger], Relationship::Child);
        assert_eq!(codes(placement_faults(&named, &[one, other])), [Code::ValueTwice, Code::ReferenceUnknown]);
        assert_eq!(codes(placement_faults(&[], &[one])), [Code::WrongType]);
    }

    #[test]
    fn a_new_card_has_one_head_and_leaves_somebody() {
        let (one, other) = (MemberId::new(), MemberId::new());
        assert_eq!(codes(split_fault(&placed(&[one], Relationship::Child), &[one, other])), [Code::HeadMissing]);
        assert_eq!(codes(split_fault(&placed(&[one, other], Relationship::Head), &[one, other])), [Code::HeadTwice]);
        assert_eq!(codes(split_fault(&placed(&[one], Relationship::Head), &[one])), [Code::FamilyLeftEmpty]);
        assert!(split_fault(&placed(&[one], Relationship::Head), &[one, other]).is_none());
    }

    #[test]
    fn who_joins_is_placed_and_not_as_the_head() {
        let (one, other) = (MemberId::new(), MemberId::new());
        let named = placed(&[one], Relationship::Head);
        assert_eq!(codes(merger_faults(&named, &[one, other])), [Code::HeadTwice, Code::MembersMissing]);
        assert!(merger_faults(&placed(&[one, other], Relationship::Other), &[one, other]).is_empty());
    }

    #[test]
    fn the_former_head_steps_back() {
        let (new, former, child) = (MemberId::new(), MemberId::new(), MemberId::new());
        let named = placed(&[child], Relationship::Child);
        assert_eq!(codes(head_faults(&named, (new, Some(former)))), [Code::HeadTwice]);
        assert!(head_faults(&placed(&[former], Relationship::Parent), (new, Some(former))).is_empty());
    }
}
