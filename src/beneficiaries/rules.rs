//! What a family record must be, and what is only told. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::model::{BeneficiaryRow, NewBeneficiary, NewMember, Relationship, Sex};
use crate::domain::{CardNumber, CollectorKind, MemberId, Name, Nik, Text};
use crate::error::{Code, Fault, Result};
use crate::keys::Vault;

/// Largest number of members on one card.
pub(super) const MEMBERS: usize = 30;

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

/// Districts that are known from some edition, at least those of the numbers that are looked at.
#[derive(Debug, Default)]
pub(super) struct Districts(HashSet<String>);

impl Districts {
    /// Takes codes of districts, `64.02.10`.
    pub(super) fn new(codes: Vec<String>) -> Self {
        Self(codes.into_iter().collect())
    }

    /// True where no edition that was loaded has the district. Loading one that has it ends the warning.
    fn misses(&self, code: &str) -> bool {
        !self.0.contains(code)
    }
}

/// What does not refuse a family but is told: codes for its `warnings`.
pub(super) fn card_warnings_of(card: &CardNumber, districts: &Districts) -> Vec<String> {
    let is_unknown = districts.misses(&card.district_code());
    is_unknown.then(|| Code::CardDistrictUnknown.as_str().to_owned()).into_iter().collect()
}

/// What does not refuse a member but is told: codes for `warnings`.
pub(super) fn warnings_of(
    nik: Option<&Nik>,
    born_on: Option<NaiveDate>,
    sex: Sex,
    districts: &Districts,
) -> Vec<String> {
    let Some(nik) = nik else { return Vec::new() };
    let differs = |code: Code, is_so: bool| is_so.then(|| code.as_str().to_owned());
    let birth = born_on.is_some_and(|born_on| !nik.agrees_with_birth_date(born_on));
    let warnings = [
        differs(Code::NikBirthDateDiffers, birth),
        differs(Code::NikSexDiffers, nik.says_female() != (sex == Sex::Female)),
        differs(Code::NikDistrictUnknown, districts.misses(&nik.district_code())),
    ];
    warnings.into_iter().flatten().collect()
}

/// True where the digits of a NIK are those of the card number of a family.
pub(super) fn is_card_of(family: &BeneficiaryRow, vault: &Vault, nik: &Nik) -> bool {
    CardNumber::parse(nik.reveal()).is_some_and(|card| vault.card_digest(&card) == family.card_digest)
}

/// Who takes aid for a family: a member, or an alternate by the number of a power of attorney, and never both. Only an
/// alternate is named.
///
/// # Errors
/// The field at fault.
pub fn collector_of(
    member: Option<MemberId>,
    power_of_attorney: Option<&Text<80>>,
    receiver_name: Option<&Name>,
) -> Result<CollectorKind, Fault> {
    match (member, power_of_attorney, receiver_name) {
        (None, None, _) => Err(Fault::new("/collector_member_id", Code::Required)),
        (Some(_), Some(_), _) => Err(Fault::new("/power_of_attorney", Code::WrongType)),
        (Some(_), None, Some(_)) => Err(Fault::new("/receiver_name", Code::UnknownField)),
        _ => Ok(CollectorKind::of(member)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_odd_is_a_warning() {
        let districts = Districts::new(vec!["64.02.09".to_owned(), "64.02.10".to_owned()]);
        let warnings = |nik: &str| {
            let born_on = NaiveDate::from_ymd_opt(1990, 1, 1);
            warnings_of(Nik::parse(nik).as_ref(), born_on, Sex::Female, &districts)
        };
        assert!(warnings("6402104101909001").is_empty());
        assert_eq!(warnings("3175064101909001"), ["nik_district_unknown"]);
        assert_eq!(warnings("6402994101909001"), ["nik_district_unknown"]);
        assert_eq!(warnings("6402100101919001"), ["nik_birth_date_differs", "nik_sex_differs"]);
        assert!(warnings_of(None, None, Sex::Male, &districts).is_empty(), "no NIK yet is a state, not a warning");
        let card = |number: &str| card_warnings_of(&CardNumber::parse(number).unwrap(), &districts);
        assert!(card("6402104101909001").is_empty());
        assert_eq!(card("9999994101909001"), ["card_district_unknown"]);
    }
}
