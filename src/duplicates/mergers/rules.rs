//! Whether and how two families' records can be made one. Pure.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::model::{MergedPerson, NewDuplicateMerger, Person, TakenFamilyField, TakenField};
use crate::beneficiaries::Relationship;
use crate::domain::{BeneficiaryId, DuplicatePairId, EnrollmentId, MemberId, ProgramId, VillageCode};
use crate::enrollments::Claim;
use crate::error::{Code, Error, Fault, Result};

/// Most persons of one family.
const MOST_MEMBERS: usize = 30;

/// A pair as a merger sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) id: DuplicatePairId,
    pub(super) one: MemberId,
    pub(super) other: MemberId,
    pub(super) is_decided_same: bool,
}

/// What is to be done.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// Family that goes on.
    pub(super) keeper: BeneficiaryId,
    /// Family of the records that end.
    pub(super) giver: BeneficiaryId,
    /// Of each person: the pair, the record that goes on, the one that ends, and what is asked.
    pub(super) persons: Vec<(DuplicatePairId, &'a Person, &'a Person, &'a MergedPerson)>,
    /// Others of the giver, who come along.
    pub(super) moved: Vec<&'a Person>,
    /// Who is the head of the giver from now on.
    pub(super) successor: Option<MemberId>,
    /// Whether nobody is left in the giver.
    pub(super) is_whole: bool,
    /// What of the family that goes on is taken from the giver.
    pub(super) take_family: &'a [TakenFamilyField],
}

/// Decides what a request means for the live members of the families.
///
/// # Errors
/// `duplicate_pair_undecided`, `member_not_live`, `family_full`, `invalid_fields`.
pub(super) fn plan<'a>(new: &'a NewDuplicateMerger, pairs: &[Pair], live: &'a [Person]) -> Result<Plan<'a>> {
    let mut persons = Vec::with_capacity(new.persons.len());
    let mut seen = HashSet::new();
    for (index, asked) in new.persons.iter().enumerate() {
        let fault = |field: &str, code| Error::invalid_field(&format!("/persons/{index}/{field}"), code);
        let pair = pairs.iter().find(|pair| pair.id == asked.pair_id);
        let pair = pair.ok_or_else(|| fault("pair_id", Code::ReferenceUnknown))?;
        if !pair.is_decided_same {
            return Err(Code::DuplicatePairUndecided.into());
        }
        let ends = match asked.keep_member_id {
            keep if keep == pair.one => pair.other,
            keep if keep == pair.other => pair.one,
            _ => return Err(fault("keep_member_id", Code::ReferenceUnknown)),
        };
        if !seen.insert(pair.one) || !seen.insert(pair.other) {
            return Err(fault("pair_id", Code::ReferenceUnknown));
        }
        let person = |id: MemberId| live.iter().find(|person| person.id == id).ok_or(Code::MemberNotLive);
        persons.push((pair.id, person(asked.keep_member_id)?, person(ends)?, asked));
    }
    let first = persons.first().ok_or_else(|| Error::invalid_field("/persons", Code::WrongType))?;
    let (keeper, giver) = (first.1.beneficiary_id, first.2.beneficiary_id);
    let stray =
        |(_, keep, end, _): &(_, &Person, &Person, _)| keep.beneficiary_id != keeper || end.beneficiary_id != giver;
    if let Some(index) = persons.iter().position(stray) {
        return Err(Error::invalid_field(&format!("/persons/{index}/keep_member_id"), Code::ReferenceUnknown));
    }
    complete(new, (keeper, giver), persons, live)
}

type Persons<'a> = Vec<(DuplicatePairId, &'a Person, &'a Person, &'a MergedPerson)>;

