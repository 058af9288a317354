//! What a rule set must be. Pure.

use super::model::NewRuleSet;
use crate::error::{Code, Fault};
use crate::programs::eligibility::{self, Expression};
use crate::programs::model::ProgramKind;

/// All faults of a rule set of a program of that kind; `codes` are the programs that a rule may name.
pub(super) fn faults_of(new: &NewRuleSet, kind: ProgramKind, codes: &[String]) -> Vec<Fault> {
    let mut faults = read_expression("/eligibility", &new.eligibility, codes).err().unwrap_or_default();
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

/// Reads a rule that stands at `pointer` of a body; `codes` are the programs that it may name.
pub(super) fn read_expression(pointer: &str, source: &str, codes: &[String]) -> Result<Expression, Vec<Fault>> {
    let at_fault = |fault: &eligibility::Fault| at_character(pointer, fault.offset, &fault.message);
    let expression = Expression::parse(source).map_err(|faults| faults.iter().map(at_fault).collect::<Vec<Fault>>())?;
    let unknown = unknown_programs(pointer, &expression, codes);
    if unknown.is_empty() { Ok(expression) } else { Err(unknown) }
}

fn unknown_programs(pointer: &str, expression: &Expression, codes: &[String]) -> Vec<Fault> {
    let named = expression.program_codes().into_iter();
    let unknown = named.filter(|named| !codes.iter().any(|code| code == named));
    let at_fault = |code| at_character(pointer, place_of(expression.source(), code), "no program has this code");
    unknown.map(at_fault).collect()
}

/// Characters are counted from 1, as editors show them.
fn at_character(pointer: &str, offset: usize, message: &str) -> Fault {
    Fault::new(pointer, Code::ExpressionInvalid).with_detail(format!("Character {}: {message}.", offset + 1))
}

/// Where a text in quotes stands in the source, in characters.
fn place_of(source: &str, text: &str) -> usize {
    let quoted = ['"', '\''].iter().filter_map(|quote| source.find(&format!("{quote}{text}{quote}"))).min();
    quoted.and_then(|bytes| source.get(..bytes)).map_or(0, |before| before.chars().count())
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

    #[test]
    fn each_fault_of_a_rule_names_its_character() {
        let faults = faults_of(&rule_set("family.decile <= 40 && family.wealth > 1"), ProgramKind::Goods, &[]);
        let details: Vec<_> = faults.iter().filter_map(|fault| fault.detail.as_deref()).collect();
        assert!(details.first().unwrap().starts_with("Character 18: "), "{details:?}");
        assert!(details.get(1).unwrap().starts_with("Character 31: "), "{details:?}");
    }

    #[test]
    fn a_program_that_nobody_has_is_a_fault() {
        let new = rule_set("!('PKH' in family.programs) && \"RICE\" in family.programs");
        let faults = faults_of(&new, ProgramKind::Goods, &["PKH".to_owned()]);
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!(fault.detail.as_deref(), Some("Character 32: no program has this code."));
    }

    #[test]
    fn half_a_machine_is_not_given() {
        let whole = |kind| faults_of(&rule_set("true"), kind, &[]);
        assert_eq!(whole(ProgramKind::Equipment), [Fault::new("/benefit_quantity", Code::QuantityNotWhole)]);
        assert_eq!(whole(ProgramKind::Goods), []);
    }
}
