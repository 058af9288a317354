//! Groups of records that are one person.

use super::cards::{Links, surest_first};
use super::run::{Scored, Weighing};
use super::texts::{at, number, value};

/// Larger groups are not joined: they have run together.
const LARGEST: usize = 64;

/// A pair of groups speaks against joining them by no more than this.
const LEAST_BITS: f32 = -20.0;

/// The groups, each row in one.
#[derive(Debug)]
pub struct Clusters {
    group: Vec<u32>,
    members: Vec<Vec<u32>>,
}

/// Joins the linked rows, the surest first, where nothing speaks against it.
#[must_use]
pub fn cluster(weighing: &Weighing<'_>, links: &Links, join_bits: f32) -> Clusters {
    let rows = weighing.records.count();
    let mut clusters = Clusters { group: (0..rows).collect(), members: vec![Vec::new(); at(rows)] };
    let mut taken = links.taken.clone();
    taken.sort_by(surest_first);
    for pair in &taken {
        clusters.join(weighing, links, pair, join_bits);
    }
    clusters
}

impl Clusters {
    fn join(&mut self, weighing: &Weighing<'_>, links: &Links, pair: &Scored, join_bits: f32) {
        let (one, other) = (value(&self.group, at(pair.one)), value(&self.group, at(pair.other)));
        if one == other {
            return;
        }
        let (left, right) = (self.of(one), self.of(other));
        if !may_join(weighing, links, (&left, &right), join_bits) {
            return;
        }
        for row in &right {
            if let Some(group) = self.group.get_mut(at(*row)) {
                *group = one;
            }
        }
        if let Some(members) = self.members.get_mut(at(other)) {
            *members = Vec::new();
        }
        if let Some(members) = self.members.get_mut(at(one)) {
            *members = [left, right].concat();
        }
    }

    /// The rows of a group.
    fn of(&self, group: u32) -> Vec<u32> {
        match self.members.get(at(group)) {
            Some(members) if !members.is_empty() => members.clone(),
            _ => vec![group],
        }
    }

    /// The groups of more than one row, their rows in order.
    pub fn groups(&self) -> impl Iterator<Item = Vec<u32>> {
        self.members.iter().filter(|members| members.len() > 1).map(|members| {
            let mut members = members.clone();
            members.sort_unstable();
            members
        })
    }

    /// The group of each row.
    #[must_use]
    pub fn group(&self, row: u32) -> u32 {
        value(&self.group, at(row))
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u32 {
        number(self.group.len())
    }
}

/// Two lines of one card, and two valid numbers of other birth dates, are never joined by a third record.
fn may_join(weighing: &Weighing<'_>, links: &Links, groups: (&[u32], &[u32]), join_bits: f32) -> bool {
    if groups.0.len() + groups.1.len() > LARGEST {
        return false;
    }
    let (mut sum, mut count) = (0.0, 0.0);
    // Two rows alone are linked for what they say themselves.
    let is_one_pair = groups.0.len() + groups.1.len() == 2;
    for one in groups.0 {
        for other in groups.1 {
            let is_one_card = weighing.records.is_one_card(*one, *other);
            if is_one_card && !links.is_typed_twice(*one, *other) {
                return false;
            }
            if weighing.comparing.are_known_apart(weighing.records, *one, *other) {
                return false;
            }
            if !is_one_pair {
                sum += weighing.bits(*one, *other).all.max(LEAST_BITS);
                count += 1.0;
            }
        }
    }
    is_one_pair || sum / count >= join_bits
}
