//! What stands where: portions that flow from lines to classes, and the steps that can still change it.
//!
//! Nodes are classes (a kind at a place) and, after them, lines. A step from one node to another passes a wish for a
//! portion on: a class takes from a line; a line that is used up takes back from a class; a class moves one of its
//! families to another kind that this family needs.

use super::columns::{Column, at};

/// A family that can move: from the need it has a portion for to one with room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Move {
    from: u32,
    to: u32,
}

/// How a wish is passed on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// The class takes from the line of the arc.
    Take(u32),
    /// The line takes back from the class of the arc.
    Bump(u32),
    /// A family moves.
    Move(Move),
}

/// Which way the steps are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As wishes are passed on, until a line has a portion.
    ToFree,
    /// Against it, until a class lacks a portion that was taken away.
    ToLacking,
}

impl Way {
    /// The other one.
    pub(super) fn turned(self) -> Self {
        if self == Self::ToFree { Self::ToLacking } else { Self::ToFree }
    }
}

/// The state of a run.
#[derive(Debug, Clone)]
pub(super) struct Board {
    kinds: u32,
    classes: u32,
    kind_of: Column<u32>,
    free: Column<u32>,
    line_arcs: Vec<Vec<u32>>,
    class_arcs: Vec<Vec<u32>>,
    lacking: Column<u32>,
    arc_line: Column<u32>,
    arc_class: Column<u32>,
    flow: Column<u32>,
    need_class: Column<u32>,
    need_family: Column<u32>,
    room: Column<u32>,
    granted: Column<u32>,
    first_need: Column<u32>,
    moves: Vec<Vec<Move>>,
}

impl Board {
    /// An empty board.
    pub(super) fn new(kinds: u32, places: u32, (families, needs): (usize, usize)) -> Self {
        let classes = kinds * places;
        let mut kind_of = Column::with_room(at(classes));
        for class in 0..classes {
            kind_of.push(class % kinds.max(1));
        }
        let mut first_need = Column::with_room(families + 1);
        first_need.push(0);
        Self {
            kinds,
            classes,
            kind_of,
            free: Column::default(),
            line_arcs: Vec::new(),
            class_arcs: vec![Vec::new(); at(classes)],
            lacking: Column::of(classes),
            arc_line: Column::default(),
            arc_class: Column::default(),
            flow: Column::default(),
            need_class: Column::with_room(needs),
            need_family: Column::with_room(needs),
            room: Column::with_room(needs),
            granted: Column::with_room(needs),
            first_need,
            moves: vec![Vec::new(); at(classes * kinds)],
        }
    }

    /// Adds a line; answers its number among the lines.
    pub(super) fn add_line(&mut self, kind: u32, portions: u32, places: &[u32]) -> u32 {
        let line = self.free.push(portions);
        let mut classes: Vec<u32> = places.iter().filter_map(|place| self.class_at(*place, kind)).collect();
        classes.sort_unstable();
        classes.dedup();
        let mut arcs = Vec::with_capacity(classes.len());
        for class in classes {
            let arc = self.arc_line.push(line);
            self.arc_class.push(class);
            self.flow.push(0);
            arcs.push(arc);
            if let Some(of_class) = self.class_arcs.get_mut(at(class)) {
                of_class.push(arc);
            }
        }
        self.line_arcs.push(arcs);
        line
    }

    /// Adds a need to the family that is being added.
    pub(super) fn add_need(&mut self, class: u32, portions: u32) {
        self.need_class.push(class);
        self.need_family.push(self.first_need.len() - 1);
        self.room.push(portions);
        self.granted.push(0);
    }

    /// Ends the family whose needs were added.
    pub(super) fn end_family(&mut self) {
        self.first_need.push(self.need_class.len());
    }

