//! Which of those who share a key are compared, and which of those are told. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::model::{Candidate, Check, FieldBits, Finding, KeptFinding, Known, NewCheck, SharedKey, Skipped};
use crate::beneficiaries::rules::MEMBERS;
use crate::domain::MemberId;
use crate::error::{Code, Fault};
use crate::matching::registry::{Compared, Registry};

/// A key that more members share tells nobody apart.
pub(super) const MOST_SHARING: usize = 40;
/// Members that are compared with one person of the card: those of the keys that fewest share.
const MOST_COMPARED: usize = 48;
/// Candidates that are told for one person of the card.
const MOST_TOLD: usize = 20;

/// Whether as many persons are on a card as one can have.
pub(super) fn has_fitting_members(new: &NewCheck) -> bool {
    (1..=MEMBERS).contains(&new.members.len())
}

/// All that keeps a card from being checked.
pub(super) fn faults_of(new: &NewCheck, is_village_known: bool) -> Vec<Fault> {
    let cases = [
        (!has_fitting_members(new), "/members", Code::WrongType),
        (!is_village_known, "/village_code", Code::VillageUnknown),
    ];
    cases.into_iter().filter(|case| case.0).map(|(_, pointer, code)| Fault::new(pointer, code)).collect()
}

/// Whom to compare: of each person of the card, members; and the keys that were left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) pairs: BTreeSet<(usize, MemberId)>,
    pub(super) members: BTreeSet<(i32, MemberId)>,
    pub(super) skipped: Vec<Skipped>,
}

/// A key, and the members with it: area and id.
type Sharing = (SharedKey, Vec<(i32, MemberId)>);

/// Chooses from what was found: place on the card from 0, way, key, area, member.
///
/// The keys of a person are taken by how few members share them, each whole, as long as those to compare stay few.
pub(super) fn choose(hits: impl Iterator<Item = (usize, i32, SharedKey, (i32, MemberId))>) -> Chosen {
    let mut by_way: BTreeMap<(usize, i32), Sharing> = BTreeMap::new();
    for (place, way, key, member) in hits {
        by_way.entry((place, way)).or_insert((key, Vec::new())).1.push(member);
    }
    let mut ways: Vec<(usize, Sharing)> = by_way.into_iter().map(|((place, _), sharing)| (place, sharing)).collect();
    ways.sort_by_key(|(place, (_, members))| (*place, members.len()));
    let mut chosen = Chosen::default();
    for (member_index, (key, members)) in ways {
        if !chosen.takes(member_index, &members) {
            let skipped = Skipped { member_index, key };
            if !chosen.skipped.contains(&skipped) {
                chosen.skipped.push(skipped);
            }
        }
    }
    chosen
}

impl Chosen {
    /// Takes the members who share a key with a person of the card, or none of them where they are too many.
    fn takes(&mut self, member_index: usize, members: &[(i32, MemberId)]) -> bool {
        let pairs = members.iter().map(|(_, member)| (member_index, *member));
        let new: Vec<_> = pairs.filter(|pair| !self.pairs.contains(pair)).collect();
        let taken = self.pairs.iter().rev().take_while(|(place, _)| *place == member_index).count();
        if members.len() > MOST_SHARING || taken + new.len() > MOST_COMPARED {
            return false;
        }
        self.pairs.extend(new);
        self.members.extend(members);
        true
    }
}

/// Tells those of the compared who are worth a look, the surest first.
pub(super) fn tell(registry: &Registry, compared: Vec<((usize, &Known), Compared)>, skipped: Vec<Skipped>) -> Check {
    let least = registry.schema.decision.look_bits;
    let mut compared = compared;
    compared.retain(|(_, compared)| compared.bits >= least);
    compared.sort_by(|((_, known), one), ((_, other_known), other)| {
        rounded(other.bits).total_cmp(&rounded(one.bits)).then(known.member_id.cmp(&other_known.member_id))
    });
    let mut told: BTreeMap<usize, usize> = BTreeMap::new();
    compared.retain(|((member_index, _), _)| {
        let count = told.entry(*member_index).or_default();
        *count += 1;
        *count <= MOST_TOLD
    });
    let candidates =
        compared.iter().map(|((member_index, known), compared)| candidate(registry, *member_index, known, compared));
    Check { candidates: candidates.collect(), skipped }
}

