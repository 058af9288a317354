//! A change made to a copy of the facts, and told.

use chrono::{Days, NaiveDate};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::super::entries::{FactRef, Field, Scope};
use super::super::explain::{self, FactValue};
use super::super::facts::{
    AidReceived, DutyDone, EnrolledProgram, Facts, FamilyFacts, MemberFacts, SourceRank, Subject, first_day,
    last_birth_date, last_quarter,
};
use super::super::keyed::{Aid, AidMeasure, AttributeRef, rank_text};
use super::{Change, Changed, FactChange, Setting};

impl Change {
    /// Makes the change.
    pub(super) fn apply(&self, facts: &mut Facts, reference_on: NaiveDate) {
        match &self.of {
            Changed::Field { member: Some(member), entry, .. } => {
                if let Some(member) = facts.members.get_mut(*member) {
                    set_of_member(member, entry.field, (&self.to, reference_on));
                }
            }
            Changed::Field { entry, .. } => set_of_family(&mut facts.family, entry.field, (&self.to, reference_on)),
            Changed::Attribute { member, name, .. } => {
                let attributes = match member {
                    Some(member) => facts.members.get_mut(*member).map(|member| &mut member.attributes),
                    None => Some(&mut facts.family.attributes),
                };
                if let (Some(attributes), Setting::Json(value)) = (attributes, &self.to) {
                    attributes.insert(name.clone(), json!({ "value": value }));
                }
            }
            Changed::Rank(source) => {
                facts.family.ranks.retain(|rank| rank.source != *source);
                let rank = SourceRank { source: source.clone(), decile: self.to.small(), on: None };
                facts.family.ranks.push(rank);
            }
            Changed::Program(code) => {
                facts.family.programs.retain(|program| program.code != *code);
                if self.to == Setting::Boolean(true) {
                    facts.family.programs.push(EnrolledProgram { code: code.clone(), started_on: None });
                }
            }
            Changed::Aid(aid) => set_aid(&mut facts.family, aid, (self.to.whole(), reference_on)),
        }
    }

    /// The change as it is told, among all that lead to the facts `others`.
    pub(super) fn told(&self, subject: Subject<'_>, others: &Facts) -> FactChange {
        let subject = match &self.of {
            Changed::Field { member: Some(member), .. } | Changed::Attribute { member: Some(member), .. } => {
                subject.facts.members.get(*member).map_or(subject, |member| subject.of(member))
            }
            _ => subject,
        };
        let (name, from) = self.before(subject);
        FactChange { name, member_id: subject.member.map(|member| member.id), from, to: self.after(others) }
    }

    fn before(&self, subject: Subject<'_>) -> (String, Option<FactValue>) {
        match &self.of {
            Changed::Field { scope, entry, .. } => {
                let fact = FactRef { scope: *scope, entry };
                (fact.text("member"), subject.value(fact).map(explain::told))
            }
            Changed::Attribute { scope, name, .. } => {
                let attribute = AttributeRef { scope: *scope, name: name.clone() };
                let value = subject.attribute_value(&attribute).and_then(explain::json_value);
                (attribute.text("member"), value)
            }
            Changed::Rank(source) => {
                let rank = subject.rank(source).map(|rank| FactValue::Whole(rank.decile.into()));
                (rank_text(source), rank)
            }
            Changed::Program(_) => ("family.programs".to_owned(), Some(FactValue::Texts(codes(subject.facts)))),
            Changed::Aid(aid) => (aid.text(), explain::aid_value(subject, aid)),
        }
    }

    fn after(&self, others: &Facts) -> FactValue {
        match (&self.of, &self.to) {
            (Changed::Program(_), _) => FactValue::Texts(codes(others)),
            (_, Setting::Boolean(value)) => FactValue::Boolean(*value),
            (_, Setting::Whole(number)) => FactValue::Whole(*number),
            (_, Setting::Text(text)) => FactValue::Text(text.clone()),
            (_, Setting::Json(value)) => {
                explain::json_value(value).unwrap_or_else(|| FactValue::Text(value.to_string()))
            }
        }
    }
}

