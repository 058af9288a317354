//! Links between the lines of family cards: one line of a card has at most one in another.

use super::config::Decision;
use super::hash::{Map, Set};
use super::records::Records;
use super::run::{Scored, Weighing};
use super::texts::at;

/// The links taken so far.
#[derive(Debug, Default)]
pub struct Links {
    /// The pairs that are linked, the surest first within each round.
    pub taken: Vec<Scored>,
    /// The line of a card that a row is linked with.
    partners: Map<u64, u32>,
    /// Pairs of rows of one card that are one person typed twice.
    twice: Set<u64>,
}

fn pair_key(one: u32, other: u32) -> u64 {
    (u64::from(one) << 32) | u64::from(other)
}

/// Decides on the weighed pairs: by what they say themselves, then by what their households say.
#[must_use]
pub fn link(weighing: &Weighing<'_>, pairs: &[Scored], decision: &Decision) -> Links {
    let mut sure: Vec<Scored> = pairs.iter().copied().filter(|pair| pair.bits.all >= decision.link_bits).collect();
    sure.sort_by(surest_first);
    let mut links = Links::default();
    let (within, across): (Vec<Scored>, Vec<Scored>) =
        sure.into_iter().partition(|pair| weighing.records.is_one_card(pair.one, pair.other));
    for pair in within {
        links.twice.insert(pair_key(pair.one, pair.other));
        links.taken.push(pair);
    }
    for pair in across {
        links.take(weighing, pair);
    }
    links.take_by_context(weighing, decision);
    links
}

/// By bits, then by row: a run gives the same links each time.
pub(super) fn surest_first(one: &Scored, other: &Scored) -> std::cmp::Ordering {
    other.bits.all.total_cmp(&one.bits.all).then((one.one, one.other).cmp(&(other.one, other.other)))
}

impl Links {
    /// Links two rows unless one of them has a surer partner on the other's card.
    fn take(&mut self, weighing: &Weighing<'_>, pair: Scored) -> bool {
        let cards = (weighing.records.card(pair.one), weighing.records.card(pair.other));
        if !self.is_free(pair.one, cards.1, pair.other) || !self.is_free(pair.other, cards.0, pair.one) {
            return false;
        }
        if cards.0 != 0 && cards.1 != 0 {
            self.partners.entry(pair_key(pair.one, cards.1)).or_insert(pair.other);
            self.partners.entry(pair_key(pair.other, cards.0)).or_insert(pair.one);
        }
        self.taken.push(pair);
        true
    }

    /// Whether a row may be linked with this row of that card.
    fn is_free(&self, row: u32, card: u32, with: u32) -> bool {
        self.partners.get(&pair_key(row, card)).is_none_or(|partner| {
            let (low, high) = ((*partner).min(with), (*partner).max(with));
            self.twice.contains(&pair_key(low, high))
        })
    }

    /// Whether two rows of one card are one person typed twice.
    #[must_use]
    pub fn is_typed_twice(&self, one: u32, other: u32) -> bool {
        self.twice.contains(&pair_key(one.min(other), one.max(other)))
    }

    /// Looks again at the rows of cards that are linked already: their partners are likely there.
    fn take_by_context(&mut self, weighing: &Weighing<'_>, decision: &Decision) {
        let rows = rows_by_card(weighing.records);
        let mut more = Vec::new();
        for (one_card, other_card) in self.linked_cards(weighing) {
            let members = |card: u32| rows.get(at(card)).map(Vec::as_slice).unwrap_or_default();
            for one in members(one_card).iter().filter(|row| !self.partners.contains_key(&pair_key(**row, other_card)))
            {
                let free = members(other_card).iter();
                for other in free.filter(|row| !self.partners.contains_key(&pair_key(**row, one_card))) {
                    let bits = weighing.bits(*one, *other);
                    if bits.kin >= decision.context_bits
                        && bits.all >= decision.context_floor
                        && !weighing.comparing.are_known_apart(weighing.records, *one, *other)
                    {
                        more.push(Scored { one: *one.min(other), other: *one.max(other), bits });
                    }
                }
            }
        }
        more.sort_by(|one, other| other.bits.kin.total_cmp(&one.bits.kin).then(surest_first(one, other)));
        for pair in more {
            self.take(weighing, pair);
        }
    }

    /// The pairs of cards that a link joins, each once.
    #[must_use]
    pub fn linked_cards(&self, weighing: &Weighing<'_>) -> Vec<(u32, u32)> {
        let cards = |pair: &Scored| {
            let (one, other) = (weighing.records.card(pair.one), weighing.records.card(pair.other));
            (one != other && one != 0 && other != 0).then_some((one.min(other), one.max(other)))
        };
        let mut linked: Vec<(u32, u32)> = self.taken.iter().filter_map(cards).collect();
        linked.sort_unstable();
        linked.dedup();
        linked
    }
}

/// The rows of each card.
#[must_use]
pub(super) fn rows_by_card(records: &Records) -> Vec<Vec<u32>> {
    let mut rows = vec![Vec::new(); records.card_names.len()];
    for row in 0..records.count() {
        let card = records.card(row);
        if let Some(rows) = rows.get_mut(at(card)).filter(|_| card != 0) {
            rows.push(row);
        }
    }
    rows
}
