//! The engine of matching runs against what can be found by trying everything, on thousands of small cases; and its
//! proofs against a checker in another language.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a test that panics has failed"
)]

mod best;
mod cases;
mod forged;

use std::collections::HashSet;

use best::{best, slots};
use cases::{Dice, case, shuffled};
use sinergi::allotment::{Certificates, Family, Instance, Matcher, NewNeed, Transcript, Verdict};

fn served(instance: &Instance, matcher: &Matcher) -> Vec<bool> {
    let served = matcher.served();
    slots(instance).iter().map(|slot| served.contains(slot)).collect()
}

/// Nobody gets what a line does not have, what it is not for, more than is needed, or more than the cap.
fn assert_allowed(instance: &Instance, matcher: &Matcher) {
    let mut given = vec![0; instance.lines.len()];
    let (mut met, mut taken) = (vec![0; instance.needs.len()], vec![0; instance.families.len()]);
    for grant in matcher.grants() {
        let (line, need) = (&instance.lines[grant.line as usize], &instance.needs[grant.need as usize]);
        assert_eq!((line.kind, need.family), (need.kind, grant.family));
        assert!(line.places.contains(&instance.families[grant.family as usize].place));
        given[grant.line as usize] += grant.portions;
        met[grant.need as usize] += grant.portions;
        taken[grant.family as usize] += grant.portions;
    }
    assert!(instance.lines.iter().zip(&given).all(|(line, given)| *given <= line.portions));
    assert!(instance.needs.iter().zip(&met).all(|(need, met)| *met <= need.portions));
    let total: u32 = taken.iter().sum();
    assert_eq!(total as usize, matcher.served().len());
    let is_within = |(family, taken): (&Family, &u32)| *taken == 0 || family.aided + taken <= instance.policy.cap;
    assert!(instance.families.iter().zip(&taken).all(is_within));
}

#[test]
fn what_is_served_is_the_best_of_all_that_can_be_served() {
    let mut dice = Dice(1);
    for number in 0..6_000 {
        let instance = case(&mut dice, 5);
        let matcher = Matcher::run(&instance);
        assert_eq!(served(&instance, &matcher), best(&instance), "case {number}: {instance:#?}");
        assert_allowed(&instance, &matcher);
    }
}

#[test]
fn the_order_of_the_rows_changes_nothing() {
    let mut dice = Dice(2);
    for size in [5, 40, 400] {
        for _ in 0..40 {
            let instance = case(&mut dice, size);
            let told = transcript(&instance);
            for _ in 0..3 {
                assert_eq!(transcript(&shuffled(&instance, &mut dice)), told);
            }
        }
    }
}

fn transcript(instance: &Instance) -> String {
    let mut matcher = Matcher::run(instance);
    let certificates = Certificates::take(&mut matcher);
    serde_json::to_string(&Transcript::of(&matcher, &certificates)).unwrap()
}

/// Each change in turn leaves who is served as a run from the beginning has it.
#[test]
fn a_change_leaves_what_a_whole_run_would() {
    let mut dice = Dice(3);
    for number in 0..400 {
        let mut instance = case(&mut dice, if number % 4 == 0 { 60 } else { 6 });
        let mut matcher = Matcher::run(&instance);
        for _ in 0..8 {
            let what = change(&mut instance, &mut matcher, &mut dice);
            let whole = Matcher::run(&instance);
            let all = |matcher: &Matcher| -> Vec<u32> {
                (0..instance.families.len() as u32).map(|family| taken(matcher, family)).collect()
            };
            assert_eq!(all(&matcher), all(&whole), "case {number}, {what}: {instance:#?}");
            assert_allowed(&instance, &matcher);
        }
    }
}

/// Removed rows stay where they are and can get or give nothing.
fn change(instance: &mut Instance, matcher: &mut Matcher, dice: &mut Dice) -> &'static str {
    let other = case(dice, 6);
    match dice.below(4) {
        0 => {
            let line = other.lines[0].clone();
            assert_eq!(matcher.add_line(&line) as usize, instance.lines.len());
            instance.lines.push(line);
            "a line more"
        }
        1 => {
            let row = dice.below(instance.lines.len() as u32);
            matcher.remove_line(row);
            instance.lines[row as usize].portions = 0;
            "a line less"
        }
        2 => {
            let family = other.families[0];
            let needs: Vec<_> = other.needs.iter().filter(|need| need.family == 0).copied().collect();
            let row = instance.families.len() as u32;
            let new: Vec<_> = needs.iter().map(|need| NewNeed { kind: need.kind, portions: need.portions }).collect();
            assert_eq!(matcher.add_family(&family, &new), row);
            instance.families.push(family);
            instance.needs.extend(needs.into_iter().map(|need| sinergi::allotment::Need { family: row, ..need }));
            "a family more"
        }
        _ => {
            let row = dice.below(instance.families.len() as u32);
            matcher.remove_family(row);
            instance.needs.iter_mut().filter(|need| need.family == row).for_each(|need| need.portions = 0);
            "a family less"
        }
    }
}

