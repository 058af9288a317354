//! What a rule set must be. Pure.

use serde_json::Value;

use super::model::{NewRuleSet, Terms};
use crate::domain::Quantity;
use crate::error::{Code, Fault, Place};
use crate::programs::benefits::{Benefit, Component, Duty, DutyKind, PackageMilestone, faults_of_milestones};
use crate::programs::eligibility::{self, AttributeKind, Expression, MemberCondition, Mention, Named};
use crate::programs::model::ProgramKind;

/// What rules may name beyond the catalogue, as the records have it.
#[derive(Debug, Default)]
pub(super) struct Nameable {
    /// Codes of programs.
    pub(super) programs: Vec<String>,
    /// Sources of welfare ranks.
    pub(super) rank_sources: Vec<String>,
    /// Schemas of attributes in force, each with whether it is for members.
    pub(super) schemas: Vec<(bool, Value)>,
}

impl Nameable {
    /// What is wrong with a name and what to do about it; nothing where it is right.
    fn refuses(&self, named: &Named) -> Option<&'static str> {
        match named {
            Named::Program(code) if !self.programs.contains(code) => Some("no program has this code"),
            Named::RankSource(source) if !self.rank_sources.contains(source) => {
                Some("no family has a rank by this source: write it as the ranks do")
            }
            Named::Attribute { of_members, name, kind } => self.refuses_attribute(*of_members, name, *kind),
            Named::Program(_) | Named::RankSource(_) => None,
        }
    }

    /// Each sub-district that has the attribute must mean the same by it.
    fn refuses_attribute(&self, of_members: bool, name: &str, kind: Option<AttributeKind>) -> Option<&'static str> {
        let of_subject = self.schemas.iter().filter(|(is_of_members, _)| *is_of_members == of_members);
        let mut properties = of_subject.filter_map(|(_, schema)| schema.get("properties")?.get(name)).peekable();
        if properties.peek().is_none() {
            return Some("no schema in force has this attribute: register one, or see GET /v1/facts");
        }
        let kind = kind?;
        properties.any(|property| AttributeKind::of(property) != Some(kind)).then_some(match kind {
            AttributeKind::Boolean => "this attribute is not yes or no: compare it with what its schema allows",
            AttributeKind::Number => "this attribute is not a number: compare it with what its schema allows",
            AttributeKind::Text => "this attribute is not a text: compare it with what its schema allows",
            AttributeKind::TextList => "this attribute is not a list of texts: compare it with what its schema allows",
        })
    }
}

