//! What a rule set must be. Pure.

use serde_json::Value;

use super::model::NewRuleSet;
use crate::error::{Code, Fault, Place};
use crate::programs::eligibility::{self, AttributeKind, Expression, Mention, Named};
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
    let mut faults = read_expression("/eligibility", &new.eligibility, nameable).err().unwrap_or_default();
    if new.benefit_quantity.is_zero() {
        faults.push(Fault::new("/benefit_quantity", Code::QuantityZero));
    }
    if kind.counts_whole_units() && !new.benefit_quantity.is_whole() {
        faults.push(Fault::new("/benefit_quantity", Code::QuantityNotWhole));
    }
    if new.effective_to.is_some_and(|last| last < new.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    faults
}

/// Reads a rule that stands at `pointer` of a body.
pub(super) fn read_expression(pointer: &str, source: &str, nameable: &Nameable) -> Result<Expression, Vec<Fault>> {
    let at_fault = |fault: &eligibility::Fault| at_character((pointer, source), fault.offset, &fault.message);
    let expression = Expression::parse(source).map_err(|faults| faults.iter().map(at_fault).collect::<Vec<Fault>>())?;
    let refused = |mention: &Mention| {
        let message = nameable.refuses(&mention.named)?;
        Some(at_character((pointer, source), mention.offset, message))
    };
    let faults: Vec<Fault> = expression.mentions().iter().filter_map(refused).collect();
    if faults.is_empty() { Ok(expression) } else { Err(faults) }
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
