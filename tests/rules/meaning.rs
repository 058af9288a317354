//! What rules mean, by example: the rule of the rice program, and facts that are unknown.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use crate::eligibility::{Answer, EnrolledProgram, Expression, Facts, FamilyFacts, MemberFacts, Origin, Parameter};

const RICE: &str = r#"family.decile <= 4 && family.district == "64.02.10" && !("PKH" in family.programs)"#;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn person(relationship: &str, born_on: Option<NaiveDate>) -> MemberFacts {
    MemberFacts {
        id: Uuid::nil(),
        born_on,
        sex: "female".into(),
        relationship: relationship.into(),
        is_pregnant: false,
        has_disability: false,
        in_school: false,
        has_nik: true,
        record: Origin::default(),
    }
}

/// A verified family of decile 3: a head of 50, a child of 5, and a parent of unknown age.
fn family() -> Facts {
    Facts {
        family: FamilyFacts {
            village_code: "64.02.10.2004".into(),
            member_count: 3,
            record: Origin::default(),
            is_verified: true,
            verification: Origin::default(),
            decile: Some(3),
            rank: Origin { source: "DTSEN".into(), on: Some(day(2025, 7, 1)) },
            last_visit_on: None,
            programs: vec![EnrolledProgram { code: "SEMBAKO".into(), started_on: Some(day(2025, 1, 1)) }],
        },
        members: vec![
            person("head", Some(day(1976, 1, 15))),
            person("child", Some(day(2020, 12, 1))),
            person("parent", None),
        ],
    }
}

fn answer(source: &str, facts: &Facts) -> Answer {
    Expression::parse(source).unwrap().answer(facts, day(2026, 11, 24))
}

#[test]
fn the_rice_rule_is_explained_with_its_facts_and_their_sources() {
    let explained = Expression::parse(RICE).unwrap().explain(&family(), day(2026, 11, 24));
    let expected = json!({
        "text": RICE,
        "answer": "yes",
        "facts": [],
        "children": [
            {
                "text": "family.decile <= 4",
                "answer": "yes",
                "facts": [{ "name": "family.decile", "value": 3, "source": "DTSEN", "on": "2025-07-01" }],
                "children": [],
            },
            {
                "text": "family.district == \"64.02.10\"",
                "answer": "yes",
                "facts": [{
                    "name": "family.district", "value": "64.02.10", "source": "family register", "on": null,
                }],
                "children": [],
            },
            {
                "text": "!(\"PKH\" in family.programs)",
                "answer": "yes",
                "facts": [],
                "children": [{
                    "text": "\"PKH\" in family.programs",
                    "answer": "no",
                    "facts": [{
                        "name": "family.programs", "value": ["SEMBAKO"], "source": "enrollments", "on": "2025-01-01",
                    }],
                    "children": [],
                }],
            },
        ],
    });
    assert_eq!(serde_json::to_value(explained).unwrap(), expected);
}

#[test]
fn the_rice_rule_is_one_condition_with_bound_values() {
    let expression = Expression::parse(RICE).unwrap();
    let sql = expression.sql(day(2026, 11, 24), 3);
    let expected = "((b.decile <= $3::bigint) AND (left(b.village_code, 8) = $4::text) AND (NOT EXISTS (SELECT 1 \
        FROM enrollments e JOIN programs p ON p.id = e.program_id WHERE e.area_id = b.area_id \
        AND e.beneficiary_id = b.id AND e.status <> 'exited' AND p.code = $5::text)))";
    assert_eq!(sql.condition(), expected);
    let bound = [Parameter::Whole(4), Parameter::Text("64.02.10".into()), Parameter::Text("PKH".into())];
    assert_eq!(sql.parameters, bound);
    assert_eq!(expression.program_codes().into_iter().collect::<Vec<_>>(), ["PKH"]);
}

#[test]
fn each_part_of_the_rice_rule_can_turn_a_family_away() {
    let mut rich = family();
    rich.family.decile = Some(5);
    let mut elsewhere = family();
    elsewhere.family.village_code = "64.02.11.2001".into();
    let mut on_pkh = family();
    on_pkh.family.programs[0].code = "PKH".into();
    for (facts, expected) in
        [(family(), Answer::Yes), (rich, Answer::No), (elsewhere, Answer::No), (on_pkh, Answer::No)]
    {
        assert_eq!(answer(RICE, &facts), expected, "{facts:?}");
    }
}

#[test]
fn an_unknown_fact_never_makes_a_family_eligible() {
    let mut unranked = family();
    unranked.family.decile = None;
    for (source, expected) in [
        ("family.decile <= 4", Answer::Unknown),
        ("!(family.decile <= 4)", Answer::Unknown),
        ("family.decile != 4", Answer::Unknown),
        ("family.decile <= 4 || family.verified", Answer::Yes),
        ("family.decile <= 4 && !family.verified", Answer::No),
        ("has(family.decile)", Answer::No),
        ("family.decile == null", Answer::Yes),
        ("!has(family.decile) || family.decile <= 4", Answer::Yes),
    ] {
        assert_eq!(answer(source, &unranked), expected, "{source}");
    }
}

#[test]
fn a_member_of_unknown_age_leaves_open_only_what_hangs_on_it() {
    for (source, expected) in [
        ("members.exists(m, m.age < 6)", Answer::Yes),
        ("members.exists(m, m.age >= 60)", Answer::Unknown),
        ("!members.exists(m, m.age >= 60)", Answer::Unknown),
        ("members.all(m, m.age < 60)", Answer::Unknown),
        ("members.all(m, m.age < 40)", Answer::No),
        ("members.all(m, !has(m.age) || m.age < 60)", Answer::Yes),
        ("members.filter(m, m.age >= 40).size() >= 1", Answer::Yes),
        ("members.filter(m, m.age >= 40).size() >= 2", Answer::Unknown),
        ("members.filter(m, m.age >= 40).size() >= 3", Answer::No),
        ("members.filter(m, m.age < 6).size() < members.size()", Answer::Yes),
        ("members.filter(m, m.relationship == \"parent\").exists(m, m.age > 60)", Answer::Unknown),
    ] {
        assert_eq!(answer(source, &family()), expected, "{source}");
    }
}

#[test]
fn facts_of_a_head_that_is_missing_are_unknown() {
    let mut headless = family();
    headless.members.remove(0);
    assert_eq!(answer("head.sex == \"female\"", &headless), Answer::Unknown);
    assert_eq!(answer("head.is_pregnant", &headless), Answer::Unknown);
    assert_eq!(answer("has(head.sex)", &headless), Answer::No);
}
