//! A regency made up by the recipe of the design: 237 villages in groups of 12, 12 kinds, families with one to four
//! needs and a score, and lines for a few villages, for a group, or for all.

use sinergi::allotment::{Family, Instance, Line, Need, Policy};

use crate::cases::Dice;

/// Villages.
pub(crate) const PLACES: u32 = 237;
/// Kinds of help.
pub(crate) const KINDS: u32 = 12;
/// Villages of a sub-district.
const GROUP: u32 = 12;

/// So many lines and families.
pub(crate) fn instance(lines: u32, families: u32, seed: u64) -> Instance {
    let mut dice = Dice(seed);
    let policy = Policy { cap: 2, is_turn_by_turn: true, seed: "64.02.10/2026-01-01".to_owned() };
    let mut all = Instance {
        policy,
        kinds: KINDS,
        places: PLACES,
        lines: (0..lines).map(|_| line(&mut dice)).collect(),
        families: Vec::new(),
        needs: Vec::new(),
    };
    for number in 0..families {
        let (family, needs) = family(&mut dice);
        all.families.push(family);
        all.needs.extend(needs.into_iter().map(|kind| Need { family: number, kind, portions: 1 }));
    }
    all
}

/// A line of 10 to 150 portions.
pub(crate) fn line(dice: &mut Dice) -> Line {
    let places: Vec<u32> = match dice.below(10) {
        0..3 => (0..=dice.below(5)).map(|_| dice.below(PLACES)).collect(),
        3..8 => {
            let group = dice.below(PLACES.div_ceil(GROUP)) * GROUP;
            (group..(group + GROUP).min(PLACES)).collect()
        }
        _ => (0..PLACES).collect(),
    };
    Line { id: dice.id(), kind: dice.below(KINDS), portions: 10 + dice.below(141), places }
}

/// A family and the kinds it needs.
pub(crate) fn family(dice: &mut Dice) -> (Family, Vec<u32>) {
    let score = dice.below(1_001);
    let family = Family { id: dice.id(), place: dice.below(PLACES), standing: [1_000 - score, 0, 0], aided: 0 };
    let mut kinds: Vec<u32> = (0..=dice.below(4)).map(|_| dice.below(KINDS)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    (family, kinds)
}
