//! A run after a change, without running all of it again.
//!
//! More to give, or one family less, takes nothing from anybody: what was refused is asked again in its order. Less to
//! give, or one family more, adds nobody else: the latest slots that can be spared are given up. The slots served are
//! those of a run from the beginning; which line serves whom may differ.

use super::board::Way;
use super::columns::{at, count};
use super::instance::{Family, Line, Lots};
use super::matcher::Matcher;
use super::search::{CLOSED, Search};

/// Portions of a kind that a new family needs.
#[derive(Debug, Clone, Copy)]
pub struct NewNeed {
    /// Number of the kind; each at most once.
    pub kind: u32,
    /// How many portions at most.
    pub portions: u32,
}

impl Matcher {
    /// Adds a line; answers its row.
    pub fn add_line(&mut self, line: &Line) -> u32 {
        let row = self.rows.lines;
        self.add_lines_at_once(std::slice::from_ref(line));
        row
    }

    /// Adds lines together; their rows follow those there are.
    pub fn add_lines_at_once(&mut self, lines: &[Line]) {
        for line in lines {
            self.board.add_line(line.kind, line.portions, &line.places);
            self.line_rows.push(self.rows.lines);
            self.rows.lines += 1;
        }
        self.serve_more(lines.iter().fold(0, |sum, line| sum.saturating_add(line.portions)));
    }

    /// Takes all of a line away, given or not.
    pub fn remove_line(&mut self, row: u32) {
        let Some(line) = (0..self.board.lines()).find(|line| self.line_rows.at(*line) == row) else { return };
        let arcs = self.board.arcs(self.board.classes() + line);
        let given: u32 = arcs.iter().map(|arc| self.board.arc(*arc).2).sum();
        self.board.set_free(line, 0);
        for _ in 0..given {
            self.board.take_back(line);
        }
        self.give_up();
    }

    /// Adds a family with what it needs; answers its row.
    pub fn add_family(&mut self, family: &Family, needs: &[NewNeed]) -> u32 {
        let key = Lots::new(&self.policy.seed).key(family);
        let number = count(self.keys.len());
        let row = self.rows.families;
        self.rows.families += 1;
        self.add_needs(family.place, needs);
        let position = self.order.partition_point(|other| self.keys.get(at(*other)) < Some(&key));
        self.order.insert(position, number);
        self.keys.push(key);
        self.aided.push(family.aided);
        self.taken.push(0);
        self.family_rows.push(row);
        self.search.measure(&mut self.board);
        while self.turns(number) < self.policy.cap && (self.serve(number) || self.displace(number)) {}
        row
    }

    fn add_needs(&mut self, place: u32, needs: &[NewNeed]) {
        for need in needs {
            let row = self.rows.needs;
            self.rows.needs += 1;
            if let Some(class) = self.board.class_at(place, need.kind).filter(|_| need.portions > 0) {
                self.board.add_need(class, need.portions);
                self.need_rows.push(row);
            }
        }
        self.board.end_family();
    }

    /// Serves a family what is not there, and gives up the latest slot that can be spared. False where it was its own.
    fn displace(&mut self, family: u32) -> bool {
        let Some(need) = self.board.needs(family).find(|need| self.board.room(*need) > 0) else { return false };
        let before = self.taken.at(family);
        self.board.grant(need);
        self.taken.raise(family);
        self.board.lack(self.board.class_of(need));
        self.give_up();
        self.taken.at(family) > before
    }

    /// Takes a family out, with what it got.
    pub fn remove_family(&mut self, row: u32) {
        let is_it = |family: &u32| self.family_rows.at(*family) == row;
        let Some(position) = self.order.iter().position(is_it) else { return };
        let family = self.order.remove(position);
        for need in self.board.needs(family) {
            for _ in 0..self.board.granted(need) {
                self.board.revoke(need);
                self.board.give_back(self.board.class_of(need));
            }
            self.board.drop_room(need);
        }
        let freed = self.taken.at(family);
        self.taken.put(family, 0);
        self.serve_more(freed);
    }

    /// No more slots can be served than portions became free.
    fn serve_more(&mut self, freed: u32) {
        self.search.measure(&mut self.board);
        self.serve_up_to(freed);
    }

    /// Fills what classes lack: from what is free, else by giving up slots, the latest first.
    fn give_up(&mut self) {
        self.search.measure(&mut self.board);
        for class in 0..self.board.classes() {
            while self.board.lacking(class) > 0 && self.search.label(class) != CLOSED {
                if self.search.walk(&mut self.board, class) {
                    self.board.settle(class);
                }
            }
        }
        let mut lacking: u32 = (0..self.board.classes()).map(|class| self.board.lacking(class)).sum();
        if lacking == 0 {
            return;
        }
        let mut search = Search::new(&mut self.board, Way::ToLacking);
        for (_, slot) in self.in_order().rev() {
            let family = self.family_at(slot);
            let is_last = self.taken.at(family) > 0 && self.turns(family) == slot.turn;
            if is_last && self.spare(&mut search, family) {
                lacking -= 1;
            }
            if lacking == 0 {
                break;
            }
        }
        self.search.measure(&mut self.board);
    }

    /// Takes one portion from a family where a class that lacks one can get it.
    fn spare(&mut self, search: &mut Search, family: u32) -> bool {
        loop {
            let held = self.board.needs(family).filter(|need| self.board.granted(*need) > 0);
            let nearest = held.map(|need| (search.label(self.board.class_of(need)), need)).min();
            let Some((label, need)) = nearest else { return false };
            if label == CLOSED {
                return false;
            }
            let class = self.board.class_of(need);
            if search.walk(&mut self.board, class) {
                self.board.revoke(need);
                self.taken.lower(family);
                return true;
            }
        }
    }
}
