//! What is not a rule is refused where it stands, with what to write instead.

use proptest::prelude::*;

use crate::eligibility::FaultCode::{self, *};
use crate::eligibility::{Expression, MOST_CHARACTERS, MOST_NESTING, MOST_NODES, facts};
use crate::random::{Parts, rule};

/// Places and codes of the faults of a source.
fn faults(source: &str) -> Vec<(usize, FaultCode)> {
    match Expression::parse(source) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|fault| (fault.offset, fault.code)).collect(),
    }
}

/// What is no rule, and the place and code of its fault.
const CASES: &[(&str, usize, FaultCode)] = &[
    ("", 0, Syntax),
    ("  ", 2, Syntax),
    ("family.decile <= 4 family.verified", 19, Syntax),
    ("family.decile = 4", 14, Syntax),
    ("family.verified & true", 16, Syntax),
    ("(family.verified", 16, Syntax),
    ("family.", 7, Syntax),
    ("family.village == \"64.02.10.2004", 18, Syntax),
    ("\"é\" == é", 7, Syntax),
    ("family.decile <= 4.5", 17, Unsupported),
    ("family.decile <= 4u", 17, Unsupported),
    ("family.decile + 1 <= 4", 14, Unsupported),
    ("family.verified ? true : false", 16, Unsupported),
    ("members[0].age < 6", 7, Unsupported),
    ("{\"a\": 1}", 0, Unsupported),
    ("family.village == r\"64\"", 19, Unsupported),
    ("head.sex == \"fe\\x6dale\"", 15, Unsupported),
    ("-family.decile <= 4", 0, Unsupported),
    ("family.desil <= 4", 7, UnknownFact),
    ("family.age <= 4", 7, UnknownFact),
    ("m.age <= 4", 0, UnknownFact),
    ("today > 4", 0, UnknownFact),
    ("members", 0, UnknownFact),
    ("members.exists(m, m.decile == 1)", 20, UnknownFact),
    ("members.exists(m, m.age < 6) && m.age > 6", 32, UnknownFact),
    ("members.map(m, m.age) == 4", 8, UnknownFunction),
    ("members.exists(m.age < 6)", 8, UnknownFunction),
    ("matches(head.sex, \"f\")", 0, UnknownFunction),
    ("has(family.decile, head.age)", 0, UnknownFunction),
    ("family.decile", 0, TypeMismatch),
    ("4", 0, TypeMismatch),
    ("members.size()", 8, TypeMismatch),
    ("members.filter(m, m.age < 6)", 8, TypeMismatch),
    ("family.decile == \"4\"", 17, TypeMismatch),
    ("head.sex == 1", 12, TypeMismatch),
    ("head.sex < \"male\"", 9, TypeMismatch),
    ("family.village == family.district", 18, TypeMismatch),
    ("family.decile == true", 14, TypeMismatch),
    ("family.decile in 4", 17, TypeMismatch),
    ("family.decile in [1, \"2\"]", 21, TypeMismatch),
    ("family.verified in [true]", 0, TypeMismatch),
    ("family.verified == head.is_pregnant", 16, TypeMismatch),
    ("family.decile < null", 14, TypeMismatch),
    ("1 < family.decile < 4", 18, TypeMismatch),
    ("head.sex == \"Female\"", 12, UnknownValue),
    ("family.village == \"64.02.10\"", 18, UnknownValue),
    ("family.village in [\"64.02.10.2004\", \"6402102004\"]", 36, UnknownValue),
    ("family.village.startsWith(\"Tabang\")", 26, UnknownValue),
    ("\"pkh\" in family.programs", 0, UnknownValue),
    ("family.decile <= 40", 17, OutOfRange),
    ("200 > head.age", 0, OutOfRange),
    ("members.size() >= -1", 18, OutOfRange),
    ("family.ranks <= 4", 7, UnknownFact),
    ("family.ranks.DTSEN", 0, TypeMismatch),
    ("family.ranks.DTSEN <= 11", 22, OutOfRange),
    ("family.ranks.DTSEN == \"4\"", 22, TypeMismatch),
    ("family.ranks[\"DTSEN\"] <= 4", 12, Unsupported),
    ("head.ranks.DTSEN <= 4", 0, UnknownFact),
    ("family.attributes == null", 7, UnknownFact),
    ("family.attributes.Roof == \"zinc\"", 18, UnknownFact),
    ("family.attributes.roof < \"zinc\"", 23, TypeMismatch),
    ("family.attributes.roof == head.attributes.roof", 23, TypeMismatch),
    ("family.attributes.roof.startsWith(\"z\")", 0, UnknownFact),
    ("family.attributes.assets.exists(a, a == \"boat\")", 0, TypeMismatch),
    ("3 in family.attributes.rooms", 0, TypeMismatch),
    ("family.attributes.roof == \"a\tb\"", 28, Syntax),
    ("family.received(\"PKH\", 90)", 7, TypeMismatch),
    ("family.received(\"PKH\") > 0", 7, TypeMismatch),
    ("family.received(\"pkh\", 90) > 0", 16, UnknownValue),
    ("family.received(\"PKH\", 0) > 0", 23, OutOfRange),
    ("family.received(\"PKH\", 3651) > 0", 23, OutOfRange),
    ("family.received(\"PKH\", family.decile) > 0", 23, TypeMismatch),
    ("family.deliveries(\"PKH\", 90) == \"1\"", 32, TypeMismatch),
    ("members.received(\"PKH\", 90) > 0", 8, TypeMismatch),
    ("true // \u{0}", 8, Syntax),
    ("true /", 5, Unsupported),
    ("1 == 1", 2, Constant),
    ("family.decile in []", 17, Constant),
    ("members.exists(m, members.exists(n, n.age > 6))", 33, NestedList),
    ("members.exists(head, head.age < 6)", 15, Syntax),
    ("members.exists(a_name_longer_than_thirty_two_signs, true)", 15, Syntax),
];