    /// Classes come first among the nodes.
    pub(super) fn classes(&self) -> u32 {
        self.classes
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> u32 {
        self.free.len()
    }

    /// How many classes and lines there are.
    pub(super) fn nodes(&self) -> u32 {
        self.classes + self.free.len()
    }

    /// The class of a kind at a place, where both are there.
    pub(super) fn class_at(&self, place: u32, kind: u32) -> Option<u32> {
        let class = place.checked_mul(self.kinds)?.checked_add(kind)?;
        (kind < self.kinds && class < self.classes).then_some(class)
    }

    /// The kind of a class.
    pub(super) fn kind_of(&self, class: u32) -> u32 {
        self.kind_of.at(class)
    }

    /// The place of a class.
    pub(super) fn place_of(&self, class: u32) -> u32 {
        class / self.kinds.max(1)
    }

    /// The needs of a family.
    pub(super) fn needs(&self, family: u32) -> std::ops::Range<u32> {
        self.first_need.at(family)..self.first_need.at(family + 1)
    }

    /// The class of a need.
    pub(super) fn class_of(&self, need: u32) -> u32 {
        self.need_class.at(need)
    }

    /// Portions of a need that are not granted.
    pub(super) fn room(&self, need: u32) -> u32 {
        self.room.at(need)
    }

    /// Portions of a need that are granted.
    pub(super) fn granted(&self, need: u32) -> u32 {
        self.granted.at(need)
    }

    /// What a line has left.
    pub(super) fn free(&self, line: u32) -> u32 {
        self.free.at(line)
    }

    /// Sets what a line has left.
    pub(super) fn set_free(&mut self, line: u32, portions: u32) {
        self.free.put(line, portions);
    }

    /// Portions that a class lacks because they were taken away.
    pub(super) fn lacking(&self, class: u32) -> u32 {
        self.lacking.at(class)
    }

    /// Arcs of a line, or of a class.
    pub(super) fn arcs(&self, node: u32) -> &[u32] {
        let arcs = match node.checked_sub(self.classes) {
            Some(line) => self.line_arcs.get(at(line)),
            None => self.class_arcs.get(at(node)),
        };
        arcs.map(Vec::as_slice).unwrap_or_default()
    }

    /// The line, the class and the portions of an arc.
    pub(super) fn arc(&self, arc: u32) -> (u32, u32, u32) {
        (self.arc_line.at(arc), self.arc_class.at(arc), self.flow.at(arc))
    }

    /// How many steps there may be at a node.
    pub(super) fn degree(&self, node: u32) -> u32 {
        let arcs = u32::try_from(self.arcs(node).len()).unwrap_or(u32::MAX);
        if node < self.classes { arcs + self.kinds } else { arcs }
    }

    /// The node that a step leads to; it may not be possible now.
    pub(super) fn target(&self, node: u32, index: u32) -> u32 {
        let arcs = self.arcs(node);
        match arcs.get(at(index)) {
            Some(arc) if node < self.classes => self.classes + self.arc_line.at(*arc),
            Some(arc) => self.arc_class.at(*arc),
            None => node - self.kind_of.at(node) + index.saturating_sub(u32::try_from(arcs.len()).unwrap_or(u32::MAX)),
        }
    }

    /// The step itself, where it is possible now. Walked back, a step into the node.
    pub(super) fn step(&mut self, node: u32, index: u32, way: Way) -> Option<Step> {
        let is_class = node < self.classes;
        if let Some(arc) = self.arcs(node).get(at(index)).copied() {
            if is_class == (way == Way::ToFree) {
                return Some(Step::Take(arc));
            }
            return (self.flow.at(arc) > 0).then_some(Step::Bump(arc));
        }
        let sibling = self.target(node, index);
        let (from, to) = if way == Way::ToFree { (node, sibling) } else { (sibling, node) };
        self.movable(from, to).map(Step::Move)
    }

    /// A family that can move from one class to the other, the last that could.
    fn movable(&mut self, from: u32, to: u32) -> Option<Move> {
        let moves = self.moves.get_mut(at(from * self.kinds + self.kind_of.at(to)))?;
        while let Some(last) = moves.last().copied() {
            if self.granted.at(last.from) > 0 && self.room.at(last.to) > 0 {
                return Some(last);
            }
            moves.pop();
        }
        None
    }

    /// Does a step.
    pub(super) fn apply(&mut self, step: Step) {
        match step {
            Step::Take(arc) => self.flow.raise(arc),
            Step::Bump(arc) => self.flow.lower(arc),
            Step::Move(Move { from, to }) => {
                self.revoke(from);
                self.grant(to);
            }
        }
    }

    /// Notes a portion for a need; the class has it from a line.
    pub(super) fn grant(&mut self, need: u32) {
        let is_first = self.granted.at(need) == 0;
        self.granted.raise(need);
        self.room.lower(need);
        if is_first {
            for other in self.needs(self.need_family.at(need)) {
                if other != need && self.room.at(other) > 0 {
                    self.note_move(Move { from: need, to: other });
                }
            }
        }
    }

    /// Takes a portion from a need.
    pub(super) fn revoke(&mut self, need: u32) {
        let was_full = self.room.at(need) == 0;
        self.granted.lower(need);
        self.room.raise(need);
        if was_full {
            for other in self.needs(self.need_family.at(need)) {
                if other != need && self.granted.at(other) > 0 {
                    self.note_move(Move { from: other, to: need });
                }
            }
        }
    }

    /// A move is on its list whenever it is possible; it may be there when it is not.
    fn note_move(&mut self, noted: Move) {
        let (from, to) = (self.need_class.at(noted.from), self.need_class.at(noted.to));
        if let Some(moves) = self.moves.get_mut(at(from * self.kinds + self.kind_of.at(to))) {
            moves.push(noted);
        }
    }

    /// Whether the walk ends at a node.
    pub(super) fn is_end(&self, node: u32, way: Way) -> bool {
        match (way, node.checked_sub(self.classes)) {
            (Way::ToFree, Some(line)) => self.free.at(line) > 0,
            (Way::ToLacking, None) => self.lacking.at(node) > 0,
            _ => false,
        }
    }

    /// A portion less where a walk ended: free of the line, or lacking to the class.
    pub(super) fn settle(&mut self, node: u32) {
        match node.checked_sub(self.classes) {
            Some(line) => self.free.lower(line),
            None => self.lacking.lower(node),
        }
    }

    /// Notes that a class has one portion less than it granted.
    pub(super) fn lack(&mut self, class: u32) {
        self.lacking.raise(class);
    }

    /// Ends what a need can get.
    pub(super) fn drop_room(&mut self, need: u32) {
        self.room.put(need, 0);
    }

    /// Takes a portion back from the first class of a line that has one; the class lacks it now.
    pub(super) fn take_back(&mut self, line: u32) {
        let arcs = self.line_arcs.get(at(line)).map(Vec::as_slice).unwrap_or_default();
        if let Some(arc) = arcs.iter().copied().find(|arc| self.flow.at(*arc) > 0) {
            self.flow.lower(arc);
            self.lacking.raise(self.arc_class.at(arc));
        }
    }

    /// Gives a portion of a class back to the first of its lines that gave one.
    pub(super) fn give_back(&mut self, class: u32) {
        let arcs = self.class_arcs.get(at(class)).map(Vec::as_slice).unwrap_or_default();
        if let Some(arc) = arcs.iter().copied().find(|arc| self.flow.at(*arc) > 0) {
            self.flow.lower(arc);
            self.free.raise(self.arc_line.at(arc));
        }
    }
}