fn candidate(registry: &Registry, member_index: usize, known: &Known, compared: &Compared) -> Candidate {
    Candidate {
        member_index,
        member_id: known.member_id,
        beneficiary_id: known.beneficiary_id,
        finding: if compared.is_same { Finding::Same } else { Finding::Look },
        bits: rounded(compared.bits),
        fields: FieldBits::of(registry, &compared.by_field),
        name: known.name.clone(),
        sex: known.sex,
        born_on: known.born_on,
        village_code: known.village_code.clone(),
    }
}

impl FieldBits {
    /// The bits of each field by its name.
    #[must_use]
    pub fn of(registry: &Registry, by_field: &[f32]) -> Vec<Self> {
        let fields = registry.fields().zip(by_field);
        fields.map(|(field, bits)| Self { field: field.to_owned(), bits: rounded(*bits) }).collect()
    }

    /// The bits of each field as they were kept.
    #[must_use]
    pub fn of_kept(fields: Value) -> Vec<Self> {
        let fields: BTreeMap<String, f64> = serde_json::from_value(fields).unwrap_or_default();
        fields.into_iter().map(|(field, bits)| Self { field, bits }).collect()
    }
}

impl KeptFinding {
    /// What is kept of a comparison.
    #[must_use]
    pub fn of(registry: &Registry, finding: Finding, compared: &Compared) -> Self {
        let fields = FieldBits::of(registry, &compared.by_field).into_iter();
        let fields: BTreeMap<String, f64> = fields.map(|field| (field.field, field.bits)).collect();
        Self { finding, centibits: hundredths(compared.bits), fields: json!(fields) }
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within a thousand bits either way")]
fn hundredths(bits: f32) -> i32 {
    (bits.clamp(-1_000.0, 1_000.0) * 100.0).round() as i32
}

/// To a hundredth of a bit, which is finer than anything is known.
fn rounded(bits: f32) -> f64 {
    (f64::from(bits).clamp(-1_000.0, 1_000.0) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_very_many_share_is_left_out_and_told() {
        let member = MemberId::new();
        let many = (0..=MOST_SHARING).map(|_| (0, 4, SharedKey::BornVillage, (1, MemberId::new())));
        let one = [(1, 3, SharedKey::NikEnd, (1, member)), (1, 5, SharedKey::BornWord, (1, member))];
        let chosen = choose(many.chain(one));
        assert_eq!(chosen.pairs, BTreeSet::from([(1, member)]));
        assert_eq!(chosen.members, BTreeSet::from([(1, member)]));
        assert_eq!(chosen.skipped, [Skipped { member_index: 0, key: SharedKey::BornVillage }]);
    }

    #[test]
    fn keys_that_fewest_share_are_taken_first_and_each_whole() {
        let many = |way, key, count| (0..count).map(move |_| (0, way, key, (1, MemberId::new())));
        let member = MemberId::new();
        let known = |way, key| (0, way, key, (1, member));
        let weak = many(6, SharedKey::NameVillage, MOST_SHARING - 1).chain([known(6, SharedKey::NameVillage)]);
        let weaker = many(7, SharedKey::WordVillageYear, MOST_SHARING - 2);
        let rare = many(0, SharedKey::Nik, 1).chain([known(0, SharedKey::Nik)]);
        // Another person of the card has room of his own.
        let other =
            many(7, SharedKey::WordVillageYear, MOST_SHARING).map(|(_, way, key, member)| (1, way, key, member));
        let chosen = choose(weak.chain(weaker).chain(rare).chain(other));
        let of = |place| chosen.pairs.iter().filter(|pair| pair.0 == place).count();
        assert_eq!((of(0), of(1)), (MOST_SHARING, MOST_SHARING));
        assert!(chosen.pairs.contains(&(0, member)));
        assert_eq!(chosen.skipped, [Skipped { member_index: 0, key: SharedKey::NameVillage }]);
    }
}