#[test]
fn a_fault_stands_at_its_character() {
    for (source, offset, code) in CASES {
        assert_eq!(faults(source), [(*offset, *code)], "{source}");
    }
}

#[test]
fn all_faults_of_meaning_are_told_at_once_in_order() {
    let source = "family.desil <= 4 && head.sex == \"x\" || members.exists(m, m.age < 600)";
    let expected = [(7, UnknownFact), (33, UnknownValue), (66, OutOfRange)];
    assert_eq!(faults(source), expected);
}

#[test]
fn length_nesting_and_size_are_bounded() {
    let long = format!("true{}", " ".repeat(MOST_CHARACTERS));
    assert_eq!(faults(&long), [(MOST_CHARACTERS, TooLong)]);
    let nested = |depth| format!("{}true{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(faults(&nested(MOST_NESTING - 1)), []);
    assert_eq!(faults(&nested(MOST_NESTING)), [(MOST_NESTING, TooDeep)]);
    let listed = |count| format!("true{}", "&&true".repeat(count - 1));
    assert_eq!(faults(&listed(MOST_NODES - 1)), []);
    assert_eq!(faults(&listed(MOST_NODES)).len(), 1);
}

#[test]
fn what_would_be_deep_is_refused_before_it_costs_anything() {
    for part in ["(", "[", "!", "-", "f(", "a.", "1<", "{", "!(", "a.f(", "a?"] {
        assert_ne!(faults(&part.repeat(MOST_CHARACTERS / part.len())), [], "{part}");
    }
    assert_eq!(faults(&format!("a{}", ".a".repeat(1_900)))[0].1, TooDeep);
    assert_eq!(faults(&format!("a{}", ".f()".repeat(900)))[0].1, TooDeep);
}

#[test]
fn messages_stay_short_and_do_not_repeat_what_was_written() {
    let name = "x".repeat(3_000);
    for source in
        [format!("family.{name}"), format!("{name} > 1"), format!("{name}(1)"), format!("head.sex == '{name}'")]
    {
        let fault = Expression::parse(&source).unwrap_err().remove(0);
        assert!(fault.message.len() <= 500, "{}", fault.message);
    }
}

#[test]
fn the_example_of_each_fact_is_a_rule() {
    for fact in facts() {
        assert_eq!(faults(&fact.example), [], "{}", fact.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_breaks_the_reader(source in "[ -~é\\n]{0,80}") {
        let _ = Expression::parse(&source);
    }

    #[test]
    fn a_rule_with_a_character_changed_is_a_rule_or_has_faults_inside_it(
        source in rule(Parts { counts: true, nulls: true }), at in 0..200_usize, with in "[ -~]",
    ) {
        let changed: String =
            source.chars().enumerate().map(|(i, c)| if i == at { with.chars().next().unwrap() } else { c }).collect();
        for fault in Expression::parse(&changed).err().unwrap_or_default() {
            prop_assert!(fault.offset <= changed.chars().count());
            prop_assert!((1..=500).contains(&fault.message.len()));
        }
    }
}