fn codes(facts: &Facts) -> Vec<String> {
    facts.family.programs.iter().map(|program| program.code.clone()).collect()
}

impl Setting {
    fn whole(&self) -> i64 {
        match self {
            Self::Whole(number) => *number,
            Self::Json(Json::Number(number)) => number.as_i64().unwrap_or_default(),
            _ => 0,
        }
    }

    fn small(&self) -> i16 {
        i16::try_from(self.whole()).unwrap_or_default()
    }

    fn is_true(&self) -> bool {
        *self == Self::Boolean(true)
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            _ => String::new(),
        }
    }
}

fn set_of_family(family: &mut FamilyFacts, field: Field, (to, reference_on): (&Setting, NaiveDate)) {
    match field {
        Field::Decile => family.decile = Some(to.small()),
        Field::Village => family.village_code = to.text(),
        Field::District => family.village_code = format!("{}.0000", to.text()),
        Field::MemberCount => family.member_count = to.small().into(),
        Field::Verified => family.is_verified = to.is_true(),
        Field::LeastDuty => set_duties(family, (to.whole(), reference_on)),
        Field::DaysSinceVisit => family.last_visit_on = reference_on.checked_sub_days(days(to)),
        _ => {}
    }
}

/// What was kept in the last finished quarter becomes so much of one duty.
fn set_duties(family: &mut FamilyFacts, (to, reference_on): (i64, NaiveDate)) {
    let (from, before) = last_quarter(reference_on);
    family.duties.retain(|duty| duty.month < from || duty.month >= before);
    let (member_id, kind) = (Uuid::nil(), "school_attendance".to_owned());
    family.duties.push(DutyDone { member_id, kind, month: from, due_count: 100, done_count: to });
}

fn set_of_member(member: &mut MemberFacts, field: Field, (to, reference_on): (&Setting, NaiveDate)) {
    match field {
        Field::Age => member.born_on = Some(last_birth_date(to.whole(), reference_on)),
        Field::Sex => member.sex = to.text(),
        Field::Relationship => member.relationship = to.text(),
        Field::IsPregnant => member.is_pregnant = to.is_true(),
        Field::HasDisability => member.has_disability = to.is_true(),
        Field::InSchool => member.in_school = to.is_true(),
        Field::HasNik => member.has_nik = to.is_true(),
        _ => {}
    }
}

/// What was handed over in the window becomes so much, as often as before, or so many times, as much as before: a change
/// of the one turns nothing that is asked about the other, except where nothing at all is handed over.
fn set_aid(family: &mut FamilyFacts, aid: &Aid, (to, reference_on): (i64, NaiveDate)) {
    let first = first_day(reference_on, aid.days);
    let is_within = |one: &AidReceived| one.code == aid.code && first <= one.on && one.on <= reference_on;
    let (within, mut kept): (Vec<_>, Vec<_>) = family.aid.drain(..).partition(is_within);
    let times = match aid.measure {
        AidMeasure::Quantity if to > 0 => i64::try_from(within.len()).unwrap_or(i64::MAX).max(1),
        AidMeasure::Quantity => 0,
        AidMeasure::Deliveries => to,
    };
    let thousandths = match aid.measure {
        AidMeasure::Quantity => to.saturating_mul(1_000),
        AidMeasure::Deliveries => within.iter().map(|one| one.thousandths).sum(),
    };
    let received = |thousandths| AidReceived { code: aid.code.clone(), thousandths, on: reference_on };
    kept.extend((1..times).map(|_| received(1)));
    kept.extend((times > 0).then(|| received((thousandths - times + 1).max(1))));
    family.aid = kept;
}

fn days(to: &Setting) -> Days {
    Days::new(u64::try_from(to.whole()).unwrap_or_default())
}

impl Subject<'_> {
    /// Which of the members a fact of that scope is about.
    pub(super) fn place(self, scope: Scope) -> Option<usize> {
        let members = &self.facts.members;
        match scope {
            Scope::Family => None,
            Scope::Head => members.iter().position(|member| member.relationship == "head"),
            Scope::Member => {
                let own = self.member?;
                members.iter().position(|member| std::ptr::eq(member, own))
            }
        }
    }
}