/// All faults of a rule set of a program of that kind.
pub(super) fn faults_of(new: &NewRuleSet, kind: ProgramKind, nameable: &Nameable) -> Vec<Fault> {
    let mut faults = faults_of_terms(new.terms(), kind, nameable);
    if new.effective_to.is_some_and(|last| last < new.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    faults
}

/// Faults of whom rules reach and with what.
pub(super) fn faults_of_terms(terms: Terms<'_>, kind: ProgramKind, nameable: &Nameable) -> Vec<Fault> {
    let mut faults = read_expression("/eligibility", terms.eligibility, nameable).err().unwrap_or_default();
    match terms.benefit() {
        None => faults.push(Fault::new("/benefit", Code::Required)),
        Some(_) if terms.benefit.is_some() && terms.benefit_quantity.is_some() => {
            faults.push(Fault::new("/benefit", Code::EitherOne));
        }
        Some(benefit) => faults.extend(faults_of_benefit(&benefit, terms, kind, nameable)),
    }
    faults
}

/// Most members that a family can have, and so most that a benefit can count.
const MOST_MEMBERS: i64 = 50;
const MOST_COMPONENTS: usize = 20;
const MOST_PACKED: usize = 30;
const LONGEST_CONDITION: usize = 1000;
/// So that each part of a year is more than nothing.
const YEARLY: std::ops::RangeInclusive<i64> = 100..=1_000_000_000;

fn faults_of_benefit(benefit: &Benefit, terms: Terms<'_>, kind: ProgramKind, nameable: &Nameable) -> Vec<Fault> {
    let mut faults = match benefit {
        Benefit::Fixed { quantity, contents } => {
            let at = if terms.benefit.is_some() { "/benefit/quantity" } else { "/benefit_quantity" };
            let too_many = (contents.len() > MOST_PACKED).then(|| Fault::new("/benefit/contents", Code::WrongType));
            faults_of_quantity(at, quantity, kind).into_iter().chain(too_many).collect()
        }
        Benefit::PerMember { quantity, condition, minimum_members, maximum_members } => {
            let mut faults = faults_of_quantity("/benefit/quantity", quantity, kind);
            let condition = condition.as_deref().map(|source| read_condition("/benefit/condition", source, nameable));
            faults.extend(condition.and_then(Result::err).into_iter().flatten());
            faults.extend(out_of("/benefit/minimum_members", *minimum_members, 1..=MOST_MEMBERS));
            let least = (*minimum_members).clamp(1, MOST_MEMBERS);
            faults.extend(out_of("/benefit/maximum_members", *maximum_members, least..=MOST_MEMBERS));
            faults
        }
        Benefit::PerComponent { components, maximum_components, .. } => {
            let mut faults = faults_of_components(components, kind, nameable);
            faults.extend(out_of("/benefit/maximum_components", *maximum_components, 1..=MOST_MEMBERS));
            faults
        }
        Benefit::Package { milestones } => faults_of_package(milestones, kind),
    };
    if faults.is_empty() && benefit.most(terms.benefit_period).is_none() {
        faults.push(Fault::new("/benefit", Code::QuantityMalformed));
    }
    faults
}

/// A package is counted in whole units, so it is not for programs of money.
fn faults_of_package(milestones: &[PackageMilestone], kind: ProgramKind) -> Vec<Fault> {
    let is_money = kind == ProgramKind::Money;
    let not_money = is_money.then(|| Fault::new("/benefit/kind", Code::NotForThisKind));
    not_money.into_iter().chain(faults_of_milestones(milestones)).collect()
}

fn faults_of_quantity(pointer: &str, quantity: &Quantity, kind: ProgramKind) -> Vec<Fault> {
    let is_part = kind.counts_whole_units() && !quantity.is_whole();
    let zero = quantity.is_zero().then(|| Fault::new(pointer, Code::QuantityZero));
    zero.into_iter().chain(is_part.then(|| Fault::new(pointer, Code::QuantityNotWhole))).collect()
}

/// A number outside of what it may be.
fn out_of(pointer: &str, number: i64, range: std::ops::RangeInclusive<i64>) -> Option<Fault> {
    let (least, most) = (range.start(), range.end());
    let told = format!("From {least} to {most}.");
    (!range.contains(&number)).then(|| Fault::new(pointer, Code::WrongType).with_detail(told))
}

/// Components are in rupiah, so they are for programs of money alone.
fn faults_of_components(components: &[Component], kind: ProgramKind, nameable: &Nameable) -> Vec<Fault> {
    if kind != ProgramKind::Money {
        return vec![Fault::new("/benefit/kind", Code::NotForThisKind)];
    }
    if components.is_empty() || components.len() > MOST_COMPONENTS {
        let told = format!("From 1 to {MOST_COMPONENTS}.");
        return vec![Fault::new("/benefit/components", Code::WrongType).with_detail(told)];
    }
    let mut faults = Vec::new();
    for (number, component) in components.iter().enumerate() {
        let at = |field: &str| format!("/benefit/components/{number}/{field}");
        let is_again = components.iter().take(number).any(|earlier| earlier.code == component.code);
        faults.extend(is_again.then(|| Fault::new(at("code"), Code::ValueTwice)));
        let condition = read_condition(&at("condition"), &component.condition, nameable);
        faults.extend(condition.err().into_iter().flatten());
        let is_amount = YEARLY.contains(&component.yearly_rupiah.amount());
        faults.extend((!is_amount).then(|| Fault::new(at("yearly_rupiah"), Code::AmountOutOfRange)));
        let maximum = component.maximum.unwrap_or(1);
        faults.extend(out_of(&at("maximum"), maximum, 1..=MOST_MEMBERS));
        faults.extend(faults_of_duties(&at("duties"), &component.duties));
    }
    faults
}

fn faults_of_duties(pointer: &str, duties: &[Duty]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut kinds: Vec<DutyKind> = duties.iter().map(|duty| duty.kind).collect();
    kinds.sort();
    kinds.dedup();
    faults.extend((kinds.len() < duties.len()).then(|| Fault::new(pointer, Code::ValueTwice)));
    for (number, duty) in duties.iter().enumerate().take(DutyKind::ALL.len()) {
        faults.extend(out_of(&format!("{pointer}/{number}/minimum_percent"), duty.minimum_percent, 1..=100));
        faults.extend(out_of(&format!("{pointer}/{number}/cut_percent"), duty.cut_percent, 1..=100));
    }
    faults
}

/// Reads a rule that stands at `pointer` of a body.
pub(super) fn read_expression(pointer: &str, source: &str, nameable: &Nameable) -> Result<Expression, Vec<Fault>> {
    let expression = Expression::parse(source).map_err(|faults| told((pointer, source), &faults))?;
    let faults = refused((pointer, source), expression.mentions(), nameable);
    if faults.is_empty() { Ok(expression) } else { Err(faults) }
}

/// The same of a condition on a member.
fn read_condition(pointer: &str, source: &str, nameable: &Nameable) -> Result<MemberCondition, Vec<Fault>> {
    if source.chars().count() > LONGEST_CONDITION {
        return Err(vec![Fault::new(pointer, Code::TextTooLong)]);
    }
    let condition = MemberCondition::parse(source).map_err(|faults| told((pointer, source), &faults))?;
    let faults = refused((pointer, source), condition.mentions(), nameable);
    if faults.is_empty() { Ok(condition) } else { Err(faults) }
}

fn told(at: (&str, &str), faults: &[eligibility::Fault]) -> Vec<Fault> {
    faults.iter().map(|fault| at_character(at, fault.offset, &fault.message)).collect()
}

/// Faults of names that no record has.
fn refused(at: (&str, &str), mentions: &[Mention], nameable: &Nameable) -> Vec<Fault> {
    let refused = |mention: &Mention| Some(at_character(at, mention.offset, nameable.refuses(&mention.named)?));
    mentions.iter().filter_map(refused).collect()
}

/// Characters are told from 1, as editors show them.
fn at_character((pointer, source): (&str, &str), offset: usize, message: &str) -> Fault {
    let place = Place::of(source, offset);
    Fault::new(pointer, Code::ExpressionInvalid).with_detail(format!("Character {}: {message}.", offset + 1)).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule_set(eligibility: &str) -> NewRuleSet {
        serde_json::from_value(serde_json::json!({
            "eligibility": eligibility, "benefit_quantity": "0.5", "benefit_period": "month",
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        }))
        .unwrap()
    }

    fn none() -> Nameable {
        Nameable::default()
    }

    #[test]
    fn each_fault_of_a_rule_names_its_character() {
        let faults = faults_of(&rule_set("family.decile <= 40 && family.wealth > 1"), ProgramKind::Goods, &none());
        let details: Vec<_> = faults.iter().filter_map(|fault| fault.detail.as_deref()).collect();
        assert!(details.first().unwrap().starts_with("Character 18: "), "{details:?}");
        assert!(details.get(1).unwrap().starts_with("Character 31: "), "{details:?}");
    }

    #[test]
    fn a_program_that_nobody_has_is_a_fault() {
        let new = rule_set("!('PKH' in family.programs) && \"RICE\" in family.programs");
        let nameable = Nameable { programs: vec!["PKH".to_owned()], ..none() };
        let faults = faults_of(&new, ProgramKind::Goods, &nameable);
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!(fault.detail.as_deref(), Some("Character 32: no program has this code."));
    }

    #[test]
    fn half_a_machine_is_not_given() {
        let whole = |kind| faults_of(&rule_set("true"), kind, &none());
        assert_eq!(whole(ProgramKind::Equipment), [Fault::new("/benefit_quantity", Code::QuantityNotWhole)]);
        assert_eq!(whole(ProgramKind::Goods), []);
    }

    fn faults_of_components(components: &serde_json::Value) -> Vec<(String, Code)> {
        let mut new = rule_set("true");
        new.benefit_quantity = None;
        let benefit = serde_json::json!({ "kind": "per_component", "maximum_components": 4, "first": "amount",
            "components": components });
        new.benefit = Some(serde_json::from_value(benefit).unwrap());
        let faults = faults_of(&new, ProgramKind::Money, &none());
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn each_fault_of_a_component_is_told_at_its_place() {
        let duty = serde_json::json!({ "kind": "health_visit", "minimum_percent": 100, "cut_percent": 101 });
        let right = serde_json::json!({ "code": "pupil", "condition": "member.in_school", "yearly_rupiah": 900_000 });
        assert_eq!(faults_of_components(&serde_json::json!([right])), []);
        let wrong = serde_json::json!([right, { "code": "pupil", "condition": "members.exists(m, m.in_school)",
            "yearly_rupiah": 99, "maximum": 0, "duties": [duty, duty] }]);
        let at = |field: &str| format!("/benefit/components/1/{field}");
        assert_eq!(
            faults_of_components(&wrong),
            [
                (at("code"), Code::ValueTwice),
                (at("condition"), Code::ExpressionInvalid),
                (at("yearly_rupiah"), Code::AmountOutOfRange),
                (at("maximum"), Code::WrongType),
                (at("duties"), Code::ValueTwice),
                (at("duties/0/cut_percent"), Code::WrongType),
                (at("duties/1/cut_percent"), Code::WrongType),
            ]
        );
    }

    #[test]
    fn a_name_that_no_record_has_is_a_fault_at_its_place() {
        let nameable = Nameable {
            rank_sources: vec!["DTSEN".to_owned()],
            schemas: vec![(
                false,
                serde_json::json!({ "properties": {
                "roof": { "type": "string" }, "rooms": { "type": "integer" }, "has_toilet": { "type": "boolean" },
                "assets": { "type": "array", "items": { "type": "string" } }
            } }),
            )],
            ..none()
        };
        let told = |source: &str| match read_expression("/eligibility", source, &nameable) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().filter_map(|fault| fault.place).map(|place| place.offset).collect(),
        };
        for right in [
            "family.ranks.DTSEN <= 4",
            "family.attributes.roof == 'zinc' && family.attributes.rooms < 3 && family.attributes.has_toilet",
            "'radio' in family.attributes.assets && has(family.attributes.roof)",
        ] {
            assert_eq!(told(right), Vec::<usize>::new(), "{right}");
        }
        for (wrong, offset) in [
            ("family.ranks.DTSN <= 4", 13),
            ("family.attributes.wall == 'x'", 18),
            ("family.attributes.roof <= 3", 18),
            ("family.attributes.rooms == 'x'", 18),
            ("family.attributes.rooms", 18),
            ("'x' in family.attributes.roof", 25),
            ("head.attributes.roof == 'x'", 16),
        ] {
            assert_eq!(told(wrong), [offset], "{wrong}");
        }
    }
}
