//! The guide to rules says what holds.

use crate::eligibility::{Expression, facts};

const GUIDE: &str = include_str!("../../docs/guides/rules.md");

#[test]
fn every_rule_of_the_guide_is_a_rule() {
    let rules: Vec<_> = GUIDE.split("```cel\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(rules.len() >= 4);
    for rule in rules {
        assert!(Expression::parse(rule).is_ok(), "{rule}");
    }
}

#[test]
fn every_way_of_writing_in_the_guide_is_a_rule() {
    let table = GUIDE.split("| to say | write |").nth(1).unwrap().split("\n\n").next().unwrap();
    let written = table.lines().filter(|line| line.contains("family.") || line.contains("members."));
    for rule in written.flat_map(|line| line.split('`').skip(1).step_by(2)) {
        assert!(Expression::parse(rule).is_ok(), "{rule}");
    }
}

#[test]
fn the_guide_lists_every_fact_as_the_catalogue_has_it() {
    for fact in facts().iter().filter(|fact| !fact.name.starts_with("head.")) {
        let name = fact.name.replace("member.", "m.");
        let row = GUIDE.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap();
        assert!(row.ends_with(&format!("| {} |", fact.source)), "{row}");
        assert_eq!(row.contains("| yes |"), fact.nullable, "{row}");
        assert!(fact.values.iter().all(|value| row.contains(&format!("`{value}`"))), "{row}");
    }
}
