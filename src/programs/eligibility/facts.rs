//! What is known of one family, each part with where it comes from.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::entries::{FactRef, Field, Scope};
use super::keyed::{Aid, AttributeRef};

/// The facts of one family that rules may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the family's own records say.
    pub family: FamilyFacts,
    /// Live members, in an order that stays the same.
    pub members: Vec<MemberFacts>,
}

/// Facts of the family itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyFacts {
    /// Village code of the family's register entry.
    pub village_code: String,
    /// Live members as the register counts them.
    pub member_count: i32,
    /// Where village and member count come from.
    pub record: Origin,
    /// An officer has confirmed the family.
    pub is_verified: bool,
    /// Who confirmed it and when.
    pub verification: Origin,
    /// Latest welfare rank, 1 to 10.
    pub decile: Option<i16>,
    /// Who ranked the family, and the period of the rank.
    pub rank: Origin,
    /// Day of the last visit that found the family as recorded or corrected it.
    pub last_visit_on: Option<NaiveDate>,
    /// What was recorded of duties for the family.
    pub duties: Vec<DutyDone>,
    /// Live enrollments.
    pub programs: Vec<EnrolledProgram>,
    /// Latest welfare rank of each source.
    pub ranks: Vec<SourceRank>,
    /// What was handed over to the family.
    pub aid: Vec<AidReceived>,
    /// Attributes by name, each with `value`, `source` and `observed_on`.
    pub attributes: Map<String, Json>,
}

/// Latest rank that a source gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRank {
    /// Who ranked the family.
    pub source: String,
    /// 1 poorest to 10.
    pub decile: i16,
    /// First day of the period it is for.
    pub on: Option<NaiveDate>,
}

/// What a member did of a duty in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyDone {
    /// The member.
    pub member_id: Uuid,
    /// The duty, such as `school_attendance`; `monthly_session` is of the family as a whole.
    pub kind: String,
    /// First day of the month.
    pub month: NaiveDate,
    /// What was due, 1 at least.
    pub due_count: i64,
    /// What was kept of it.
    pub done_count: i64,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AidReceived {
    /// Code of the program.
    pub code: String,
    /// Thousandths of the program's unit.
    pub thousandths: i64,
    /// Day it was handed over.
    pub on: NaiveDate,
}

/// A program the family is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledProgram {
    /// Code of the program.
    pub code: String,
    /// First day of the enrollment.
    pub started_on: Option<NaiveDate>,
}

/// Facts of one live member.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the register")]
pub struct MemberFacts {
    /// Id of the member, so that an explanation can point at the person without a name.
    pub id: Uuid,
    /// Birth date, where known.
    pub born_on: Option<NaiveDate>,
    /// `male` or `female`.
    pub sex: String,
    /// Relationship to the head; `head` for the head.
    pub relationship: String,
    /// Recorded as pregnant.
    pub is_pregnant: bool,
    /// Recorded as having a disability.
    pub has_disability: bool,
    /// Recorded as going to school.
    pub in_school: bool,
    /// A NIK is on record.
    pub has_nik: bool,
    /// Attributes by name, each with `value`, `source` and `observed_on`.
    pub attributes: Map<String, Json>,
    /// Where all of this comes from.
    pub record: Origin,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Record or publisher, such as DTSEN; empty for the one the catalogue names.
    pub source: String,
    /// Day the fact was recorded, or first day of the period it is for.
    pub on: Option<NaiveDate>,
}

/// Value of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Boolean(bool),
    Whole(i64),
    Text(&'a str),
}

/// What a condition is asked of: a family at a date, and the member in scope.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) facts: &'a Facts,
    pub(super) reference_on: NaiveDate,
    pub(super) member: Option<&'a MemberFacts>,
}

impl<'a> Subject<'a> {
    /// The same family, with that member in scope.
    pub(super) fn of(self, member: &'a MemberFacts) -> Self {
        Self { member: Some(member), ..self }
    }

