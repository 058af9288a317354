//! What is to be allotted, to whom, and in which order.

use aws_lc_rs::digest;
use uuid::Uuid;

use super::columns::{at, count};

/// The rules of a run.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Most portions a family gets in a round of aid, those it got elsewhere counted.
    pub cap: u32,
    /// Whether everybody has a turn before anybody has another one.
    pub is_turn_by_turn: bool,
    /// What decides between families that stand alike; published before the run.
    pub seed: String,
}

/// Portions of one kind.
#[derive(Debug, Clone)]
pub struct Line {
    /// What its lot is drawn for, the same in every run: here a digest, so that transcripts name nobody.
    pub id: Uuid,
    /// Number of the kind.
    pub kind: u32,
    /// How many portions are free.
    pub portions: u32,
    /// Numbers of the places of the earmark.
    pub places: Vec<u32>,
}

/// A family that needs something.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// What its lot is drawn for, the same in every run: here a digest, so that transcripts name nobody.
    pub id: Uuid,
    /// Number of its place: a village, or a group within one.
    pub place: u32,
    /// Where it stands: compared number by number, the lower goes first.
    pub standing: [u32; 3],
    /// Portions it got elsewhere in this round of aid.
    pub aided: u32,
}

/// Portions of one kind that a family needs; a family has one need of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Place of the family in [`Instance::families`].
    pub family: u32,
    /// Number of the kind.
    pub kind: u32,
    /// How many portions at most.
    pub portions: u32,
}

/// All of a run, its rows in any order.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The rules.
    pub policy: Policy,
    /// How many kinds there are.
    pub kinds: u32,
    /// How many places there are; memory grows with places times the square of kinds.
    pub places: u32,
    /// What is free.
    pub lines: Vec<Line>,
    /// Who needs something.
    pub families: Vec<Family>,
    /// What they need; where kind, family or place are not there, nothing can be given.
    pub needs: Vec<Need>,
}

/// Place of a family in the order of a run: where it stands, then its lot, then its id.
pub(super) type Key = (u128, Uuid);

/// One of the four numbers that the key of a family is made of, the lot 0.
pub(super) fn part(key: &Key, number: u32) -> u32 {
    u32::try_from((key.0 >> (32 * number)) & u128::from(u32::MAX)).unwrap_or_default()
}

/// The lot of a family: the first four bytes of SHA-256 over the seed and the sixteen bytes that it is drawn for.
#[must_use]
pub fn lot(seed: &str, id: Uuid) -> u32 {
    Lots::new(seed).draw(id)
}

/// Draws lots under one seed.
pub(super) struct Lots {
    text: Vec<u8>,
    seed: usize,
}

impl Lots {
    /// Under a seed.
    pub(super) fn new(seed: &str) -> Self {
        Self { text: seed.as_bytes().to_vec(), seed: seed.len() }
    }

    fn draw(&mut self, id: Uuid) -> u32 {
        self.text.truncate(self.seed);
        self.text.extend_from_slice(id.as_bytes());
        let hash = digest::digest(&digest::SHA256, &self.text);
        hash.as_ref().first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
    }

    /// The place of a family in the order.
    pub(super) fn key(&mut self, family: &Family) -> Key {
        let [first, second, third] = family.standing.map(u128::from);
        (first << 96 | second << 64 | third << 32 | u128::from(self.draw(family.id)), family.id)
    }
}

impl Instance {
    /// Families with their keys, who goes first at the front.
    pub(super) fn in_order(&self) -> Vec<(Key, u32)> {
        let mut lots = Lots::new(&self.policy.seed);
        let families = self.families.iter().zip(0_u32..);
        let mut standing: Vec<(u128, u32)> = families.map(|(family, number)| (lots.key(family).0, number)).collect();
        let id = |number: u32| self.families.get(at(number)).map(|family| family.id).unwrap_or_default();
        // Ids are compared where lots are the same, which is seldom.
        standing.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| id(one.1).cmp(&id(other.1))));
        standing.into_iter().map(|(standing, number)| ((standing, id(number)), number)).collect()
    }

    /// Lines, those with the narrowest earmark first: what can go anywhere is used last.
    pub(super) fn lines_in_order(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..count(self.lines.len())).collect();
        numbers.sort_unstable_by_key(|number| {
            self.lines.get(at(*number)).map(|line| (line.places.len(), line.id, line.kind, line.portions))
        });
        numbers
    }

    /// Needs that could be met, by family, each as its place among the needs; those of a family by kind.
    pub(super) fn needs_by_family(&self) -> Grouped {
        let mut starts = vec![0_u32; self.families.len() + 1];
        let is_usable = |need: &Need| {
            let family = self.families.get(at(need.family));
            need.kind < self.kinds && need.portions > 0 && family.is_some_and(|family| family.place < self.places)
        };
        for need in self.needs.iter().filter(|need| is_usable(need)) {
            if let Some(start) = starts.get_mut(at(need.family) + 1) {
                *start += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut numbers = vec![0_u32; at(total)];
        for (need, number) in self.needs.iter().zip(0_u32..).filter(|(need, _)| is_usable(need)) {
            if let Some(place) = next.get_mut(at(need.family)) {
                if let Some(cell) = numbers.get_mut(at(*place)) {
                    *cell = number;
                }
                *place += 1;
            }
        }
        let mut grouped = Grouped { starts, numbers };
        for family in 0..count(self.families.len()) {
            let of_family = grouped.of_mut(family);
            if of_family.len() > 1 {
                of_family
                    .sort_unstable_by_key(|number| self.needs.get(at(*number)).map(|need| (need.kind, need.portions)));
            }
        }
        grouped
    }
}

/// Numbers by the group they are in.
pub(super) struct Grouped {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Grouped {
    fn span(&self, group: u32) -> std::ops::Range<usize> {
        let start = self.starts.get(at(group)).copied().unwrap_or_default();
        let end = self.starts.get(at(group) + 1).copied().unwrap_or_default();
        at(start)..at(end)
    }

    /// The numbers of a group.
    pub(super) fn of(&self, group: u32) -> &[u32] {
        self.numbers.get(self.span(group)).unwrap_or_default()
    }

    fn of_mut(&mut self, group: u32) -> &mut [u32] {
        let span = self.span(group);
        self.numbers.get_mut(span).unwrap_or_default()
    }
}