fn complete<'a>(
    new: &'a NewDuplicateMerger,
    (keeper, giver): (BeneficiaryId, BeneficiaryId),
    persons: Persons<'a>,
    live: &'a [Person],
) -> Result<Plan<'a>> {
    let ends = |id: MemberId| persons.iter().any(|(_, _, end, _)| end.id == id);
    let left: Vec<&Person> = live.iter().filter(|person| person.beneficiary_id == giver && !ends(person.id)).collect();
    let is_whole = keeper != giver && (new.merges_families || left.is_empty());
    if new.merges_families && keeper == giver {
        return Err(Error::invalid_field("/merges_families", Code::WrongType));
    }
    if !new.take_family.is_empty() && !is_whole {
        return Err(Error::invalid_field("/take_family", Code::WrongType));
    }
    let moved = if is_whole { left.clone() } else { Vec::new() };
    let kept = live.iter().filter(|person| person.beneficiary_id == keeper).count();
    if kept + moved.len() > MOST_MEMBERS {
        return Err(Code::FamilyFull.into());
    }
    let loses_head = !is_whole && !left.iter().any(|person| person.relationship == Relationship::Head);
    let successor = match (loses_head, new.successor_id) {
        (false, None) => None,
        (false, Some(_)) => return Err(Error::invalid_field("/successor_id", Code::HeadTwice)),
        (true, None) => return Err(Error::invalid_field("/successor_id", Code::HeadMissing)),
        (true, Some(id)) if left.iter().any(|person| person.id == id) => Some(id),
        (true, Some(_)) => return Err(Error::invalid(vec![Fault::new("/successor_id", Code::ReferenceUnknown)])),
    };
    Ok(Plan { keeper, giver, persons, moved, successor, is_whole, take_family: &new.take_family })
}

/// Whether the record that goes on gets the NIK of the other one, where that has one.
pub(super) fn takes_nik(keep: &Person, asked: &MergedPerson) -> bool {
    asked.take.contains(&TakenField::Nik) || keep.nik_sealed.is_none()
}

/// Whether rows are as a merger left them: of the tables that were kept then, which are not all that are kept now.
pub(super) fn is_still(now: &Value, (before, after): (&Value, &Value)) -> bool {
    let kept = after.as_object().into_iter().flatten();
    // Where the merger carried no ranks, those that came since are none of its.
    let is_free = |table: &str, rows: &Value| table == "welfare_ranks" && before.get(table) == Some(rows);
    kept.into_iter().all(|(table, rows)| now.get(table) == Some(rows) || is_free(table, rows))
}

/// Ids of the rows of a table that the merger changed: what is as it was gets no version of its own.
pub(super) fn changed(before: &Value, after: &Value, table: &str) -> impl Iterator<Item = Uuid> {
    let rows = |state: &Value| state.get(table).and_then(Value::as_array).cloned().unwrap_or_default();
    let after = rows(after);
    rows(before).into_iter().filter(move |row| !after.contains(row)).filter_map(|row| id_of(&row))
}

/// The id of a row that was kept.
pub(super) fn id_of(row: &Value) -> Option<Uuid> {
    row.get("id")?.as_str()?.parse().ok()
}

/// An enrollment that the merger ended and an undo lets go on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "KeptEnrollment")]
pub(super) struct EnrolledAgain {
    pub(super) id: EnrollmentId,
    pub(super) program_id: ProgramId,
    pub(super) claim: Claim,
    has_place: bool,
}

/// What of a kept enrollment is asked.
#[derive(Deserialize)]
struct KeptEnrollment {
    id: EnrollmentId,
    program_id: ProgramId,
    beneficiary_id: BeneficiaryId,
    quota_village_code: VillageCode,
    status: String,
}

impl From<KeptEnrollment> for EnrolledAgain {
    fn from(kept: KeptEnrollment) -> Self {
        let claim = Claim { beneficiary_id: kept.beneficiary_id, village_code: kept.quota_village_code };
        let has_place = matches!(kept.status.as_str(), "confirmed" | "active" | "suspended");
        Self { id: kept.id, program_id: kept.program_id, claim, has_place }
    }
}