    /// The value of the fact; nothing where it is unknown.
    pub(super) fn value(self, fact: FactRef) -> Option<Value<'a>> {
        match fact.scope {
            Scope::Family => self.facts.family.value(fact.entry.field, self.reference_on),
            Scope::Head | Scope::Member => self.person(fact.scope)?.value(fact.entry.field, self.reference_on),
        }
    }

    /// Where the value of the fact comes from.
    pub(super) fn origin(self, fact: FactRef) -> Origin {
        let family = &self.facts.family;
        if fact.entry.field == Field::DaysSinceVisit {
            return Origin { source: fact.entry.source.to_owned(), on: family.last_visit_on };
        }
        if fact.entry.field == Field::LeastDuty {
            return Origin { source: fact.entry.source.to_owned(), on: Some(last_quarter(self.reference_on).0) };
        }
        let known = match (fact.scope, fact.entry.field) {
            (Scope::Family, Field::Decile) => Some(&family.rank),
            (Scope::Family, Field::Verified) => Some(&family.verification),
            (Scope::Family, _) => Some(&family.record),
            (Scope::Head | Scope::Member, _) => self.person(fact.scope).map(|member| &member.record),
        };
        let origin = known.cloned().unwrap_or_default();
        let source = if origin.source.is_empty() { fact.entry.source.to_owned() } else { origin.source };
        Origin { source, on: origin.on }
    }

    /// The attribute as the record has it: an object with its value, source and day.
    pub(super) fn attribute(self, attribute: &AttributeRef) -> Option<&'a Json> {
        let attributes = match attribute.scope {
            Scope::Family => &self.facts.family.attributes,
            Scope::Head | Scope::Member => &self.person(attribute.scope)?.attributes,
        };
        attributes.get(&attribute.name)
    }

    /// The value of the attribute; nothing where it is unknown.
    pub(super) fn attribute_value(self, attribute: &AttributeRef) -> Option<&'a Json> {
        self.attribute(attribute)?.get("value").filter(|value| !value.is_null())
    }

    /// The latest rank by a source.
    pub(super) fn rank(self, source: &str) -> Option<&'a SourceRank> {
        self.facts.family.ranks.iter().find(|rank| rank.source == source)
    }

    /// What was handed over in the days that are asked for, the reference date being the last of them.
    pub(super) fn aid(self, aid: &'a Aid) -> impl Iterator<Item = &'a AidReceived> {
        let first = first_day(self.reference_on, aid.days);
        let is_asked = move |received: &&AidReceived| {
            received.code == aid.code && received.on >= first && received.on <= self.reference_on
        };
        self.facts.family.aid.iter().filter(is_asked)
    }

    fn person(self, scope: Scope) -> Option<&'a MemberFacts> {
        match scope {
            Scope::Head => self.facts.members.iter().find(|member| member.relationship == "head"),
            Scope::Family | Scope::Member => self.member,
        }
    }
}

