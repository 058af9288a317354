//! The smallest change of facts turns the answer, and is the smallest.

use chrono::Days;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value, json};

use crate::eligibility::{
    AidReceived, Answer, DutyDone, EnrolledProgram, Expression, FactChange, FactValue, Facts, MemberFacts, SourceRank,
};
use crate::random::{Lacks, Parts, family, reference_on, rule};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_changes_that_are_told_turn_the_answer(
        source in rule(Parts { counts: true, nulls: true }), facts in family(Lacks::FactsAndTypes),
    ) {
        let expression = Expression::parse(&source).unwrap();
        if let Some(changes) = expression.smallest_change(&facts, reference_on()) {
            let mut changed = facts.clone();
            for change in &changes {
                apply(&mut changed, change);
            }
            prop_assert_ne!(is_eligible(&expression, &changed), is_eligible(&expression, &facts), "{:?}", changes);
        }
    }

    #[test]
    fn where_one_change_does_it_one_is_told(
        source in rule(Parts { counts: true, nulls: true }), facts in family(Lacks::Facts),
    ) {
        let expression = Expression::parse(&source).unwrap();
        let before = is_eligible(&expression, &facts);
        let one_does = neighbours(&facts).iter().any(|changed| is_eligible(&expression, changed) != before);
        if one_does {
            let changes = expression.smallest_change(&facts, reference_on());
            prop_assert_eq!(changes.map(|changes| changes.len()), Some(1));
        }
    }
}

fn is_eligible(expression: &Expression, facts: &Facts) -> bool {
    expression.answer(facts, reference_on()) == Answer::Yes
}

/// Families that differ from this one in one plain fact.
fn neighbours(facts: &Facts) -> Vec<Facts> {
    let changed = |change: &dyn Fn(&mut Facts)| {
        let mut changed = facts.clone();
        change(&mut changed);
        changed
    };
    // A fact that would only have to be known is not made up.
    let deciles = facts
        .family
        .decile
        .into_iter()
        .flat_map(|_| 1..=10)
        .map(|decile| changed(&|facts: &mut Facts| facts.family.decile = Some(decile)));
    let verified = changed(&|facts: &mut Facts| facts.family.is_verified = !facts.family.is_verified);
    let flags: [fn(&mut MemberFacts) -> &mut bool; 4] = [
        |member| &mut member.is_pregnant,
        |member| &mut member.has_disability,
        |member| &mut member.in_school,
        |member| &mut member.has_nik,
    ];
    let of_members = (0..facts.members.len()).flat_map(|place| {
        flags.map(|flag| {
            changed(&|facts: &mut Facts| {
                let flag = flag(&mut facts.members[place]);
                *flag = !*flag;
            })
        })
    });
    deciles.chain([verified]).chain(of_members).collect()
}

/// Makes a change that was told.
fn apply(facts: &mut Facts, change: &FactChange) {
    let to = serde_json::to_value(&change.to).unwrap();
    let (owner, name) = change.name.split_once('.').unwrap();
    match (owner, change.member_id) {
        ("family", None) => set_of_family(facts, name, &to),
        (_, id) => {
            let member = facts.members.iter_mut().find(|member| Some(member.id) == id).unwrap();
            set_of_member(member, name, &to);
        }
    }
}

fn set_of_family(facts: &mut Facts, name: &str, to: &Value) {
    let family = &mut facts.family;
    let small = || i16::try_from(to.as_i64().unwrap()).unwrap();
    match name {
        "decile" => family.decile = Some(small()),
        "verified" => family.is_verified = to.as_bool().unwrap(),
        "village" => to.as_str().unwrap().clone_into(&mut family.village_code),
        "district" => family.village_code = format!("{}.0000", to.as_str().unwrap()),
        "member_count" => family.member_count = small().into(),
        "days_since_visit" => {
            family.last_visit_on = Some(reference_on() - Days::new(to.as_u64().unwrap()));
        }
        "least_duty_percent" => {
            // The quarter before that of the reference date.
            let month = chrono::NaiveDate::from_ymd_opt(2023, 10, 1).unwrap();
            family.duties.retain(|duty| duty.month < month || duty.month >= month + chrono::Months::new(3));
            let (member_id, kind) = (uuid::Uuid::nil(), "health_visit".to_owned());
            family.duties.push(DutyDone { member_id, kind, month, due_count: 100, done_count: to.as_i64().unwrap() });
        }
        "programs" => {
            let codes = to.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
            family.programs = codes.map(|code| EnrolledProgram { code, started_on: None }).collect();
        }
        _ => set_by_key(facts, name, to),
    }
}

