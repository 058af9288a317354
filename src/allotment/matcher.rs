//! The run: every slot in its order, each served if room can be made for it.

use super::board::{Board, Way};
use super::columns::{Column, at, count};
use super::instance::{Instance, Key, Policy, part};
use super::search::{CLOSED, Search};

/// A turn of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Turn, 1 first; what the family got elsewhere counts.
    pub turn: u32,
    /// Place of the family in the order, 1 first.
    pub position: u32,
}

/// Portions of a line for a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Place of the family among those of the instance.
    pub family: u32,
    /// Place of the need.
    pub need: u32,
    /// Place of the line.
    pub line: u32,
    /// How many portions.
    pub portions: u32,
}

/// A run, and what it can be changed to.
#[derive(Debug, Clone)]
pub struct Matcher {
    pub(super) policy: Policy,
    pub(super) board: Board,
    pub(super) search: Search,
    /// Families by their place in the order.
    pub(super) order: Vec<u32>,
    pub(super) keys: Vec<Key>,
    pub(super) aided: Column<u32>,
    pub(super) taken: Column<u32>,
    /// Places in the instance, of what the board numbers anew.
    pub(super) family_rows: Column<u32>,
    pub(super) need_rows: Column<u32>,
    pub(super) line_rows: Column<u32>,
    pub(super) rows: Rows,
}

/// How many rows of each kind there were.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) families: u32,
    pub(super) needs: u32,
    pub(super) lines: u32,
}

impl Matcher {
    /// Serves the slots of an instance.
    #[must_use]
    pub fn run(instance: &Instance) -> Self {
        let mut matcher = Self::empty(instance);
        matcher.add_lines(instance);
        matcher.add_families(instance);
        matcher.search.measure(&mut matcher.board);
        matcher.serve_up_to(u32::MAX);
        matcher
    }

    fn empty(instance: &Instance) -> Self {
        let sizes = (instance.families.len(), instance.needs.len());
        let mut board = Board::new(instance.kinds, instance.places, sizes);
        Self {
            policy: instance.policy.clone(),
            search: Search::new(&mut board, Way::ToFree),
            board,
            order: Vec::with_capacity(sizes.0),
            keys: Vec::with_capacity(sizes.0),
            aided: Column::with_room(sizes.0),
            taken: Column::with_room(sizes.0),
            family_rows: Column::with_room(sizes.0),
            need_rows: Column::with_room(sizes.1),
            line_rows: Column::default(),
            rows: Rows {
                families: count(instance.families.len()),
                needs: count(instance.needs.len()),
                lines: count(instance.lines.len()),
            },
        }
    }

    fn add_lines(&mut self, instance: &Instance) {
        for row in instance.lines_in_order() {
            if let Some(line) = instance.lines.get(at(row)) {
                self.board.add_line(line.kind, line.portions, &line.places);
                self.line_rows.push(row);
            }
        }
    }

    fn add_families(&mut self, instance: &Instance) {
        let needs = instance.needs_by_family();
        for ((key, row), number) in instance.in_order().into_iter().zip(0_u32..) {
            let Some(family) = instance.families.get(at(row)) else { continue };
            for need_row in needs.of(row) {
                if let Some(need) = instance.needs.get(at(*need_row))
                    && let Some(class) = self.board.class_at(family.place, need.kind)
                {
                    self.board.add_need(class, need.portions);
                    self.need_rows.push(*need_row);
                }
            }
            self.board.end_family();
            self.order.push(number);
            self.keys.push(key);
            self.aided.push(family.aided);
            self.taken.push(0);
            self.family_rows.push(row);
        }
    }

    /// All slots in their order, each with its number, 0 first.
    pub(super) fn in_order(&self) -> impl DoubleEndedIterator<Item = (u64, Slot)> + use<> {
        let (families, is_turn_by_turn) = (count(self.order.len()), self.policy.is_turn_by_turn);
        let (outers, inners) = if is_turn_by_turn { (self.policy.cap, families) } else { (families, self.policy.cap) };
        (0..outers).flat_map(move |outer| {
            (0..inners).map(move |inner| {
                let (turn, position) = if is_turn_by_turn { (outer + 1, inner + 1) } else { (inner + 1, outer + 1) };
                (u64::from(outer) * u64::from(inners) + u64::from(inner), Slot { turn, position })
            })
        })
    }

