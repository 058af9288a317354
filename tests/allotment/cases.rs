//! Small cases drawn at random, the same in every run.

use sinergi::allotment::{Family, Instance, Line, Need, Policy};
use uuid::Uuid;

/// Numbers that look drawn (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound.max(1))) as u32
    }

    pub(crate) fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }
}

/// A case with at most so many families; scarce, so that who goes first matters.
pub(crate) fn case(dice: &mut Dice, families: u32) -> Instance {
    let (kinds, places) = (1 + dice.below(3), 1 + dice.below(3));
    let cap = 1 + dice.below(3);
    let count = 1 + dice.below(families);
    let policy = Policy { cap, is_turn_by_turn: dice.below(3) > 0, seed: format!("seed {}", dice.below(1_000)) };
    let lines = (0..=dice.below(2 + families.min(20) / 4)).map(|_| line(dice, (kinds, places), families)).collect();
    let mut all = Instance { policy, kinds, places, lines, families: Vec::new(), needs: Vec::new() };
    for family in 0..count {
        let standing = [dice.below(3), dice.below(2), 0];
        let aided = if dice.below(4) == 0 { dice.below(3) } else { 0 };
        all.families.push(Family { id: dice.id(), place: dice.below(places), standing, aided });
        for kind in 0..kinds {
            if dice.below(3) > 0 {
                all.needs.push(Need { family, kind, portions: if dice.below(4) == 0 { 2 } else { 1 } });
            }
        }
    }
    all
}

fn line(dice: &mut Dice, (kinds, places): (u32, u32), families: u32) -> Line {
    let mut earmark: Vec<u32> = (0..places).filter(|_| dice.below(2) == 0).collect();
    if earmark.is_empty() {
        earmark.push(dice.below(places));
    }
    Line { id: dice.id(), kind: dice.below(kinds), portions: 1 + dice.below(1 + families / 3), places: earmark }
}

/// The same with its rows in another order.
pub(crate) fn shuffled(instance: &Instance, dice: &mut Dice) -> Instance {
    let mut shuffled = instance.clone();
    shuffle(&mut shuffled.lines, dice);
    for line in &mut shuffled.lines {
        shuffle(&mut line.places, dice);
    }
    let mut rows: Vec<u32> = (0..instance.families.len() as u32).collect();
    shuffle(&mut rows, dice);
    shuffled.families = rows.iter().map(|row| instance.families[*row as usize]).collect();
    for need in &mut shuffled.needs {
        need.family = rows.iter().position(|row| *row == need.family).unwrap() as u32;
    }
    shuffle(&mut shuffled.needs, dice);
    shuffled
}

fn shuffle<T>(all: &mut [T], dice: &mut Dice) {
    for place in (1..all.len()).rev() {
        all.swap(place, dice.below(place as u32 + 1) as usize);
    }
}