fn set_by_key(facts: &mut Facts, name: &str, to: &Value) {
    let family = &mut facts.family;
    if let Some(name) = name.strip_prefix("attributes.") {
        family.attributes.insert(name.to_owned(), json!({ "value": to }));
    } else if let Some(source) = name.strip_prefix("ranks.") {
        family.ranks.retain(|rank| rank.source != source);
        let decile = i16::try_from(to.as_i64().unwrap()).unwrap();
        family.ranks.push(SourceRank { source: source.to_owned(), decile, on: None });
    } else {
        let (function, arguments) = name.trim_end_matches(')').split_once('(').unwrap();
        let (code, days) = arguments.split_once(", ").unwrap();
        let code = code.trim_matches('"');
        let first = reference_on() - Days::new(days.parse::<u64>().unwrap() - 1);
        let is_within = |aid: &AidReceived| aid.code == code && first <= aid.on && aid.on <= reference_on();
        let within: Vec<AidReceived> = family.aid.extract_if(.., |aid| is_within(aid)).collect();
        let to = to.as_i64().unwrap();
        // As often as before where it becomes more or less, and as much where it becomes more or less often.
        let (times, thousandths) = match function {
            "received" => (if to > 0 { within.len().max(1) } else { 0 }, 1_000 * to),
            _ => (usize::try_from(to).unwrap(), within.iter().map(|aid| aid.thousandths).sum()),
        };
        let received = |thousandths| AidReceived { code: code.to_owned(), thousandths, on: reference_on() };
        family.aid.extend((0..times).map(|place| match place {
            0 => received((thousandths + 1 - i64::try_from(times).unwrap()).max(1)),
            _ => received(1),
        }));
    }
}

fn set_of_member(member: &mut MemberFacts, name: &str, to: &Value) {
    let flag = || to.as_bool().unwrap();
    match name {
        "age" => {
            let years = u32::try_from(to.as_i64().unwrap()).unwrap();
            member.born_on = Some(reference_on() - chrono::Months::new(12 * years));
        }
        "sex" => to.as_str().unwrap().clone_into(&mut member.sex),
        "relationship" => to.as_str().unwrap().clone_into(&mut member.relationship),
        "is_pregnant" => member.is_pregnant = flag(),
        "has_disability" => member.has_disability = flag(),
        "in_school" => member.in_school = flag(),
        "has_nik" => member.has_nik = flag(),
        _ => {
            let name = name.strip_prefix("attributes.").unwrap();
            member.attributes.insert(name.to_owned(), json!({ "value": to }));
        }
    }
}

#[test]
fn a_family_just_above_the_line_is_told_so() {
    let mut facts = one_family();
    facts.family.decile = Some(5);
    facts.family.programs.clear();
    let told = |source: &str| Expression::parse(source).unwrap().smallest_change(&facts, reference_on());
    let decile = FactChange {
        name: "family.decile".to_owned(),
        member_id: None,
        from: Some(FactValue::Whole(5)),
        to: FactValue::Whole(4),
    };
    assert_eq!(told("family.decile <= 4 && !(\"PKH\" in family.programs)"), Some(vec![decile.clone()]));
    let two = told("family.decile <= 4 && \"PKH\" in family.programs").unwrap();
    let program = FactChange {
        name: "family.programs".to_owned(),
        member_id: None,
        from: Some(FactValue::Texts(Vec::new())),
        to: FactValue::Texts(vec!["PKH".to_owned()]),
    };
    assert_eq!(two, [decile, program]);
    let three = told(
        "family.decile <= 4 && \"PKH\" in family.programs && \"RICE\" in family.programs && family.ranks.NEW == 1",
    );
    // Programs are one fact, however many of them it takes.
    let both = FactValue::Texts(vec!["PKH".to_owned(), "RICE".to_owned()]);
    let tos: Vec<_> = three.unwrap().into_iter().map(|change| change.to).collect();
    assert_eq!(tos, [FactValue::Whole(4), both, FactValue::Whole(1)]);
    assert_eq!(told("family.decile <= 4 && false"), None);
}

fn one_family() -> Facts {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    family(Lacks::Nothing).new_tree(&mut runner).unwrap().current()
}
