//! Random rules and random families.

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

use crate::eligibility::{EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin};

/// Which parts a random rule may have.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// Counts of members, which CEL cannot give for unknown facts.
    pub(crate) counts: bool,
    /// Comparisons with null, which CEL cannot make for unknown facts.
    pub(crate) nulls: bool,
}

/// The reference date of all random tests: a leap day, where ages are hardest.
pub(crate) fn reference_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

pub(crate) const PROGRAMS: [&str; 4] = ["PKH", "BLT-DD", "RICE", "SEMBAKO"];
const VILLAGES: [&str; 4] = ["64.02.10.2004", "64.02.10.2005", "64.02.11.2001", "64.03.01.1001"];
const RELATIONSHIPS: [&str; 5] = ["head", "spouse", "child", "parent", "other"];

/// A rule in CEL.
pub(crate) fn rule(parts: Parts) -> BoxedStrategy<String> {
    compound(prop_oneof![4 => family_atom(parts), 3 => on_members(parts)].boxed(), 4)
}

fn compound(atom: BoxedStrategy<String>, depth: u32) -> BoxedStrategy<String> {
    atom.prop_recursive(depth, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            vec(inner.clone(), 2..4).prop_map(|all| format!("({})", all.join(" && "))),
            vec(inner, 2..4).prop_map(|any| format!("({})", any.join(" || "))),
        ]
    })
    .boxed()
}

fn order() -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="])
}

fn equal() -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(vec!["==", "!="])
}

