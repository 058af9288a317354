//! Leaves out the pairs that cannot reach the bar, by what is cheapest to see of them: most pairs that share a key.

use super::cells::Record;
use super::columns::Column;
use super::compare::{Comparing, EQUAL, MISSING, MOST_LEVELS, OTHER_CARD, compare_cells, compare_digits};
use super::config::Kind;
use super::records::{BATCH, Records};
use super::run::{Weighing, rows};
use super::texts::value;
use super::weights::{Gain, Weights};

/// Not the same; how unlike, only a closer look says.
const OTHER: u8 = 9;
/// Sums in another order differ by so much at most.
const ROUNDING: f32 = 0.01;

/// What of a pair is looked at, in order, and what is lost by it.
#[derive(Debug)]
pub(super) struct Sift<'a> {
    records: &'a Records,
    weights: &'a Weights,
    from: f32,
    /// Of two records of two cards, and of two lines of one.
    sides: [Side; 2],
}

/// What is looked at of pairs of one kind.
#[derive(Debug)]
struct Side {
    /// What a pair has that is alike in all.
    start: Gain,
    steps: Vec<Step>,
}

/// A field, and what is lost at each of its levels of the most that it could add.
#[derive(Debug)]
struct Step {
    field: usize,
    kind: Kind,
    /// The most that the field adds.
    most: Gain,
    lost: [Gain; MOST_LEVELS],
}

impl<'a> Sift<'a> {
    /// Reads from the weights what each level can add at most.
    #[must_use]
    pub(super) fn new(weighing: &Weighing<'a>) -> Self {
        let Weighing { records, comparing, weights, from } = *weighing;
        let side = |is_one_card| Side::new(records, comparing, weights, is_one_card);
        Self { records, weights, from: from - ROUNDING, sides: [side(false), side(true)] }
    }

    /// Hands over the pairs that may come to the bar, in the same order.
    pub(super) fn each(&self, pairs: &[u64], mut take: impl FnMut(u32, u32)) {
        let mut near = Vec::with_capacity(BATCH);
        for batch in pairs.chunks(BATCH) {
            let batch = batch.iter().map(|pair| rows(*pair));
            self.records.fetch(batch.clone().map(|(_, other)| other));
            near.clear();
            near.extend(batch.filter_map(|pair| Some((pair, self.seen(pair)?))));
            self.records.fetch_names(&near.iter().flat_map(|((one, other), _)| [*one, *other]));
            for (pair, sum) in &near {
                if self.reaches_by_words(*pair, *sum) {
                    take(pair.0, pair.1);
                }
            }
        }
    }

    /// What a pair can have at most by what is seen of it without reading words; nothing where that is too little.
    fn seen(&self, pair: (u32, u32)) -> Option<Gain> {
        let (side, pair) = self.side(pair);
        let mut sum = side.start;
        for step in &side.steps {
            sum = added(sum, value(&step.lost, usize::from(step.level(pair))));
            if !self.reaches(sum) {
                return None;
            }
        }
        Some(sum)
    }

    fn side(&self, (one, other): (u32, u32)) -> (&Side, (Record<'_>, Record<'_>)) {
        let pair = (self.records.cells.record(one), self.records.cells.record(other));
        let [apart, together] = &self.sides;
        (if pair.0.is_one_card(pair.1) { together } else { apart }, pair)
    }

    /// Compares names and texts one by one, as long as it is worth going on.
    fn reaches_by_words(&self, pair: (u32, u32), mut sum: Gain) -> bool {
        let (side, pair) = self.side(pair);
        for step in side.steps.iter().filter(|step| step.kind.is_worded()) {
            let Some(column) = self.records.columns.get(step.field) else { continue };
            let (level, rarity) = compare_cells(column, step.kind, step.field, pair);
            let gain = self.weights.gain(step.field, level, rarity);
            let thought = added(step.most, value(&step.lost, usize::from(step.level(pair))));
            sum = added(sum, [gain[0] - thought[0], gain[1] - thought[1]]);
            if !self.reaches(sum) {
                return false;
            }
        }
        true
    }

    fn reaches(&self, sum: Gain) -> bool {
        sum[0].min(sum[1]) >= self.from
    }
}

fn added(one: Gain, other: Gain) -> Gain {
    [one[0] + other[0], one[1] + other[1]]
}

