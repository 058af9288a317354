//! Why a family got what it got, and no more: provable without running anything again.
//!
//! A *cut-off* of a line or class is the latest slot among those who hold a portion that it could be asked for; what
//! still leads to a free portion has none. Along every possible step the cut-off never grows. So all that lies at or
//! below one cut-off is closed: its lines are used up by its own classes, its families can move nowhere else, and each
//! of them comes before whoever is refused there. That is the whole proof that nobody refused could be served without
//! taking from somebody who goes before.

use super::board::Way;
use super::columns::{Column, at};
use super::matcher::{Matcher, Slot};
use super::search::CLOSED;

/// Why a family got no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It got all it needs.
    Satisfied,
    /// It has all the portions of a round of aid, here or elsewhere.
    CapReached,
    /// No line has anything of what it needs for its place.
    NoLine,
    /// Those who hold what it could get go before it.
    Outranked(Outranked),
}

/// The proof that a family is outranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outranked {
    /// The slot that was refused.
    pub own: Slot,
    /// The latest slot that holds what it could get; before its own.
    pub cut_off: Slot,
    /// Row of the need that came nearest.
    pub need: u32,
    /// Lines in the closed set, all used up.
    pub lines: u32,
    /// Classes in the closed set.
    pub classes: u32,
    /// Portions that they hold.
    pub portions: u32,
    /// So many portions more, of the kind and for the place of the need, are enough, whoever else waits. Told to who
    /// got nothing: who got something may be moved to what is added, and another one get what it had.
    pub enough: Option<u32>,
    /// Row of a line that would be enough if its earmark held the place too.
    pub wider_line: Option<u32>,
}

/// What became of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// Row of the family.
    pub family: u32,
    /// Its place in the order, 1 first.
    pub position: u32,
    /// Portions it got.
    pub granted: u32,
    /// Why no more.
    pub verdict: Verdict,
}

/// Cut-offs of a run, and what became of each family.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// By node: one more than the number of the slot; 0 where nobody holds anything or the node is open.
    cut_offs: Column<u64>,
    is_open: Vec<bool>,
    /// In the order of families.
    pub families: Vec<Certificate>,
}

/// What the classes and lines at or below a cut-off hold together.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    cut_off: u64,
    lines: u32,
    classes: u32,
    portions: u32,
}

impl Certificates {
    /// Certifies a run.
    #[must_use]
    pub fn of(matcher: &Matcher) -> Self {
        let mut matcher = matcher.clone();
        Self::take(&mut matcher)
    }

    /// Certifies a run in place; nothing of what it gave changes.
    pub fn take(matcher: &mut Matcher) -> Self {
        matcher.search.measure(&mut matcher.board);
        let nodes = matcher.board.nodes();
        let is_open = (0..nodes).map(|node| matcher.search.label(node) != CLOSED).collect();
        let mut certificates = Self { cut_offs: Column::of(nodes), is_open, families: Vec::new() };
        certificates.cut(matcher);
        certificates.judge(matcher);
        certificates
    }

    /// Whether a node still leads to a free portion.
    fn is_open(&self, node: u32) -> bool {
        self.is_open.get(at(node)).copied().unwrap_or_default()
    }

    /// The cut-off of a line, by its number on the board; `None` where it is open.
    pub(super) fn cut_off(&self, node: u32) -> Option<u64> {
        (!self.is_open(node)).then(|| self.cut_offs.at(node))
    }

    /// The latest holder marks all that leads to it, then the one before it what is left.
    fn cut(&mut self, matcher: &mut Matcher) {
        let mut reached = Vec::new();
        for (number, slot) in matcher.in_order().rev() {
            let family = matcher.family_at(slot);
            if matcher.taken.at(family) == 0 || matcher.turns(family) != slot.turn {
                continue;
            }
            for need in matcher.board.needs(family) {
                if matcher.board.granted(need) > 0 {
                    self.mark(matcher.board.class_of(need), number + 1, &mut reached);
                }
            }
            while let Some(node) = reached.pop() {
                for index in 0..matcher.board.degree(node) {
                    let before = matcher.board.target(node, index);
                    if self.cut_offs.at(before) == 0 && matcher.board.step(node, index, Way::ToLacking).is_some() {
                        self.mark(before, number + 1, &mut reached);
                    }
                }
            }
        }
    }

    fn mark(&mut self, node: u32, cut_off: u64, reached: &mut Vec<u32>) {
        if self.cut_offs.at(node) == 0 && !self.is_open(node) {
            self.cut_offs.put(node, cut_off);
            reached.push(node);
        }
    }

    /// Sums of the closed sets, the smallest first.
    fn sums(&self, matcher: &Matcher) -> Vec<Sum> {
        let board = &matcher.board;
        let mut closed: Vec<(u64, u32)> =
            (0..board.nodes()).map(|node| (self.cut_offs.at(node), node)).filter(|(cut_off, _)| *cut_off > 0).collect();
        closed.sort_unstable();
        let mut sums: Vec<Sum> = Vec::new();
        for (cut_off, node) in closed {
            let mut sum = Sum { cut_off, ..sums.last().copied().unwrap_or_default() };
            if node < board.classes() {
                sum.classes += 1;
            } else {
                sum.lines += 1;
                sum.portions += board.arcs(node).iter().map(|arc| board.arc(*arc).2).sum::<u32>();
            }
            sums.push(sum);
        }
        sums
    }

