//! What each level of each field says, learnt from the records themselves.

use serde::{Deserialize, Serialize};

use super::compare::{Comparing, EQUAL, Likeness, MISSING, MOST_FIELDS, MOST_LEVELS, OTHER_SERIAL, level_of};
use super::config::Kind;
use super::texts::value;

/// Bits against strangers and against kin.
pub(super) type Gain = [f32; 2];
type Table = [[f32; MOST_LEVELS]; MOST_FIELDS];

/// Rounds of learning; the weights hardly move after half of them.
const ROUNDS: usize = 16;
/// Pairs that are thought of in each level beside those seen, so that nothing is impossible.
const IMAGINED: f32 = 0.5;
/// Pairs with so few bits at first sight are of two persons, whatever is learnt.
const SURELY_TWO: f32 = -9.0;
/// How much of what a rare value says more than a usual one is believed.
const BELIEF: f32 = 0.7;
/// The most that the rarity of a value adds or takes.
const MOST_RARITY: f32 = 7.0;

/// The weights: binary logarithms of how probable each level is among pairs of each class.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Weights {
    same: Table,
    stranger: Table,
    kin: Table,
    /// The rarity that is usual at a level.
    usual: Table,
    shares: [f32; 3],
    has_kin: bool,
}

/// How sure it is that two records are one person, in bits.
#[derive(Debug, Clone, Copy)]
pub struct Bits {
    /// Against all else that they could be.
    pub all: f32,
    /// Against two persons of one household, whatever the share of such pairs is.
    pub kin: f32,
}

/// Pairs of the same levels.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// The levels.
    pub levels: u64,
    /// How many pairs have them.
    pub count: f32,
    /// The rarity summed over these pairs.
    pub rarity: [f32; MOST_FIELDS],
}

impl Weights {
    /// Learns the weights from the patterns of blocked pairs.
    #[must_use]
    pub fn learn(comparing: &Comparing, patterns: &[Pattern]) -> Self {
        let has_kin = comparing.one_card.is_some();
        let seeds: Vec<Seed> = patterns.iter().map(|pattern| Seed::of(comparing, pattern.levels)).collect();
        let mut beliefs: Vec<[f32; 3]> = seeds.iter().map(Seed::belief).collect();
        let mut weights = Self::from_beliefs(comparing, patterns, &beliefs, has_kin);
        for _ in 0..ROUNDS {
            for ((belief, seed), pattern) in beliefs.iter_mut().zip(&seeds).zip(patterns) {
                *belief = seed.held(weights.belief(comparing, pattern.levels));
            }
            weights = Self::from_beliefs(comparing, patterns, &beliefs, has_kin);
        }
        weights
    }

    fn from_beliefs(comparing: &Comparing, patterns: &[Pattern], beliefs: &[[f32; 3]], has_kin: bool) -> Self {
        let table = |class: usize| logarithms(comparing, patterns, beliefs, class);
        let all: f64 = patterns.iter().map(|pattern| f64::from(pattern.count)).sum();
        let share = |class: usize| {
            let sum: f64 = patterns
                .iter()
                .zip(beliefs)
                .map(|(pattern, belief)| f64::from(pattern.count * value(belief, class)))
                .sum();
            single((sum.max(1.0) / all.max(1.0)).log2())
        };
        let usual = usual_rarity(comparing, patterns, beliefs);
        Self {
            same: table(0),
            stranger: table(1),
            kin: table(2),
            usual,
            shares: [share(0), share(1), share(2)],
            has_kin,
        }
    }

    /// How probable each class is for these levels.
    fn belief(&self, comparing: &Comparing, levels: u64) -> [f32; 3] {
        let [same, stranger, kin] = self.sums(comparing, levels);
        let most = same.max(stranger).max(kin);
        let odds = [same - most, stranger - most, kin - most].map(f32::exp2);
        let sum: f32 = odds.iter().sum();
        odds.map(|odd| odd / sum)
    }

    fn sums(&self, comparing: &Comparing, levels: u64) -> [f32; 3] {
        let [mut same, mut stranger, mut kin] = self.shares;
        if !self.has_kin {
            kin = -1e9;
        }
        let is_twin_like = comparing.number_and_born.filter(|(number, _)| level_of(levels, *number) == OTHER_SERIAL);
        for field in 0..comparing.fields {
            let level = usize::from(level_of(levels, field));
            let of = |table: &Table| table.get(field).map_or(0.0, |levels| value(levels, level));
            let (mut by_same, by_stranger, mut by_kin) = (of(&self.same), of(&self.stranger), of(&self.kin));
            if let Some((number, born)) = is_twin_like {
                // Such numbers never count for a match, and the birth date says no more than they do.
                if field == number {
                    by_same = by_same.min(by_stranger).min(by_kin);
                } else if field == born {
                    by_kin = by_kin.max(by_same);
                    by_same = by_same.min(by_kin);
                }
            }
            same += by_same;
            stranger += by_stranger;
            kin += by_kin;
        }
        same -= comparing.doubt(levels);
        [same, stranger, kin]
    }

