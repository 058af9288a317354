//! Random rules and random families.

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::eligibility::{AidReceived, DutyDone, EnrolledProgram, Facts, FamilyFacts, MemberFacts, Origin, SourceRank};

/// Which parts a random rule may have.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// Counts of members, which CEL cannot give for unknown facts.
    pub(crate) counts: bool,
    /// Comparisons with null, which CEL cannot make for unknown facts.
    pub(crate) nulls: bool,
}

/// What a random family may lack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lacks {
    /// Nothing.
    Nothing,
    /// Facts are missing.
    Facts,
    /// Facts are missing, and attributes are not always what their schema says today.
    FactsAndTypes,
}

/// The reference date of all random tests: a leap day, where ages are hardest.
pub(crate) fn reference_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

pub(crate) const PROGRAMS: [&str; 4] = ["PKH", "BLT-DD", "RICE", "SEMBAKO"];
const VILLAGES: [&str; 4] = ["64.02.10.2004", "64.02.10.2005", "64.02.11.2001", "64.03.01.1001"];
pub(crate) const SOURCES: [&str; 2] = ["DTSEN", "REGSOSEK"];
const ROOFS: [&str; 3] = ["zinc", "tile", "it's leaf"];
const ASSETS: [&str; 3] = ["boat", "radio", "motorcycle"];
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
        "has(family.least_duty_percent)",
        "has(family.ranks.DTSEN)",
    ]);
    prop_oneof![
        3 => compared("family.decile", decile.clone()),
        1 => list(decile).prop_map(|deciles| format!("family.decile in {deciles}")),
        3 => codes,
        1 => fixed.prop_map(str::to_owned),
        1 => compared("family.member_count", number(5)),
        1 => compared("family.days_since_visit", number(9)),
        1 => compared("family.least_duty_percent", number(100)),
        1 => list(number(9)).prop_map(|days| format!("family.days_since_visit in {days}")),
        1 => compared("family.programs.size()", number(3)),
        1 => compared("size(members)", number(5)),
        2 => person_atom("head", parts),
        3 => keyed_atom(),
        2 => attribute_atom("family"),
    ]
    .boxed()
}

/// Ranks by source and aid received.
fn keyed_atom() -> BoxedStrategy<String> {
    let source = prop::sample::select(SOURCES.to_vec());
    let decile = (1..=10_i64).prop_map(|decile| decile.to_string());
    let aid = (prop::sample::select(vec!["received", "deliveries"]), quoted(PROGRAMS), 1..=12_i64);
    let ranked = source.clone().prop_flat_map({
        let decile = decile.clone();
        move |source| compared(format!("family.ranks.{source}"), decile.clone())
    });
    let aided =
        aid.prop_flat_map(|(function, code, days)| compared(format!("family.{function}({code}, {days})"), number(4)));
    prop_oneof![
        2 => ranked,
        1 => (source, list(decile)).prop_map(|(source, deciles)| format!("family.ranks.{source} in {deciles}")),
        3 => aided,
    ]
    .boxed()
}

