//! What a family record must be, and what is only told. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::model::{NewBeneficiary, NewMember, Relationship, Sex};
use crate::error::{Code, Fault};

/// Largest number of members on one card.
const MEMBERS: usize = 30;

/// All faults of a family to register; none where it may be.
///
/// Source for what refuses and what warns: PP 37/2007, art. 36-37.
pub(super) fn faults_of(family: &NewBeneficiary, today: NaiveDate) -> Vec<Fault> {
    let mut faults = head_faults(&family.members);
    if family.members.len() > MEMBERS {
        faults.push(Fault::new("/members", Code::WrongType));
    }
    if family.rank.as_ref().is_some_and(|rank| !(1..=10).contains(&rank.decile)) {
        faults.push(Fault::new("/rank/decile", Code::DecileOutOfRange));
    }
    let mut seen = HashSet::new();
    for (index, member) in family.members.iter().enumerate() {
        if member.nik.is_some_and(|nik| nik.reveal() == family.card_number.reveal()) {
            faults.push(Fault::new("/card_number", Code::CardNumberIsNik));
        }
        if member.nik.is_some_and(|nik| !seen.insert(nik)) {
            faults.push(Fault::new(format!("/members/{index}/nik"), Code::NikTwice));
        }
        if member.born_on.is_some_and(|born_on| born_on > today) {
            faults.push(Fault::new(format!("/members/{index}/born_on"), Code::DateInFuture));
        }
    }
    faults
}

fn head_faults(members: &[NewMember]) -> Vec<Fault> {
    let heads = members.iter().filter(|member| member.relationship == Relationship::Head).count();
    match heads {
        0 => vec![Fault::new("/members", Code::HeadMissing)],
        1 => Vec::new(),
        _ => vec![Fault::new("/members", Code::HeadTwice)],
    }
}

/// What does not refuse a member but is told: codes for `warnings`.
pub(super) fn warnings_of(member: &NewMember) -> Vec<&'static str> {
    let Some(nik) = member.nik else { return Vec::new() };
    let differs = |code: Code, is_so: bool| is_so.then(|| code.as_str());
    let birth = member.born_on.is_some_and(|born_on| !nik.agrees_with_birth_date(born_on));
    let sex = nik.says_female() != (member.sex == Sex::Female);
    [differs(Code::NikBirthDateDiffers, birth), differs(Code::NikSexDiffers, sex)].into_iter().flatten().collect()
}