    /// How sure it is that two records so alike are one person.
    #[must_use]
    pub fn bits(&self, comparing: &Comparing, likeness: &Likeness) -> Bits {
        let [same, stranger, kin] = self.sums(comparing, likeness.levels);
        let rarity: f32 = (0..comparing.fields)
            .map(|field| self.rarity(field, likeness.level(field), value(&likeness.rarity, field)))
            .sum();
        let most = (stranger - rarity).max(kin);
        let others = most + ((stranger - rarity - most).exp2() + (kin - most).exp2()).log2();
        let [same_share, _, kin_share] = self.shares;
        Bits { all: same - others, kin: (same - same_share) - (kin - kin_share) }
    }

    /// What is thought of two records before they are compared, against strangers and against kin.
    #[must_use]
    pub(super) fn start(&self) -> Gain {
        let [same, stranger, kin] = self.shares;
        [same - stranger, if self.has_kin { same - kin } else { 1e9 }]
    }

    /// The most that a level of a field adds, against strangers and against kin, where what is shared is no rarer.
    #[must_use]
    pub(super) fn most(&self, comparing: &Comparing, field: usize, level: u8, rarity: f32) -> Gain {
        let (usual, rare) = (self.gain(field, level, 0.0), self.gain(field, level, rarity));
        let most = [0, 1].map(|side| value(&usual, side).max(value(&rare, side)));
        let is_twin_like =
            level == OTHER_SERIAL && comparing.number_and_born.is_some_and(|(number, _)| number == field);
        if is_twin_like { most.map(|gain| gain.min(0.0)) } else { most }
    }

    /// What a level of a field adds, against strangers and against kin.
    pub(super) fn gain(&self, field: usize, level: u8, rarity: f32) -> Gain {
        let of = |table: &Table| table.get(field).map_or(0.0, |levels| value(levels, usize::from(level)));
        let same = of(&self.same);
        [same - of(&self.stranger) + self.rarity(field, level, rarity), same - of(&self.kin)]
    }

    /// What a field says for two records being one person: against strangers or kin, whichever it says less against.
    #[must_use]
    pub fn by_field(&self, likeness: &Likeness, field: usize) -> f32 {
        let [strangers, kin] = self.gain(field, likeness.level(field), value(&likeness.rarity, field));
        if self.has_kin { strangers.min(kin) } else { strangers }
    }

    /// What it adds that what is shared is rarer than usual.
    fn rarity(&self, field: usize, level: u8, shared: f32) -> f32 {
        if shared <= 0.0 {
            return 0.0;
        }
        let usual = self.usual.get(field).map_or(0.0, |levels| value(levels, usize::from(level)));
        ((shared - usual) * BELIEF).clamp(-MOST_RARITY, MOST_RARITY)
    }

    /// The weights of one field as they are told: level, bits against strangers, bits against kin.
    #[must_use]
    pub fn told(&self, field: usize) -> Vec<(usize, f32, f32)> {
        let rows = (self.same.get(field), self.stranger.get(field), self.kin.get(field));
        let (Some(same), Some(stranger), Some(kin)) = rows else { return Vec::new() };
        let levels = same.iter().zip(stranger).zip(kin).enumerate().skip(1);
        levels.map(|(level, ((same, stranger), kin))| (level, same - stranger, same - kin)).collect()
    }

    /// The binary logarithms of the shares of matches, strangers and kin.
    #[must_use]
    pub fn shares(&self) -> [f32; 3] {
        self.shares
    }
}

/// How probable each level is in a class, of those where both values are there.
fn logarithms(comparing: &Comparing, patterns: &[Pattern], beliefs: &[[f32; 3]], class: usize) -> Table {
    let mut table: Table = [[0.0; MOST_LEVELS]; MOST_FIELDS];
    for (field, row) in table.iter_mut().enumerate().take(comparing.fields) {
        let mut sums = [0.0_f64; MOST_LEVELS];
        for (pattern, belief) in patterns.iter().zip(beliefs) {
            let level = usize::from(level_of(pattern.levels, field));
            if let Some(sum) = sums.get_mut(level) {
                *sum += f64::from(pattern.count * value(belief, class));
            }
        }
        let there: f64 = sums.iter().skip(1).map(|sum| sum + f64::from(IMAGINED)).sum();
        for (into, sum) in row.iter_mut().zip(sums).skip(1) {
            *into = single(((sum + f64::from(IMAGINED)) / there).log2());
        }
    }
    table
}

/// The rarity of what strangers share, on average at each level.
fn usual_rarity(comparing: &Comparing, patterns: &[Pattern], beliefs: &[[f32; 3]]) -> Table {
    let mut table: Table = [[0.0; MOST_LEVELS]; MOST_FIELDS];
    let mut counts: Table = [[0.0; MOST_LEVELS]; MOST_FIELDS];
    for (pattern, belief) in patterns.iter().zip(beliefs) {
        let doubt = 1.0 - value(belief, 0);
        for field in 0..comparing.fields {
            let level = usize::from(level_of(pattern.levels, field));
            let (Some(sums), Some(counts)) = (table.get_mut(field), counts.get_mut(field)) else { continue };
            if let (Some(sum), Some(count)) = (sums.get_mut(level), counts.get_mut(level)) {
                *sum += value(&pattern.rarity, field) * doubt;
                *count += pattern.count * doubt;
            }
        }
    }
    for (sums, counts) in table.iter_mut().zip(&counts) {
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum /= count.max(1.0);
        }
    }
    table
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a logarithm needs no more digits")]
fn single(value: f64) -> f32 {
    value as f32
}