fn most(one: Gain, other: Gain) -> Gain {
    [one[0].max(other[0]), one[1].max(other[1])]
}

impl Side {
    fn new(records: &Records, comparing: &Comparing, weights: &Weights, is_one_card: bool) -> Self {
        let card = comparing
            .one_card
            .map(|field| weights.most(comparing, field, if is_one_card { EQUAL } else { OTHER_CARD }, 0.0));
        let mut start = added(weights.start(), card.unwrap_or_default());
        let mut steps = Vec::new();
        for (field, (kind, column)) in comparing.kinds.iter().zip(&records.columns).enumerate() {
            if is_one_card && comparing.is_household(field) {
                continue;
            }
            let step = Step::new(comparing, weights, (field, *kind, column), is_one_card);
            start = added(start, step.most);
            // A field that another may change is taken for the best that it can be.
            if !comparing.crossed.iter().any(|(left, right, _)| field == *left || field == *right) {
                steps.push(step);
            }
        }
        for (_, _, flag) in &comparing.crossed {
            start = added(start, most(weights.most(comparing, *flag, 1, 0.0), weights.most(comparing, *flag, 2, 0.0)));
        }
        steps.sort_by_key(|step| step.kind.cost());
        Self { start, steps }
    }
}

impl Step {
    fn new(comparing: &Comparing, weights: &Weights, of: (usize, Kind, &Column), is_one_card: bool) -> Self {
        let (field, kind, column) = of;
        let rarity = column.most_rarity();
        let gain = |level: u8| {
            let rarity = if kind.bears_rarity(level) { rarity } else { 0.0 };
            let [strangers, kin] = weights.most(comparing, field, level, rarity);
            let doubt = comparing.least_doubt(field, level, is_one_card);
            [strangers - doubt, kin - doubt]
        };
        let best_of = |levels: &[u8]| levels.iter().map(|level| gain(*level)).fold([f32::NEG_INFINITY; 2], most);
        let other = best_of(kind.levels_of_others());
        let best = most(other, best_of(&[MISSING, EQUAL]));
        let mut lost = [[0.0; 2]; MOST_LEVELS];
        for (lost, level) in lost.iter_mut().zip(0_u8..) {
            let gain = if level == OTHER { other } else { gain(level) };
            *lost = [gain[0] - best[0], gain[1] - best[1]];
        }
        Self { field, kind, most: best, lost }
    }

    /// The level of the field as far as it is seen without reading words.
    fn level(&self, (one, other): (Record<'_>, Record<'_>)) -> u8 {
        if self.kind.is_digits() {
            return compare_digits(self.kind, one.digits(self.field), other.digits(self.field));
        }
        match (one.number(self.field), other.number(self.field)) {
            (0, _) | (_, 0) => MISSING,
            (one, other) if one == other => EQUAL,
            _ => OTHER,
        }
    }
}

impl Kind {
    /// The levels that two values have which are not the same.
    fn levels_of_others(self) -> &'static [u8] {
        match self {
            // In another order the same words are another name.
            Self::Name => &[MISSING, EQUAL, 2, 3, 4, 5, 6, 7, 8],
            Self::Text | Self::Place => &[2, 3, 4, 5],
            Self::Code => &[5],
            Self::Date => &[2, 3, 4, 5, 6],
            Self::Number | Self::Phone => &[2, 3, 6],
            Self::NationalNumber => &[2, 3, 4, 5, 6, 7, 8],
        }
    }

    /// Whether at this level it counts how seldom a value is.
    fn bears_rarity(self, level: u8) -> bool {
        match self {
            Self::Name | Self::Text | Self::Place => level != MISSING,
            Self::Code | Self::Date => level == EQUAL,
            Self::Number | Self::Phone | Self::NationalNumber => false,
        }
    }

    fn is_digits(self) -> bool {
        matches!(self, Self::Date | Self::Number | Self::NationalNumber | Self::Phone)
    }

    fn is_worded(self) -> bool {
        matches!(self, Self::Name | Self::Text | Self::Place)
    }

    /// Kinds in the order of what looking at them costs for what it says.
    fn cost(self) -> u8 {
        match self {
            Self::Date | Self::NationalNumber => 0,
            Self::Code | Self::Number | Self::Phone => 1,
            Self::Name => 2,
            Self::Text | Self::Place => 3,
        }
    }
}
