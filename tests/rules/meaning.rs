//! What rules mean, by example: the rule of the rice program, and facts that are unknown.

use chrono::NaiveDate;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::eligibility::{
    AidReceived, Answer, EnrolledProgram, Expression, Facts, FamilyFacts, MemberFacts, Mention, Named, Origin,
    Parameter, SourceRank,
};

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
        attributes: Map::new(),
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
            duties: Vec::new(),
            programs: vec![EnrolledProgram { code: "SEMBAKO".into(), started_on: Some(day(2025, 1, 1)) }],
            ranks: vec![SourceRank { source: "DTSEN".into(), decile: 3, on: Some(day(2025, 7, 1)) }],
            aid: [(day(2026, 8, 26), 10_000), (day(2026, 8, 27), 10_000), (day(2026, 11, 24), 2_500)]
                .map(|(on, thousandths)| AidReceived { code: "RICE".into(), thousandths, on })
                .to_vec(),
            attributes: json!({
                "roof": { "value": "zinc", "source": "visit", "observed_on": "2026-11-01" },
                "floor_area": { "value": 35.5, "source": "visit", "observed_on": "2026-11-01" },
                "has_toilet": { "value": false, "source": "visit", "observed_on": "2026-11-01" },
                "assets": { "value": ["boat", "radio"], "source": "visit", "observed_on": "2026-11-01" },
            })
            .as_object()
            .unwrap()
            .clone(),
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
    let offset = RICE.find("\"PKH\"").unwrap();
    assert_eq!(expression.mentions(), [Mention { offset, named: Named::Program("PKH".into()) }]);
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

#[test]
fn facts_named_by_a_key_are_ranks_attributes_and_aid() {
    for (source, expected) in [
        ("family.ranks.DTSEN <= 3", Answer::Yes),
        ("family.ranks.DTSEN in [1, 2]", Answer::No),
        ("family.ranks.REGSOSEK <= 3", Answer::Unknown),
        ("has(family.ranks.REGSOSEK)", Answer::No),
        ("family.ranks.DTSEN != null", Answer::Yes),
        ("family.attributes.roof == \"zinc\"", Answer::Yes),
        ("family.attributes.roof in ['tile', 'leaf']", Answer::No),
        ("family.attributes.floor_area > 35", Answer::Yes),
        ("family.attributes.floor_area >= 36", Answer::No),
        ("!family.attributes.has_toilet", Answer::Yes),
        ("family.attributes.has_toilet == true", Answer::No),
        ("\"radio\" in family.attributes.assets", Answer::Yes),
        ("family.attributes.wall == \"wood\"", Answer::Unknown),
        ("has(family.attributes.wall)", Answer::No),
        ("members.exists(m, m.attributes.wage > 0)", Answer::Unknown),
        // What it is in the record is not what the rule takes it for.
        ("family.attributes.roof >= 3", Answer::Unknown),
        ("family.attributes.assets == \"radio\"", Answer::Unknown),
        // The day asked about is 2026-11-24: the 90th day back is 2026-08-27.
        ("family.deliveries(\"RICE\", 90) == 2", Answer::Yes),
        ("family.deliveries(\"RICE\", 91) == 3", Answer::Yes),
        ("family.deliveries(\"RICE\", 1) == 1", Answer::Yes),
        ("family.received(\"RICE\", 90) > 12", Answer::Yes),
        ("family.received(\"RICE\", 90) >= 13", Answer::No),
        ("family.received(\"BLT-DD\", 3650) == 0", Answer::Yes),
    ] {
        assert_eq!(answer(source, &family()), expected, "{source}");
    }
}

#[test]
fn a_number_with_a_fraction_is_told_by_its_digits() {
    let explained =
        Expression::parse("family.attributes.floor_area > 35").unwrap().explain(&family(), day(2026, 11, 24));
    let fact = json!({
        "name": "family.attributes.floor_area", "value": "35.5", "source": "visit", "on": "2026-11-01",
    });
    assert_eq!(serde_json::to_value(explained).unwrap()["facts"], json!([fact]));
}

#[test]
fn remarks_are_passed_over() {
    assert_eq!(answer("// who\nfamily.decile <= 4 // poor\n&& true// end", &family()), Answer::Yes);
}

#[test]
fn a_text_keeps_the_quotes_that_it_can_stand_in() {
    let canonical = |source: &str| Expression::parse(source).unwrap().canonical();
    assert_eq!(canonical("family.attributes.roof == 'a \"b\"'"), "family.attributes.roof == 'a \"b\"'");
    assert_eq!(canonical("family.attributes.roof == \"it's\""), "family.attributes.roof == \"it's\"");
}

#[test]
fn over_a_population_a_rule_looks_nothing_up_for_each_family() {
    let source = "(members.exists(m, m.age < 6) || \"PKH\" in family.programs || head.sex == \"female\") \
        && members.filter(m, m.in_school).size() >= 2 && family.ranks.DTSEN <= 4 && family.received(\"BLT\", 90) == 0 \
        && family.days_since_visit < 100 && family.least_duty_percent >= 85";
    let sql = Expression::parse(source).unwrap().population_sql(day(2026, 11, 24), 1, 2);
    assert!(!sql.condition().contains("SELECT"), "{}", sql.condition());
    assert_eq!(sql.joins().matches("FROM memberships").count(), 1, "{}", sql.joins());
    let required = Expression::parse("members.exists(m, m.age < 6) && !(\"PKH\" in family.programs)").unwrap();
    let sql = required.population_sql(day(2026, 11, 24), 1, 2);
    assert_eq!((sql.condition().matches("EXISTS").count(), sql.joins()), (2, ""));
}

#[test]
fn the_head_is_looked_up_anew_for_each_family_wherever_members_are_compared_with_it() {
    let sql = Expression::parse("members.filter(m, m.sex == head.sex).size() >= 2").unwrap().sql(day(2026, 11, 24), 2);
    assert!(sql.condition().contains("OFFSET 0"), "Postgres may hash it: {}", sql.condition());
}
