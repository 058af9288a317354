//! The one family that the examples of the document speak of.

use chrono::NaiveDate;
use uuid::Uuid;

use super::ids::Ids;
use crate::sandbox::{Family, Sex, Want, known};

/// Whether a family can be the one: a couple with children, and nothing that other programs look for, so that it
/// is on rice alone.
pub(super) fn suits(family: &Family, as_of: NaiveDate) -> bool {
    let Some(head) = family.members.first() else { return false };
    let is_plain = head.sex == Sex::Male && head.nik.is_some() && family.members.len() >= 3;
    is_plain && family.members.iter().all(|one| one.disability.is_none() && one.age_on(as_of) < 60)
}

/// Gives the family and its head the ids that the examples name. It is of the poorest, so that what companies give
/// reaches it first.
pub(super) fn adopt(family: &mut Family) {
    family.id = known::register::BENEFICIARY.0;
    if let Some(head) = family.members.first_mut() {
        head.id = known::register::MEMBER.0;
    }
    (family.decile, family.earlier_decile) = (1, 2);
    family.wants = vec![Want::HandTractor, Want::TrainingSeat];
}

/// Whether a family is the one.
pub(super) fn is_it(family: &Family) -> bool {
    family.id == known::register::BENEFICIARY.0
}

/// The id of what a family needs, and how much: of the two tractors that the examples name, one is on its way.
pub(super) fn need(family: &Family, want: Want, ids: &mut Ids) -> (Uuid, u32) {
    if is_it(family) && want == Want::HandTractor { (known::pledges::NEED.0, 2) } else { (ids.next(), 1) }
}