    fn judge(&mut self, matcher: &Matcher) {
        let sums = self.sums(matcher);
        let mut waiting = Waiting::new(self, matcher);
        let roomiest = roomiest_lines(matcher);
        let mut families = vec![None; matcher.order.len()];
        for (number, slot) in matcher.in_order() {
            let family = matcher.family_at(slot);
            let turn = matcher.turns(family) + 1;
            if slot.turn < turn {
                continue;
            }
            let room: u32 = matcher.board.needs(family).map(|need| matcher.board.room(need)).sum();
            if slot.turn - turn >= room {
                continue;
            }
            waiting.count(matcher, family, number);
            if slot.turn == turn
                && let Some(cell) = families.get_mut(at(slot.position - 1))
            {
                *cell = self.refused(matcher, (slot, family), &sums, (&waiting, &roomiest));
            }
        }
        let certificate = |((family, refused), position): ((&u32, Option<Outranked>), u32)| Certificate {
            family: matcher.family_rows.at(*family),
            position,
            granted: matcher.taken.at(*family),
            verdict: refused.map_or_else(|| Self::verdict(matcher, *family), Verdict::Outranked),
        };
        self.families = matcher.order.iter().zip(families).zip(1..).map(certificate).collect();
    }

    fn verdict(matcher: &Matcher, family: u32) -> Verdict {
        let mut needs = matcher.board.needs(family);
        if needs.is_empty() {
            return Verdict::NoLine;
        }
        if needs.all(|need| matcher.board.room(need) == 0) {
            return Verdict::Satisfied;
        }
        if matcher.turns(family) >= matcher.policy.cap { Verdict::CapReached } else { Verdict::NoLine }
    }

    fn refused(
        &self,
        matcher: &Matcher,
        (own, family): (Slot, u32),
        sums: &[Sum],
        (waiting, roomiest): (&Waiting, &Column<(u32, u32)>),
    ) -> Option<Outranked> {
        let board = &matcher.board;
        let open = board.needs(family).filter(|need| board.room(*need) > 0);
        let (cut_off, need) =
            open.map(|need| (self.cut_offs.at(board.class_of(need)), need)).max_by_key(|(cut_off, _)| *cut_off)?;
        let sum = sums.get(sums.partition_point(|sum| sum.cut_off <= cut_off).checked_sub(1)?)?;
        let enough = (matcher.taken.at(family) == 0).then(|| waiting.ahead(board.class_of(need)));
        let (free, line) = roomiest.at(board.kind_of(board.class_of(need)));
        Some(Outranked {
            own,
            cut_off: matcher.slot(cut_off.checked_sub(1)?),
            need: matcher.need_rows.at(need),
            lines: sum.lines,
            classes: sum.classes,
            portions: sum.portions,
            enough,
            wider_line: enough.filter(|enough| free >= *enough).map(|_| matcher.line_rows.at(line)),
        })
    }
}

/// By kind, the line that has most left.
fn roomiest_lines(matcher: &Matcher) -> Column<(u32, u32)> {
    let board = &matcher.board;
    let mut roomiest: Column<(u32, u32)> = Column::of(board.classes());
    for line in 0..board.lines() {
        let Some(arc) = board.arcs(board.classes() + line).first() else { continue };
        let kind = board.kind_of(board.arc(*arc).1);
        if board.free(line) > roomiest.at(kind).0 {
            roomiest.put(kind, (board.free(line), line));
        }
    }
    roomiest
}

/// How many wait for what hangs together.
struct Waiting {
    parents: Column<u32>,
    counts: Column<u32>,
    counted: Column<u64>,
}

impl Waiting {
    /// Closed classes and lines between which a wish can be passed on, either way, hang together.
    fn new(certificates: &Certificates, matcher: &Matcher) -> Self {
        let board = &matcher.board;
        let nodes = board.nodes();
        let mut parents = Column::with_room(at(nodes));
        for node in 0..nodes {
            parents.push(node);
        }
        let mut waiting = Self { parents, counts: Column::of(nodes), counted: Column::of(nodes) };
        for class in (0..board.classes()).filter(|class| !certificates.is_open(*class)) {
            for arc in board.arcs(class) {
                waiting.join(class, board.classes() + board.arc(*arc).0);
            }
        }
        for family in &matcher.order {
            let needs = board.needs(*family);
            for held in needs.clone().filter(|need| board.granted(*need) > 0) {
                for open in needs.clone().filter(|need| board.room(*need) > 0) {
                    waiting.join(board.class_of(held), board.class_of(open));
                }
            }
        }
        waiting
    }

    fn root(&self, node: u32) -> u32 {
        let mut node = node;
        while self.parents.at(node) != node {
            node = self.parents.at(node);
        }
        node
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.halved(one), self.halved(other));
        self.parents.put(one.max(other), one.min(other));
    }

    /// The root, the way to it made shorter.
    fn halved(&mut self, node: u32) -> u32 {
        let mut node = node;
        while self.parents.at(node) != node {
            let next = self.parents.at(self.parents.at(node));
            self.parents.put(node, next);
            node = next;
        }
        node
    }

    /// Counts a slot that is refused, once for each of what it waits for.
    fn count(&mut self, matcher: &Matcher, family: u32, number: u64) {
        for need in matcher.board.needs(family).filter(|need| matcher.board.room(*need) > 0) {
            let root = self.root(matcher.board.class_of(need));
            if self.counted.at(root) != number + 1 {
                self.counted.put(root, number + 1);
                self.counts.raise(root);
            }
        }
    }

    /// How many were counted that wait for what hangs together with a class.
    fn ahead(&self, class: u32) -> u32 {
        self.counts.at(self.root(class))
    }
}