#[test]
fn every_family_has_its_certificate() {
    let mut dice = Dice(4);
    let mut seen = [0_u32; 4];
    for _ in 0..300 {
        let instance = case(&mut dice, 30);
        let certificates = Certificates::of(&Matcher::run(&instance));
        let rows: HashSet<u32> = certificates.families.iter().map(|certificate| certificate.family).collect();
        assert_eq!(rows.len(), instance.families.len());
        for certificate in &certificates.families {
            match certificate.verdict {
                Verdict::Satisfied => seen[0] += 1,
                Verdict::CapReached => seen[1] += 1,
                Verdict::NoLine => seen[2] += 1,
                Verdict::Outranked(outranked) => {
                    seen[3] += 1;
                    assert!(outranked.portions > 0 && outranked.cut_off != outranked.own);
                    assert_eq!(outranked.enough.is_some(), certificate.granted == 0);
                    assert_enough(&instance, certificate.family, outranked);
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}

/// What is told to be enough is enough.
fn assert_enough(instance: &Instance, family: u32, outranked: sinergi::allotment::Outranked) {
    let Some(enough) = outranked.enough else { return };
    let kind = instance.needs[outranked.need as usize].kind;
    let place = instance.families[family as usize].place;
    let mut more = instance.clone();
    let id = uuid::Uuid::from_u128(u128::MAX);
    more.lines.push(sinergi::allotment::Line { id, kind, portions: enough, places: vec![place] });
    assert!(taken(&Matcher::run(&more), family) > 0, "{outranked:?} of {instance:#?}");
    if let Some(row) = outranked.wider_line {
        let mut wider = instance.clone();
        wider.lines[row as usize].places.push(place);
        assert!(taken(&Matcher::run(&wider), family) > 0, "wider: {outranked:?} of {instance:#?}");
    }
}

fn taken(matcher: &Matcher, family: u32) -> u32 {
    matcher.grants().iter().filter(|grant| grant.family == family).map(|grant| grant.portions).sum()
}

#[test]
fn a_checker_in_another_language_accepts_what_is_right_and_nothing_forged() {
    let mut dice = Dice(5);
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for number in 0..1_500 {
        let told = transcript(&case(&mut dice, if number % 10 == 0 { 120 } else { 12 }));
        wrong.extend(forged::mutants(&told, &mut dice));
        right.push(told);
    }
    let told = forged::check(&right);
    assert!(told.iter().all(|answer| answer == "right"), "{:?}", told.iter().find(|answer| *answer != "right"));
    let kinds: HashSet<&str> = wrong.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds.len(), forged::KINDS, "{kinds:?}");
    let texts: Vec<String> = wrong.iter().map(|(_, text)| text.clone()).collect();
    let missed: Vec<&str> = forged::check(&texts)
        .iter()
        .zip(&wrong)
        .filter(|(answer, _)| !answer.starts_with("wrong"))
        .map(|(_, (kind, _))| *kind)
        .collect();
    assert!(missed.is_empty(), "{} of {} pass, such as {:?}", missed.len(), wrong.len(), missed.first());
}

#[test]
fn nothing_comes_of_nothing() {
    let mut dice = Dice(6);
    let whole = case(&mut dice, 20);
    let empty = Instance { lines: Vec::new(), families: Vec::new(), needs: Vec::new(), ..whole.clone() };
    assert!(Matcher::run(&empty).grants().is_empty());
    let unknown = Instance { kinds: 0, ..whole.clone() };
    assert!(Matcher::run(&unknown).grants().is_empty());
    let placeless = Instance { places: 0, ..whole };
    let certificates = Certificates::of(&Matcher::run(&placeless));
    assert!(certificates.families.iter().all(|certificate| certificate.verdict == Verdict::NoLine));
}
