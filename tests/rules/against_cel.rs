//! The answers of rules are those of CEL, as an independent interpreter gives them.

use std::collections::HashMap;

use cel::objects::Key;
use cel::{Context, Program, Value};
use proptest::prelude::*;

use crate::eligibility::{Answer, Expression, Facts, MemberFacts};
use crate::random::{Parts, family, reference_on, rule};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_family_with_nothing_unknown_gets_the_answer_of_cel(
        source in rule(Parts { counts: true, nulls: true }), facts in family(true),
    ) {
        let expression = Expression::parse(&source).unwrap();
        prop_assert_eq!(expression.answer(&facts, reference_on()), by_cel(&source, &facts));
    }

    #[test]
    fn unknown_facts_answer_as_errors_do_in_cel(
        source in rule(Parts { counts: false, nulls: false }), facts in family(false),
    ) {
        let expression = Expression::parse(&source).unwrap();
        prop_assert_eq!(expression.answer(&facts, reference_on()), by_cel(&source, &facts));
    }

    #[test]
    fn the_canonical_form_reads_back_as_the_same_rule(source in rule(Parts { counts: true, nulls: true })) {
        let expression = Expression::parse(&source).unwrap();
        let canonical = expression.canonical();
        prop_assert_eq!(Expression::parse(&canonical).unwrap().canonical(), canonical);
    }

    #[test]
    fn the_explanation_has_the_answer_of_the_rule(
        source in rule(Parts { counts: true, nulls: true }), facts in family(false),
    ) {
        let expression = Expression::parse(&source).unwrap();
        let explained = expression.explain(&facts, reference_on());
        prop_assert_eq!(explained.answer, expression.answer(&facts, reference_on()));
    }
}

/// An error, which a missing fact gives, is the answer unknown.
fn by_cel(source: &str, facts: &Facts) -> Answer {
    let mut context = Context::default();
    let members: Vec<Value> = facts.members.iter().map(person).collect();
    let head = facts.members.iter().find(|member| member.relationship == "head").map_or_else(|| map([]), person);
    context.add_variable_from_value("family", family_value(facts));
    context.add_variable_from_value("head", head);
    context.add_variable_from_value("members", members);
    match Program::compile(source).unwrap().execute(&context) {
        Ok(Value::Bool(true)) => Answer::Yes,
        Ok(Value::Bool(false)) => Answer::No,
        Err(_) => Answer::Unknown,
        Ok(other) => panic!("{source} gives {other:?}"),
    }
}

fn family_value(facts: &Facts) -> Value {
    let family = &facts.family;
    let programs: Vec<Value> = family.programs.iter().map(|program| program.code.clone().into()).collect();
    map([
        ("village", Some(family.village_code.clone().into())),
        ("district", Some(family.village_code[..8].to_owned().into())),
        ("member_count", Some(i64::from(family.member_count).into())),
        ("verified", Some(family.is_verified.into())),
        ("days_since_visit", family.last_visit_on.map(|on| (reference_on() - on).num_days().into())),
        ("decile", family.decile.map(|decile| i64::from(decile).into())),
        ("programs", Some(programs.into())),
    ])
}

fn person(member: &MemberFacts) -> Value {
    let age = member.born_on.map(|born_on| i64::from(years_since(born_on)));
    map([
        ("age", age.map(Value::from)),
        ("sex", Some(member.sex.clone().into())),
        ("relationship", Some(member.relationship.clone().into())),
        ("is_pregnant", Some(member.is_pregnant.into())),
        ("has_disability", Some(member.has_disability.into())),
        ("in_school", Some(member.in_school.into())),
        ("has_nik", Some(member.has_nik.into())),
    ])
}

fn years_since(born_on: chrono::NaiveDate) -> i32 {
    match reference_on().years_since(born_on) {
        Some(years) => i32::try_from(years).unwrap(),
        // Not yet born: all random dates are less than a year ahead.
        None => -1,
    }
}

fn map<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let known = entries.into_iter().filter_map(|(name, value)| Some((Key::from(name), value?)));
    Value::Map(known.collect::<HashMap<_, _>>().into())
}