fn quoted<const N: usize>(of: [&'static str; N]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(of.to_vec()).prop_map(|text| format!("\"{text}\""))
}

fn list(of: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    vec(of, 1..4).prop_map(|values| format!("[{}]", values.join(", ")))
}

fn number(most: i64) -> impl Strategy<Value = String> + Clone {
    (0..=most).prop_map(|number| number.to_string())
}

fn compared(left: impl Into<String>, right: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    let left = left.into();
    let mirrored = any::<bool>();
    (order(), right, mirrored)
        .prop_map(
            move |(order, right, mirrored)| {
                if mirrored { format!("{right} {order} {left}") } else { format!("{left} {order} {right}") }
            },
        )
        .boxed()
}

fn family_atom(parts: Parts) -> BoxedStrategy<String> {
    let decile = (1..=10_i64).prop_map(|decile| decile.to_string());
    let codes = prop_oneof![
        (equal(), quoted(VILLAGES)).prop_map(|(order, code)| format!("family.village {order} {code}")),
        list(quoted(VILLAGES)).prop_map(|codes| format!("family.village in {codes}")),
        (equal(), quoted(["64.02.10", "64.02.11"])).prop_map(|(order, code)| format!("family.district {order} {code}")),
        quoted(["64", "64.02.1", "64.03"]).prop_map(|prefix| format!("family.village.startsWith({prefix})")),
        quoted(PROGRAMS).prop_map(|code| format!("{code} in family.programs")),
    ];
    let fixed = prop::sample::select(vec![
        "true",
        "false",
        "family.verified",
        "has(family.decile)",
        "has(head.age)",
        "has(family.days_since_visit)",
    ]);
    prop_oneof![
        3 => compared("family.decile", decile.clone()),
        1 => list(decile).prop_map(|deciles| format!("family.decile in {deciles}")),
        3 => codes,
        1 => fixed.prop_map(str::to_owned),
        1 => compared("family.member_count", number(5)),
        1 => compared("family.days_since_visit", number(9)),
        1 => list(number(9)).prop_map(|days| format!("family.days_since_visit in {days}")),
        1 => compared("family.programs.size()", number(3)),
        1 => compared("size(members)", number(5)),
        2 => person_atom("head", parts),
    ]
    .boxed()
}

fn person_atom(person: &'static str, parts: Parts) -> BoxedStrategy<String> {
    let relationships = quoted(RELATIONSHIPS);
    let flags = prop::sample::select(vec!["is_pregnant", "has_disability", "in_school", "has_nik"]);
    let other = if person == "head" { "members.size()" } else { "head.age" };
    let words = prop_oneof![
        (equal(), quoted(["male", "female"])).prop_map(move |(order, sex)| format!("{person}.sex {order} {sex}")),
        equal().prop_map(move |order| format!("{person}.sex {order} head.sex")),
        (equal(), relationships.clone()).prop_map(move |(order, to)| format!("{person}.relationship {order} {to}")),
        list(relationships).prop_map(move |list| format!("{person}.relationship in {list}")),
    ];
    let asked = Just(format!("has({person}.age)"));
    let compared_with_null = equal().prop_map(move |order| format!("{person}.age {order} null"));
    let known = if parts.nulls { prop_oneof![asked, compared_with_null].boxed() } else { asked.boxed() };
    prop_oneof![
        4 => compared(format!("{person}.age"), number(8)),
        1 => compared(format!("{person}.age"), Just(other.to_owned())),
        1 => list(number(8)).prop_map(move |ages| format!("{person}.age in {ages}")),
        2 => words,
        2 => flags.prop_map(move |flag| format!("{person}.{flag}")),
        1 => known,
    ]
    .boxed()
}

fn on_members(parts: Parts) -> BoxedStrategy<String> {
    let atom = prop_oneof![5 => person_atom("m", parts), 1 => compared("family.decile", number(9).prop_map(|n| n.replace('0', "1")))];
    let predicate = compound(atom.boxed(), 2);
    let filtered = prop_oneof![
        2 => Just("members".to_owned()),
        1 => predicate.clone().prop_map(|predicate| format!("members.filter(m, {predicate})")),
    ];
    let function =
        prop::sample::select(if parts.counts { vec!["exists", "all", "exists_one"] } else { vec!["exists", "all"] });
    let asked = (filtered.clone(), function, predicate.clone())
        .prop_map(|(members, function, predicate)| format!("{members}.{function}(m, {predicate})"));
    if !parts.counts {
        return (prop::sample::select(vec!["exists", "all"]), predicate)
            .prop_map(|(function, predicate)| format!("members.{function}(m, {predicate})"))
            .boxed();
    }
    let counted =
        (filtered, predicate).prop_map(|(members, predicate)| format!("{members}.filter(m, {predicate}).size()"));
    let listed = (counted.clone(), list(number(3))).prop_map(|(count, list)| format!("{count} in {list}"));
    let number = prop_oneof![3 => number(4), 1 => counted.clone()];
    let compared = (counted, order(), number).prop_map(|(left, order, right)| format!("{left} {order} {right}"));
    prop_oneof![4 => asked, 3 => compared, 1 => listed].boxed()
}

/// A family; where `known`, nothing about it is unknown.
pub(crate) fn family(known: bool) -> BoxedStrategy<Facts> {
    let decile = if known { (1..=10_i16).prop_map(Some).boxed() } else { option::weighted(0.8, 1..=10_i16).boxed() };
    let visit = if known { (0..9_u64).prop_map(Some).boxed() } else { option::weighted(0.6, 0..9_u64).boxed() };
    let programs = prop::sample::subsequence(PROGRAMS.to_vec(), 0..=3);
    let members = vec(member(known), usize::from(known)..5);
    (prop::sample::select(VILLAGES.to_vec()), any::<bool>(), decile, visit, programs, members)
        .prop_map(move |(village, is_verified, decile, visit, programs, members)| Facts {
            family: FamilyFacts {
                village_code: village.to_owned(),
                member_count: i32::try_from(members.len()).unwrap(),
                record: Origin::default(),
                is_verified,
                verification: Origin::default(),
                decile,
                rank: Origin::default(),
                last_visit_on: visit.map(|days| reference_on() - chrono::Days::new(days)),
                programs: programs.into_iter().map(enrolled).collect(),
            },
            members: with_one_head(members, known),
        })
        .boxed()
}

fn enrolled(code: &str) -> EnrolledProgram {
    EnrolledProgram { code: code.to_owned(), started_on: None }
}

fn with_one_head(mut members: Vec<MemberFacts>, known: bool) -> Vec<MemberFacts> {
    if let Some(first) = members.first_mut().filter(|first| known || !first.in_school) {
        "head".clone_into(&mut first.relationship);
    }
    members
}

fn member(known: bool) -> impl Strategy<Value = MemberFacts> {
    let born_on = if known { born_on().prop_map(Some).boxed() } else { option::weighted(0.75, born_on()).boxed() };
    let relationship = prop::sample::select(RELATIONSHIPS[1..].to_vec());
    (any::<u128>(), born_on, any::<bool>(), relationship, any::<[bool; 4]>()).prop_map(
        |(id, born_on, is_male, relationship, [is_pregnant, has_disability, in_school, has_nik])| MemberFacts {
            id: Uuid::from_u128(id),
            born_on,
            sex: if is_male { "male" } else { "female" }.to_owned(),
            relationship: relationship.to_owned(),
            is_pregnant,
            has_disability,
            in_school,
            has_nik,
            record: Origin::default(),
        },
    )
}

/// Mostly birthdays near the reference date, within and around the ages that rules ask for.
fn born_on() -> impl Strategy<Value = NaiveDate> {
    (2014..=2024_i32, 2..=3_u32, prop_oneof![Just(28_u32), Just(1), Just(29), 1..=28_u32]).prop_map(
        |(year, month, day)| {
            NaiveDate::from_ymd_opt(year, month, day).unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 1).unwrap())
        },
    )
}