impl FamilyFacts {
    fn value(&self, field: Field, reference_on: NaiveDate) -> Option<Value<'_>> {
        match field {
            Field::DaysSinceVisit => {
                self.last_visit_on.map(|on| Value::Whole(reference_on.signed_duration_since(on).num_days()))
            }
            Field::LeastDuty => self.least_duty(reference_on).map(Value::Whole),
            Field::Decile => self.decile.map(|decile| Value::Whole(decile.into())),
            Field::Village => Some(Value::Text(&self.village_code)),
            Field::District => self.village_code.get(..8).map(Value::Text),
            Field::MemberCount => Some(Value::Whole(self.member_count.into())),
            Field::Verified => Some(Value::Boolean(self.is_verified)),
            _ => None,
        }
    }

    /// The least that was kept of any duty, in whole percent; nothing where nothing is recorded.
    ///
    /// Whoever comes to a session counts for the family: of several who are recorded for a month, one is counted.
    fn least_duty(&self, reference_on: NaiveDate) -> Option<i64> {
        let (from, before) = last_quarter(reference_on);
        let mut months: BTreeMap<(&str, Option<Uuid>, NaiveDate), (i64, i64)> = BTreeMap::new();
        for duty in self.duties.iter().filter(|duty| from <= duty.month && duty.month < before) {
            let subject = (duty.kind != "monthly_session").then_some(duty.member_id);
            let (done, due) = months.entry((&duty.kind, subject, duty.month)).or_default();
            *done = duty.done_count.max(*done);
            *due = duty.due_count.max(*due);
        }
        let mut kept: BTreeMap<(&str, Option<Uuid>), (i64, i64)> = BTreeMap::new();
        for ((kind, subject, _), (done, due)) in months {
            let sums = kept.entry((kind, subject)).or_default();
            *sums = (sums.0 + done, sums.1 + due);
        }
        kept.into_values().filter(|(_, due)| *due > 0).map(|(done, due)| done * 100 / due).min()
    }
}

impl MemberFacts {
    fn value(&self, field: Field, reference_on: NaiveDate) -> Option<Value<'_>> {
        match field {
            Field::Age => self.born_on.map(|born_on| Value::Whole(age(born_on, reference_on))),
            Field::Sex => Some(Value::Text(&self.sex)),
            Field::Relationship => Some(Value::Text(&self.relationship)),
            Field::IsPregnant => Some(Value::Boolean(self.is_pregnant)),
            Field::HasDisability => Some(Value::Boolean(self.has_disability)),
            Field::InSchool => Some(Value::Boolean(self.in_school)),
            Field::HasNik => Some(Value::Boolean(self.has_nik)),
            _ => None,
        }
    }
}

/// First day of the last quarter that is over, and of the one that is not.
pub(super) fn last_quarter(reference_on: NaiveDate) -> (NaiveDate, NaiveDate) {
    let month = reference_on.month0() - reference_on.month0() % 3;
    let before = reference_on.with_day(1).and_then(|day| day.with_month0(month)).unwrap_or(reference_on);
    (before.checked_sub_months(Months::new(3)).unwrap_or(before), before)
}

/// The first of so many days of which the last is the reference date.
pub(super) fn first_day(reference_on: NaiveDate, days: i64) -> NaiveDate {
    let before = chrono::Days::new(u64::try_from(days - 1).unwrap_or(0));
    reference_on.checked_sub_days(before).unwrap_or(NaiveDate::MIN)
}

/// Completed years; below 0 before birth. Who is born on 29 February completes a year on 1 March.
fn age(born_on: NaiveDate, reference_on: NaiveDate) -> i64 {
    let years = i64::from(reference_on.year()) - i64::from(born_on.year());
    let is_before_birthday = (reference_on.month(), reference_on.day()) < (born_on.month(), born_on.day());
    years - i64::from(is_before_birthday)
}

/// Last birth date of those who have completed that many years.
pub(super) fn last_birth_date(years: i64, reference_on: NaiveDate) -> NaiveDate {
    let year = i64::from(reference_on.year()).saturating_sub(years);
    let year = i32::try_from(year).unwrap_or(i32::MIN);
    let on_day = |day| NaiveDate::from_ymd_opt(year, reference_on.month(), day);
    // Only 29 February can be missing from a year.
    on_day(reference_on.day()).or_else(|| on_day(28)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_birth_date_of_an_age_is_its_boundary() {
        let days = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap().iter_days().take(800);
        for reference_on in days {
            for years in [0, 1, 4, 6, 60] {
                let last = last_birth_date(years, reference_on);
                assert_eq!(age(last, reference_on).cmp(&years), std::cmp::Ordering::Equal, "{reference_on} {years}");
                assert_eq!(age(last.succ_opt().unwrap(), reference_on), years - 1, "{reference_on} {years}");
            }
        }
    }
}