/// The enrollments that have a place before and none after: an undo needs one for each again.
///
/// # Errors
/// Where what was kept cannot be read.
pub(super) fn enrolled_again(before: &Value, after: &Value) -> Result<Vec<EnrolledAgain>> {
    let all = |state: &Value| -> Result<Vec<EnrolledAgain>> {
        let rows = state.get("enrollments").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        serde_json::from_value(rows).map_err(Error::internal)
    };
    let after = all(after)?;
    let goes_on = |one: &EnrolledAgain| after.iter().any(|later| later.id == one.id && later.has_place);
    Ok(all(before)?.into_iter().filter(|one| one.has_place && !goes_on(one)).collect())
}

impl Plan<'_> {
    /// Persons whose NIK is one of the family that goes on from now on, each with the field that says so.
    pub(super) fn brought(&self) -> impl Iterator<Item = (String, &Person)> {
        let taken = self.persons.iter().enumerate().filter(|(_, (_, keep, _, asked))| takes_nik(keep, asked));
        let taken = taken.map(|(index, (_, _, end, _))| (format!("/persons/{index}/keep_member_id"), *end));
        taken.chain(self.moved.iter().map(|person| ("/merges_families".to_owned(), *person)))
    }

    /// Every member that gets a next version.
    pub(super) fn members(&self) -> Vec<MemberId> {
        let persons = self.persons.iter().flat_map(|(_, keep, end, _)| [keep.id, end.id]);
        persons.chain(self.moved.iter().map(|person| person.id)).chain(self.successor).collect()
    }

    /// The families, each once.
    pub(super) fn families(&self) -> Vec<BeneficiaryId> {
        if self.keeper == self.giver { vec![self.keeper] } else { vec![self.keeper, self.giver] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beneficiaries::Sex;

    fn person(family: BeneficiaryId, relationship: Relationship) -> Person {
        Person {
            id: MemberId::new(),
            beneficiary_id: family,
            relationship,
            nik_sealed: None,
            nik_digest: None,
            sex: Sex::Female,
            born_on: None,
        }
    }

    fn request(pair: &Pair, keep: MemberId, merges_families: bool) -> NewDuplicateMerger {
        let persons = vec![MergedPerson { pair_id: pair.id, keep_member_id: keep, take: Vec::new() }];
        NewDuplicateMerger {
            persons,
            merges_families,
            take_family: Vec::new(),
            successor_id: None,
            reason: crate::domain::Line::parse("test").unwrap(),
        }
    }

    #[test]
    fn a_family_that_loses_its_head_needs_another_unless_it_ends() {
        let (keeper, giver) = (BeneficiaryId::new(), BeneficiaryId::new());
        let [keep, end] = [keeper, giver].map(|family| person(family, Relationship::Head));
        let child = person(giver, Relationship::Child);
        let pair = Pair { id: DuplicatePairId::new(), one: keep.id, other: end.id, is_decided_same: true };
        let live = [keep.clone(), end, child.clone()];
        let apart = request(&pair, keep.id, false);
        assert!(plan(&apart, &[pair], &live).is_err());
        let succeeded = NewDuplicateMerger { successor_id: Some(child.id), ..apart };
        assert_eq!(plan(&succeeded, &[pair], &live).unwrap().successor, Some(child.id));
        let whole = request(&pair, keep.id, true);
        let plan = plan(&whole, &[pair], &live).unwrap();
        assert!(plan.is_whole && plan.moved.len() == 1);
    }

    #[test]
    fn what_nobody_has_decided_is_not_merged() {
        let [keep, end] = [(); 2].map(|()| person(BeneficiaryId::new(), Relationship::Head));
        let pair = Pair { id: DuplicatePairId::new(), one: keep.id, other: end.id, is_decided_same: false };
        let new = request(&pair, keep.id, true);
        assert_eq!(plan(&new, &[pair], &[keep, end]).unwrap_err().code(), Some(Code::DuplicatePairUndecided));
    }
}
