//! Shortest walks over the board, by labels that only ever grow.
//!
//! A label is at most the number of steps that are left; it is raised when a walk is stuck. Where no node has a
//! label, those above it can never arrive again: they are closed, and nobody looks at them any more. Once raising has
//! cost as much as measuring all labels anew, that is done.

use super::board::{Board, Step, Way};
use super::columns::{Column, at, count};

/// Label of a node from which no walk arrives.
pub(super) const CLOSED: u32 = u32::MAX;

/// Labels of all nodes for one way.
#[derive(Debug, Clone)]
pub(super) struct Search {
    way: Way,
    labels: Column<u32>,
    cursors: Column<u32>,
    holders: Column<u32>,
    path: Vec<(u32, Step)>,
    /// Steps looked at while raising, and how many there are in all.
    looked: u64,
    steps: u64,
}

impl Search {
    /// Labels as they are now.
    pub(super) fn new(board: &mut Board, way: Way) -> Self {
        let mut search = Self {
            way,
            labels: Column::default(),
            cursors: Column::default(),
            holders: Column::default(),
            path: Vec::new(),
            looked: 0,
            steps: 0,
        };
        search.measure(board);
        search
    }

    /// Label of a node.
    pub(super) fn label(&self, node: u32) -> u32 {
        self.labels.at(node)
    }

    /// Measures all walks anew, from their ends on.
    pub(super) fn measure(&mut self, board: &mut Board) {
        let nodes = board.nodes();
        self.looked = 0;
        self.steps = (0..nodes).map(|node| u64::from(board.degree(node))).sum();
        self.labels.reset(nodes, CLOSED);
        self.cursors.reset(nodes, 0);
        self.holders.reset(nodes + 3, 0);
        let mut reached: Vec<u32> = (0..nodes).filter(|node| board.is_end(*node, self.way)).collect();
        for node in &reached {
            self.labels.put(*node, 1);
        }
        let mut next = 0;
        while let Some(node) = reached.get(next).copied() {
            next += 1;
            let label = self.labels.at(node);
            self.holders.raise(label);
            for index in 0..board.degree(node) {
                let before = board.target(node, index);
                if self.labels.at(before) == CLOSED && board.step(node, index, self.way.turned()).is_some() {
                    self.labels.put(before, label + 1);
                    reached.push(before);
                }
            }
        }
    }

    /// Walks from a class to an end and does the steps. False where labels were raised or measured instead: another
    /// start may be nearer now, or none.
    pub(super) fn walk(&mut self, board: &mut Board, start: u32) -> bool {
        if self.looked > self.steps {
            self.measure(board);
            return false;
        }
        self.path.clear();
        let mut node = start;
        loop {
            if board.is_end(node, self.way) {
                self.finish(board, node);
                return true;
            }
            if let Some((next, step)) = self.advance(board, node) {
                self.path.push((node, step));
                node = next;
                continue;
            }
            self.raise(board, node);
            match self.path.pop() {
                Some((before, _)) => node = before,
                None => return false,
            }
        }
    }

    fn finish(&mut self, board: &mut Board, end: u32) {
        for (_, step) in self.path.drain(..) {
            board.apply(step);
        }
        board.settle(end);
    }

    /// The next step that leads one nearer.
    fn advance(&mut self, board: &mut Board, node: u32) -> Option<(u32, Step)> {
        let label = self.labels.at(node);
        let degree = board.degree(node);
        let mut cursor = self.cursors.at(node);
        while label != CLOSED && cursor < degree {
            let next = board.target(node, cursor);
            if self.labels.at(next).wrapping_add(1) == label
                && let Some(step) = board.step(node, cursor, self.way)
            {
                self.cursors.put(node, cursor);
                return Some((next, step));
            }
            cursor += 1;
        }
        self.cursors.put(node, cursor);
        None
    }

    /// Raises the label of a node that is stuck.
    fn raise(&mut self, board: &mut Board, node: u32) {
        let old = self.labels.at(node);
        if old == CLOSED {
            return;
        }
        let mut lowest = CLOSED;
        self.looked += u64::from(board.degree(node));
        for index in 0..board.degree(node) {
            let label = self.labels.at(board.target(node, index));
            if label < lowest && board.step(node, index, self.way).is_some() {
                lowest = label;
            }
        }
        let new = lowest.saturating_add(1);
        self.holders.lower(old);
        self.labels.put(node, new);
        self.cursors.put(node, 0);
        if new != CLOSED {
            self.holders.raise(new);
        }
        if self.holders.at(old) == 0 {
            self.close_above(old, count(at(board.nodes())));
        }
    }

    fn close_above(&mut self, gap: u32, nodes: u32) {
        for node in 0..nodes {
            let label = self.labels.at(node);
            if label > gap && label != CLOSED {
                self.holders.lower(label);
                self.labels.put(node, CLOSED);
            }
        }
    }
}