/// What is thought of a pair before anything is learnt: by how much of it agrees, in bits.
#[derive(Debug, Clone, Copy)]
struct Seed {
    person: f32,
    household: Option<f32>,
}

impl Seed {
    fn of(comparing: &Comparing, levels: u64) -> Self {
        let (mut person, mut household) = (-9.0_f32 - comparing.doubt(levels), 0.0_f32);
        for field in 0..comparing.fields {
            let level = level_of(levels, field);
            if Some(field) == comparing.one_card {
                household += if level == EQUAL { 20.0 } else { 0.0 };
            } else if comparing.is_household(field) {
                household += seed(comparing.kind(field), level);
            } else {
                person += seed(comparing.kind(field), level);
            }
        }
        Self { person, household: comparing.one_card.map(|_| household) }
    }

    fn belief(&self) -> [f32; 3] {
        let same = 1.0 / (1.0 + (-self.person).exp2());
        let kin = self.household.map_or(0.0, |household| (1.0 - same) / (1.0 + (2.0 - household).exp2()));
        self.held([same, 1.0 - same - kin, kin])
    }

    /// A belief that learning came to, but that who surely are two persons stay so.
    ///
    /// Among the pairs of many districts very many are of one kind, such as numbers that differ in the district alone.
    /// Without something that stays, that kind is learnt to be what two records of one person look like.
    fn held(&self, [same, stranger, kin]: [f32; 3]) -> [f32; 3] {
        if self.person > SURELY_TWO {
            return [same, stranger, kin];
        }
        let others = (stranger + kin).max(f32::MIN_POSITIVE);
        [0.0, stranger / others, kin / others]
    }
}

/// What a level says at first sight, in bits. A number that differs in its area alone repeats the birth date, which has
/// its own say, and a serial that everywhere begins at one.
fn seed(kind: Kind, level: u8) -> f32 {
    let bits: &[f32] = match kind {
        Kind::Name => &[0.0, 7.0, 6.0, 5.0, 3.0, 1.0, 0.0, -2.0, -6.0],
        Kind::Text | Kind::Place => &[0.0, 4.0, 3.0, 2.0, 0.0, -2.0],
        Kind::Code => &[0.0, 1.0, -1.0, 0.0, 0.0, -1.0],
        Kind::Date => &[0.0, 8.0, 5.0, 5.0, 1.0, -1.0, -5.0],
        Kind::Number => &[0.0, 12.0, 9.0, 4.0, 0.0, 0.0, -6.0],
        Kind::NationalNumber => &[0.0, 12.0, 9.0, 1.0, -4.0, 1.0, -5.0, 4.0, 0.0],
        Kind::Phone => &[0.0, 5.0, 4.0, 0.0, 0.0, 0.0, -1.0],
    };
    if level == MISSING { 0.0 } else { value(bits, usize::from(level)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::engine::config::Schema;

    /// Levels by the names of the fields; of those not named nothing is known.
    fn pattern(schema: &Schema, count: f32, levels: &[(&str, u64)]) -> Pattern {
        let levels = levels.iter().map(|(field, level)| level << (schema.place(field).unwrap() * 4)).sum();
        Pattern { levels, count, rarity: [0.0; MOST_FIELDS] }
    }

    #[test]
    fn very_many_of_one_kind_are_not_learnt_to_be_persons() {
        let schema = Schema::indonesia().unwrap();
        let comparing = Comparing::new(&schema).unwrap();
        let of = |count, levels: &[(&str, u64)]| pattern(&schema, count, levels);
        let again = of(3_000.0, &[("name", 1), ("sex", 1), ("birth_date", 1), ("nik", 1), ("mother", 1)]);
        // Serials begin at 1 for each day and district: such pairs are as many as districts allow.
        let by_chance = of(20_000.0, &[("name", 8), ("sex", 1), ("birth_date", 1), ("nik", 3)]);
        let patterns = [
            again,
            of(600.0, &[("name", 3), ("sex", 1), ("birth_date", 3), ("nik", 2), ("mother", 2)]),
            of(80_000.0, &[("name", 1), ("sex", 1), ("birth_date", 6), ("nik", 6), ("mother", 8)]),
            of(60_000.0, &[("name", 8), ("sex", 5), ("birth_date", 1), ("nik", 6), ("mother", 8)]),
            by_chance,
        ];
        let weights = Weights::learn(&comparing, &patterns);
        let bits = |pattern: &Pattern| {
            weights.bits(&comparing, &Likeness { levels: pattern.levels, rarity: [0.0; MOST_FIELDS] }).all
        };
        assert!(bits(&again) > 5.0, "{}", bits(&again));
        assert!(bits(&by_chance) < -5.0, "{}", bits(&by_chance));
    }
}