    /// The slot at a place in the order of slots, 0 first.
    pub(super) fn slot(&self, number: u64) -> Slot {
        let by = if self.policy.is_turn_by_turn { count(self.order.len()) } else { self.policy.cap };
        let (outer, inner) = (number / u64::from(by.max(1)), number % u64::from(by.max(1)));
        let narrow = |wide: u64| u32::try_from(wide).unwrap_or(u32::MAX).saturating_add(1);
        let (turn, position) = if self.policy.is_turn_by_turn { (outer, inner) } else { (inner, outer) };
        Slot { turn: narrow(turn), position: narrow(position) }
    }

    /// The family of a slot.
    pub(super) fn family_at(&self, slot: Slot) -> u32 {
        self.order.get(at(slot.position - 1)).copied().unwrap_or_default()
    }

    /// Turns that a family had, elsewhere or here.
    pub(super) fn turns(&self, family: u32) -> u32 {
        self.aided.at(family) + self.taken.at(family)
    }

    /// Serves what can be served, so many slots in their order; what is served stays so.
    pub(super) fn serve_up_to(&mut self, most: u32) {
        let mut left = most;
        for (_, slot) in self.in_order() {
            if left == 0 {
                return;
            }
            let family = self.family_at(slot);
            if self.turns(family) + 1 == slot.turn && self.serve(family) {
                left -= 1;
            }
        }
    }

    /// Makes room for one portion of a family, by the need that is nearest to one.
    pub(super) fn serve(&mut self, family: u32) -> bool {
        loop {
            let open = self.board.needs(family).filter(|need| self.board.room(*need) > 0);
            let nearest = open.map(|need| (self.search.label(self.board.class_of(need)), need)).min();
            let Some((label, need)) = nearest else { return false };
            if label == CLOSED {
                return false;
            }
            let class = self.board.class_of(need);
            if self.search.walk(&mut self.board, class) {
                self.board.grant(need);
                self.taken.raise(family);
                return true;
            }
        }
    }

    /// Slots that are served, in their order.
    #[must_use]
    pub fn served(&self) -> Vec<Slot> {
        let slots = self.in_order().map(|(_, slot)| slot);
        let is_served = |slot: &Slot| {
            let family = self.family_at(*slot);
            slot.turn > self.aided.at(family) && slot.turn <= self.turns(family)
        };
        slots.filter(is_served).collect()
    }

    /// Who gets what of which line, by the order of families; within a class the earlier family from the earlier
    /// line.
    #[must_use]
    pub fn grants(&self) -> Vec<Grant> {
        let mut next: Column<(u32, u32)> = Column::of(self.board.classes());
        let mut grants = Vec::new();
        for family in &self.order {
            for need in self.board.needs(*family) {
                let (mut index, mut used) = next.at(self.board.class_of(need));
                let mut open = self.board.granted(need);
                while let (true, Some(arc)) =
                    (open > 0, self.board.arcs(self.board.class_of(need)).get(at(index)).copied())
                {
                    let (line, _, flow) = self.board.arc(arc);
                    let portions = open.min(flow - used);
                    if portions == 0 {
                        (index, used) = (index + 1, 0);
                        continue;
                    }
                    grants.push(Grant {
                        family: self.family_rows.at(*family),
                        need: self.need_rows.at(need),
                        line: self.line_rows.at(line),
                        portions,
                    });
                    (open, used) = (open - portions, used + portions);
                }
                next.put(self.board.class_of(need), (index, used));
            }
        }
        grants
    }

    /// Lots of the families, in their order.
    pub fn lots(&self) -> impl Iterator<Item = u32> + '_ {
        self.order.iter().map(|family| self.keys.get(at(*family)).map_or(0, |key| part(key, 0)))
    }

    /// Place of each family of the instance in the order, 1 first.
    #[must_use]
    pub fn positions(&self) -> Vec<u32> {
        let mut positions = vec![0; at(self.rows.families)];
        for (family, position) in self.order.iter().zip(1_u32..) {
            if let Some(cell) = positions.get_mut(at(self.family_rows.at(*family))) {
                *cell = position;
            }
        }
        positions
    }
}
