//! The answers of rules are those of CEL, as an independent interpreter gives them.

use std::collections::HashMap;
use std::sync::Arc;

use cel::extractors::This;
use cel::objects::Key;
use cel::{Context, Program, Value};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::eligibility::{AidReceived, Answer, DutyDone, Expression, Facts, MemberFacts};
use crate::random::{Lacks, Parts, family, reference_on, rule};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_family_with_nothing_unknown_gets_the_answer_of_cel(
        source in rule(Parts { counts: true, nulls: true }), facts in family(Lacks::Nothing),
    ) {
        let expression = Expression::parse(&source).unwrap();
        prop_assert_eq!(expression.answer(&facts, reference_on()), by_cel(&source, &facts));
    }

    #[test]
    fn unknown_facts_answer_as_errors_do_in_cel(
        source in rule(Parts { counts: false, nulls: false }), facts in family(Lacks::Facts),
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
        source in rule(Parts { counts: true, nulls: true }), facts in family(Lacks::Facts),
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
    let head = facts.members.iter().find(|member| member.relationship == "head").map_or_else(nobody, person);
    context.add_variable_from_value("family", family_value(facts));
    context.add_variable_from_value("head", head);
    context.add_variable_from_value("members", members);
    let aid = Arc::new(facts.family.aid.clone());
    let in_window = move |aid: &AidReceived, code: &str, days: i64| {
        aid.code == code && aid.on <= reference_on() && aid.on > reference_on() - TimeDelta::days(days)
    };
    let all = aid.clone();
    let received = context.add_function("received", move |_: This<Value>, code: Arc<String>, days: i64| -> f64 {
        let received = all.iter().filter(|aid| in_window(aid, &code, days));
        received.map(|aid| f64::from(i32::try_from(aid.thousandths).unwrap()) / 1_000.0).sum()
    });
    let deliveries = context.add_function("deliveries", move |_: This<Value>, code: Arc<String>, days: i64| -> i64 {
        i64::try_from(aid.iter().filter(|aid| in_window(aid, &code, days)).count()).unwrap()
    });
    assert!(received.is_ok() && deliveries.is_ok());
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
        ("least_duty_percent", least_duty(facts).map(Value::from)),
        ("decile", family.decile.map(|decile| i64::from(decile).into())),
        ("programs", Some(programs.into())),
        ("ranks", Some(ranks(facts))),
        ("attributes", Some(attributes(&family.attributes))),
    ])
}

/// Counted in another way than the service does: duty by duty, over all that there are.
fn least_duty(facts: &Facts) -> Option<i64> {
    let (from, before) = ((2023, 10), (2024, 1));
    let is_of_quarter = |on: chrono::NaiveDate| {
        let month = (chrono::Datelike::year(&on), chrono::Datelike::month(&on));
        from <= month && month < before
    };
    let asked: Vec<_> = facts.family.duties.iter().filter(|duty| is_of_quarter(duty.month)).collect();
    let is_same = |one: &DutyDone, other: &DutyDone| {
        other.kind == one.kind && (one.kind == "monthly_session" || other.member_id == one.member_id)
    };
    let percent = |one: &&DutyDone| {
        let (mut done, mut due) = (0, 0);
        for month in [10, 11, 12] {
            let of_month = |other: &&&DutyDone| is_same(one, other) && chrono::Datelike::month(&other.month) == month;
            done += asked.iter().filter(of_month).map(|other| other.done_count).max().unwrap_or(0);
            due += asked.iter().filter(of_month).map(|other| other.due_count).max().unwrap_or(0);
        }
        done * 100 / due
    };
    asked.iter().map(percent).min()
}

fn ranks(facts: &Facts) -> Value {
    let ranks = facts.family.ranks.iter();
    let by_source = ranks.map(|rank| (Key::from(rank.source.as_str()), Value::Int(rank.decile.into())));
    Value::Map(by_source.collect::<HashMap<_, _>>().into())
}

fn attributes(attributes: &serde_json::Map<String, Json>) -> Value {
    let known = attributes.iter().map(|(name, attribute)| (Key::from(name.as_str()), of_json(&attribute["value"])));
    Value::Map(known.collect::<HashMap<_, _>>().into())
}

fn of_json(value: &Json) -> Value {
    match value {
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => text.clone().into(),
        Json::Array(items) => items.iter().map(of_json).collect::<Vec<_>>().into(),
        Json::Null | Json::Object(_) => panic!("no attribute is {value}"),
    }
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
        ("attributes", Some(attributes(&member.attributes))),
    ])
}

/// A head that is missing has no facts, nor any attribute.
fn nobody() -> Value {
    map([("attributes", Some(map([])))])
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