/// Attributes of the family, the head or a member; all of them have the same names.
fn attribute_atom(owner: &'static str) -> BoxedStrategy<String> {
    let roof = quoted(["zinc", "tile", "it's leaf"]);
    let asset = quoted(ASSETS);
    let has = prop::sample::select(vec!["roof", "rooms", "has_toilet", "assets"]);
    prop_oneof![
        (equal(), roof.clone()).prop_map(move |(order, roof)| format!("{owner}.attributes.roof {order} {roof}")),
        list(roof).prop_map(move |roofs| format!("{owner}.attributes.roof in {roofs}")),
        compared(format!("{owner}.attributes.rooms"), number(5)),
        list(number(5)).prop_map(move |rooms| format!("{owner}.attributes.rooms in {rooms}")),
        Just(format!("{owner}.attributes.has_toilet")),
        asset.prop_map(move |asset| format!("{asset} in {owner}.attributes.assets")),
        has.prop_map(move |name| format!("has({owner}.attributes.{name})")),
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
        1 => attribute_atom(person),
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

/// A condition on `member`.
pub(crate) fn member_condition() -> BoxedStrategy<String> {
    let parts = Parts { counts: true, nulls: true };
    let atom = prop_oneof![5 => person_atom("member", parts), 1 => person_atom("head", parts), 1 => family_atom(parts)];
    compound(atom.boxed(), 2)
}

/// A family that lacks what it may.
pub(crate) fn family(lacks: Lacks) -> BoxedStrategy<Facts> {
    let known = lacks == Lacks::Nothing;
    let decile = perhaps((1..=10_i16).boxed(), if known { None } else { Some(0.8) });
    let visit = perhaps((0..9_u64).boxed(), if known { None } else { Some(0.6) });
    let programs = prop::sample::subsequence(PROGRAMS.to_vec(), 0..=3);
    let members = vec(member(lacks), usize::from(known)..5);
    let keyed = (ranks(known), vec(received(), 0..6), attributes(lacks), vec(duty(), 0..6));
    (prop::sample::select(VILLAGES.to_vec()), any::<bool>(), decile, visit, programs, members, keyed)
        .prop_map(move |(village, is_verified, decile, visit, programs, members, (ranks, aid, attributes, duties))| {
            Facts {
                family: FamilyFacts {
                    village_code: village.to_owned(),
                    member_count: i32::try_from(members.len()).unwrap(),
                    record: Origin::default(),
                    is_verified,
                    verification: Origin::default(),
                    decile,
                    rank: Origin::default(),
                    last_visit_on: visit.map(|days| reference_on() - chrono::Days::new(days)),
                    duties: duties_of(&members, duties, known),
                    programs: programs.into_iter().map(enrolled).collect(),
                    ranks,
                    aid,
                    attributes,
                },
                members: with_one_head(members, known),
            }
        })
        .boxed()
}

/// The value with that chance; without one always.
fn perhaps<T: std::fmt::Debug + Clone + 'static>(
    value: BoxedStrategy<T>,
    chance: Option<f64>,
) -> BoxedStrategy<Option<T>> {
    match chance {
        Some(chance) => option::weighted(chance, value).boxed(),
        None => value.prop_map(Some).boxed(),
    }
}

fn ranks(known: bool) -> impl Strategy<Value = Vec<SourceRank>> {
    let least = if known { SOURCES.len() } else { 0 };
    let sources = prop::sample::subsequence(SOURCES.to_vec(), least..=SOURCES.len());
    (sources, vec(1..=10_i16, SOURCES.len())).prop_map(|(sources, deciles)| {
        let ranked = sources.into_iter().zip(deciles);
        ranked.map(|(source, decile)| SourceRank { source: source.to_owned(), decile, on: None }).collect()
    })
}

/// Place of a member, place of a duty, months back, and what was kept of what was due.
type RandomDuty = (usize, usize, u32, i64, i64);

fn duty() -> impl Strategy<Value = RandomDuty> {
    (0..4_usize, 0..3_usize, 0..7_u32, 1..=20_i64)
        .prop_flat_map(|(member, kind, months, due)| (Just(member), Just(kind), Just(months), Just(due), 0..=due))
}

/// Duties of members, each month once, in the months before the reference date and around the last finished quarter.
fn duties_of(members: &[MemberFacts], duties: Vec<RandomDuty>, known: bool) -> Vec<DutyDone> {
    let kinds = ["school_attendance", "health_visit", "monthly_session"];
    let least = known.then_some((0, 0, 3, 20, 19));
    let mut all: Vec<DutyDone> = Vec::new();
    for (place, kind, months, due_count, done_count) in least.into_iter().chain(duties) {
        let Some(member) = members.get(place) else { continue };
        let month = NaiveDate::from_ymd_opt(2024, 2, 1).unwrap() - chrono::Months::new(months);
        let is_told = |one: &DutyDone| one.member_id == member.id && one.kind == kinds[kind] && one.month == month;
        if !all.iter().any(is_told) {
            let kind = kinds[kind].to_owned();
            all.push(DutyDone { member_id: member.id, kind, month, due_count, done_count });
        }
    }
    all
}

/// Halves of a unit, some days around the windows that rules look at.
fn received() -> impl Strategy<Value = AidReceived> {
    (prop::sample::select(PROGRAMS.to_vec()), 1..=4_i64, -2..=14_i64).prop_map(|(code, halves, days)| AidReceived {
        code: code.to_owned(),
        thousandths: 500 * halves,
        on: reference_on() - chrono::TimeDelta::days(days),
    })
}

fn attributes(lacks: Lacks) -> impl Strategy<Value = Map<String, Value>> {
    let chance = if lacks == Lacks::Nothing { None } else { Some(0.7) };
    let or_stray = move |value: BoxedStrategy<Value>| match lacks {
        Lacks::FactsAndTypes => prop_oneof![8 => value, 1 => stray()].boxed(),
        Lacks::Nothing | Lacks::Facts => value,
    };
    let fact = |value: BoxedStrategy<Value>| perhaps(or_stray(value), chance);
    let roof = fact(prop::sample::select(ROOFS.to_vec()).prop_map(Value::from).boxed());
    let rooms = fact((0..=10_i32).prop_map(halves).boxed());
    let toilet = fact(any::<bool>().prop_map(Value::from).boxed());
    let assets = fact(prop::sample::subsequence(ASSETS.to_vec(), 0..=3).prop_map(Value::from).boxed());
    (roof, rooms, toilet, assets).prop_map(|(roof, rooms, toilet, assets)| {
        let all = [("roof", roof), ("rooms", rooms), ("has_toilet", toilet), ("assets", assets)];
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!({ "value": value? })))).collect()
    })
}

fn halves(count: i32) -> Value {
    if count % 2 == 0 { json!(count / 2) } else { json!(f64::from(count) / 2.0) }
}

/// A value that its attribute should not have.
fn stray() -> impl Strategy<Value = Value> {
    let strays =
        [json!("3"), json!(-0.000_000_4), json!(1e20), json!(true), json!(["zinc", 3]), json!([]), json!(null)];
    prop::sample::select(strays.to_vec())
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

fn member(lacks: Lacks) -> impl Strategy<Value = MemberFacts> {
    let known = lacks == Lacks::Nothing;
    let born_on = if known { born_on().prop_map(Some).boxed() } else { option::weighted(0.75, born_on()).boxed() };
    let relationship = prop::sample::select(RELATIONSHIPS[1..].to_vec());
    (any::<u128>(), born_on, any::<bool>(), relationship, any::<[bool; 4]>(), attributes(lacks)).prop_map(
        |(id, born_on, is_male, relationship, [is_pregnant, has_disability, in_school, has_nik], attributes)| {
            MemberFacts {
                id: Uuid::from_u128(id),
                born_on,
                sex: if is_male { "male" } else { "female" }.to_owned(),
                relationship: relationship.to_owned(),
                is_pregnant,
                has_disability,
                in_school,
                has_nik,
                attributes,
                record: Origin::default(),
            }
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
