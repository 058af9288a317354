//! How much of which line goes to which village.
//!
//! To the lines of a kind all families of a village are alike, so quantities flow from lines to villages. Where the lines
//! of a village are used up, they take back from another village as much as a line with something left can give it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::FreeLine;
use crate::domain::{Quantity, VillageCode};

/// A kind and a village.
pub(super) type Class<'a> = (&'a str, &'a VillageCode);

/// Quantities that were given.
pub(super) struct Flow<'a> {
    /// By line, what is left.
    pub(super) left: Vec<Quantity>,
    /// By line, what each village has of it.
    given: Vec<BTreeMap<&'a VillageCode, Quantity>>,
    /// Lines that are for a class.
    lines_of: BTreeMap<Class<'a>, Vec<usize>>,
}

/// A line, and the village that gets more of it.
type Step<'a> = (usize, &'a VillageCode);

impl<'a> Flow<'a> {
    /// With nothing given.
    pub(super) fn new(lines: &'a [FreeLine]) -> Self {
        let mut lines_of: BTreeMap<Class<'a>, Vec<usize>> = BTreeMap::new();
        for (row, line) in lines.iter().enumerate() {
            for village in &line.village_codes {
                lines_of.entry((line.kind.as_str(), village)).or_default().push(row);
            }
        }
        Self {
            left: lines.iter().map(|line| line.free.clone()).collect(),
            given: vec![BTreeMap::new(); lines.len()],
            lines_of,
        }
    }

    /// Gives a class as much as there is of a quantity; answers how much. Nobody has less afterwards.
    pub(super) fn give(&mut self, class: Class<'a>, wanted: &Quantity) -> Quantity {
        let mut lacking = wanted.clone();
        while !lacking.is_zero() {
            let steps = self.steps(class);
            let Some(passed) = self.pass(&steps, &lacking) else { break };
            lacking = lacking.beyond(&passed);
        }
        wanted.beyond(&lacking)
    }

    fn lines_of(&self, class: Class<'a>) -> &[usize] {
        self.lines_of.get(&class).map(Vec::as_slice).unwrap_or_default()
    }

    fn has_left(&self, line: usize) -> bool {
        self.left.get(line).is_some_and(|left| !left.is_zero())
    }

    /// The shortest way to a line with something left, that line at the end; none where there is none.
    fn steps(&self, (kind, village): Class<'a>) -> Vec<Step<'a>> {
        let mut before: BTreeMap<usize, (Option<usize>, &'a VillageCode)> = BTreeMap::new();
        let mut seen = BTreeSet::from([village]);
        let mut waiting: VecDeque<(Option<usize>, &'a VillageCode)> = VecDeque::from([(None, village)]);
        while let Some((taker, village)) = waiting.pop_front() {
            let lines = self.lines_of((kind, village));
            if let Some(last) = lines.iter().copied().find(|line| self.has_left(*line)) {
                before.insert(last, (taker, village));
                return way_to(last, &before);
            }
            for line in lines {
                if before.contains_key(line) {
                    continue;
                }
                before.insert(*line, (taker, village));
                let served = self.given.get(*line).into_iter().flatten().filter(|(_, given)| !given.is_zero());
                waiting.extend(
                    served.filter(|(village, _)| seen.insert(village)).map(|(village, _)| (Some(*line), *village)),
                );
            }
        }
        Vec::new()
    }

    /// Passes on what the narrowest of the steps lets through, of a quantity at most.
    fn pass(&mut self, steps: &[Step<'a>], most: &Quantity) -> Option<Quantity> {
        let (last, _) = steps.last()?;
        let mut passed = most.clone().min(self.left.get(*last)?.clone());
        for ((taker, _), (_, village)) in steps.iter().zip(steps.iter().skip(1)) {
            passed = passed.min(self.given.get(*taker)?.get(village)?.clone());
        }
        for ((taker, _), (_, village)) in steps.iter().zip(steps.iter().skip(1)) {
            let given = self.given.get_mut(*taker)?.get_mut(village)?;
            *given = given.minus(&passed)?;
        }
        for (line, village) in steps {
            let given = self.given.get_mut(*line)?.entry(*village).or_insert_with(Quantity::zero);
            *given = given.plus(&passed);
        }
        let left = self.left.get_mut(*last)?;
        *left = left.minus(&passed)?;
        Some(passed)
    }

    /// Hands a quantity that a class was given to one of its families; answers which lines it is of.
    pub(super) fn hand_out(&mut self, class: Class<'a>, quantity: &Quantity) -> Vec<(usize, Quantity)> {
        let mut lacking = quantity.clone();
        let mut parts = Vec::new();
        for line in self.lines_of.get(&class).into_iter().flatten() {
            let Some(given) = self.given.get_mut(*line).and_then(|given| given.get_mut(class.1)) else { continue };
            let part = lacking.clone().min(given.clone());
            if let (false, Some(rest), Some(still)) = (part.is_zero(), given.minus(&part), lacking.minus(&part)) {
                (*given, lacking) = (rest, still);
                parts.push((*line, part));
            }
            if lacking.is_zero() {
                break;
            }
        }
        parts
    }
}

/// The steps from the first line to the last.
fn way_to<'a>(last: usize, before: &BTreeMap<usize, (Option<usize>, &'a VillageCode)>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut next = Some(last);
    while let Some((line, (taker, village))) = next.and_then(|line| Some((line, before.get(&line)?))) {
        steps.push((line, *village));
        next = *taker;
    }
    steps.reverse();
    steps
}
