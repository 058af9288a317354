//! Which command is next: mostly one that the pledge takes, sometimes any.

use super::ask::{Back, Step, Who};
use super::book::Book;
use super::pledge::{Kind, Place, Status};

/// Pledges that are worked on at a time.
const LIVE: usize = 4;
/// Most units of a line.
const UNITS: usize = 12;
/// Most units that a family needs.
const NEEDED: usize = 3;
/// The youngest allocations are those that something still happens to.
const YOUNGEST: usize = 24;

const OFFICERS: [Who; 2] = [Who::First, Who::Second];
const ALL: [Who; 3] = [Who::Company, Who::First, Who::Second];

/// Commands on a pledge, as often as they come.
const DRAFT: &str = "ssssssw";
const SUBMITTED: &str = "aaaaaaaaaanjw";
const COMMITTED: &str = "rrrrrAAAAAAddddddllbbcWWffoxxggggggmmpkv";
const CLOSING: &str = "AAddddllbffffoxgggggppkkkv";
const CLOSED: &str = "eegp";
const ANY: &str = "swanjrAdlbcWfoxgumpkev";

impl Book {
    pub(super) fn choose(&mut self) -> (Who, Step) {
        if self.draw.once_in(5) {
            return self.on_common();
        }
        self.retire();
        if self.live.len() < LIVE {
            return (Who::Company, self.drafts());
        }
        if self.draw.once_in(12) {
            let (family, quantity) = (self.draw.below(self.families.len()), self.units(NEEDED));
            return (Who::First, Step::Need { family, quantity });
        }
        let pledge = self.live[self.draw.below(self.live.len())];
        let letters = match self.pledges[pledge].status {
            _ if self.draw.once_in(10) => ANY,
            Status::Draft => DRAFT,
            Status::Submitted => SUBMITTED,
            Status::Committed => COMMITTED,
            Status::Closing => CLOSING,
            _ => CLOSED,
        };
        let letter = *self.draw.of(letters.as_bytes());
        self.on(pledge, char::from(letter))
    }

    /// Lets go of a pledge that is over.
    fn retire(&mut self) {
        let is_over = |status| matches!(status, Status::Closed | Status::Rejected | Status::Withdrawn);
        if self.draw.once_in(4) {
            let pledges = &self.pledges;
            if let Some(at) = self.live.iter().position(|pledge| is_over(pledges[*pledge].status)) {
                self.live.remove(at);
            }
        }
    }

    fn drafts(&mut self) -> Step {
        let count = 1 + self.draw.below(2);
        Step::Draft((0..count).map(|_| (self.units(UNITS), self.draw.once_in(3))).collect())
    }

    fn units(&mut self, most: usize) -> i64 {
        i64::try_from(1 + self.draw.below(most)).unwrap()
    }

    fn officer(&mut self) -> Who {
        *self.draw.of(&OFFICERS)
    }

    fn on_common(&mut self) -> (Who, Step) {
        match self.draw.below(9) {
            0 => {
                let quantity = self.units(NEEDED);
                (self.officer(), Step::Receive { pledge: 0, line: 0, quantity, is_surplus_taken: false })
            }
            1..=3 => self.allocate(0),
            4 | 5 => self.deliver(),
            6 => self.release(),
            7 => self.take_back(),
            _ => (*self.draw.of(&ALL), Step::Pack(0)),
        }
    }

    fn on(&mut self, pledge: usize, letter: char) -> (Who, Step) {
        let officer = self.officer();
        match letter {
            's' => (Who::Company, Step::Submit(pledge)),
            'w' => (Who::Company, Step::Withdraw(pledge)),
            'a' => (officer, Step::Accept(pledge)),
            'n' => (officer, Step::Return(pledge)),
            'j' => (officer, Step::Reject(pledge)),
            'r' => {
                let line = self.line(pledge);
                let quantity = self.some_of(pledge, line, Place::Outstanding);
                (officer, Step::Receive { pledge, line, quantity, is_surplus_taken: self.draw.once_in(8) })
            }
            'A' => self.allocate(pledge),
            'd' => self.deliver(),
            'l' => self.release(),
            'b' => self.take_back(),
            'g' | 'u' => self.decide(pledge, letter == 'g'),
            'p' => (*self.draw.of(&ALL), Step::Pack(pledge)),
            _ => self.propose(pledge, letter),
        }
    }

    fn line(&mut self, pledge: usize) -> usize {
        self.draw.below(self.pledges[pledge].lines.len())
    }

    /// Some of what stands in a place, all of it now and then, and sometimes more.
    fn some_of(&mut self, pledge: usize, line: usize, place: Place) -> i64 {
        let left = self.pledges[pledge].lines[line].at(place);
        if left > 0 && !self.draw.once_in(8) {
            return if self.draw.once_in(2) { left } else { self.units(usize::try_from(left).unwrap()) };
        }
        left.max(0) + self.units(2)
    }

    /// Whoever has an open need, mostly.
    fn allocate(&mut self, pledge: usize) -> (Who, Step) {
        let line = self.line(pledge);
        let open: Vec<usize> = (0..self.needs.len()).rev().take(64).filter(|at| self.unmet(*at) > 0).collect();
        let need = if open.is_empty() { self.needs.len() - 1 } else { *self.draw.of(&open) };
        let quantity = if self.draw.once_in(10) { self.unmet(need) + 1 } else { self.unmet(need).max(1) };
        (self.officer(), Step::Allocate { pledge, line, need, quantity })
    }

    fn unmet(&self, need: usize) -> i64 {
        self.needs[need].quantity - self.needs[need].met
    }

    fn allocation(&mut self) -> Option<usize> {
        let from = self.allocations.len().saturating_sub(YOUNGEST);
        let reserved: Vec<usize> =
            (from..self.allocations.len()).filter(|at| self.allocations[*at].is_reserved).collect();
        if reserved.is_empty() || self.draw.once_in(10) {
            return (!self.allocations.is_empty()).then(|| from + self.draw.below(self.allocations.len() - from));
        }
        Some(*self.draw.of(&reserved))
    }

    fn deliver(&mut self) -> (Who, Step) {
        let Some(allocation) = self.allocation() else { return self.allocate(0) };
        let left = self.allocations[allocation].quantity - self.allocations[allocation].delivered;
        let quantity = if self.draw.once_in(10) { left + 1 } else { self.units(usize::try_from(left.max(1)).unwrap()) };
        let other = if self.allocations[allocation].by == Who::First { Who::Second } else { Who::First };
        let who = if self.draw.once_in(8) { self.officer() } else { other };
        (who, Step::Deliver { allocation, quantity })
    }

    fn release(&mut self) -> (Who, Step) {
        match self.allocation() {
            Some(allocation) => (self.officer(), Step::Release(allocation)),
            None => self.allocate(0),
        }
    }

    /// Some of what a family has, mostly; now and then more, or of an allocation that nobody got.
    fn take_back(&mut self) -> (Who, Step) {
        let from = self.allocations.len().saturating_sub(YOUNGEST);
        let handed: Vec<usize> =
            (from..self.allocations.len()).filter(|at| !self.allocations[*at].handovers.is_empty()).collect();
        if handed.is_empty() || self.draw.once_in(12) {
            let Some(allocation) = self.allocation() else { return self.allocate(0) };
            let handover = self.allocations[allocation].handovers.len().checked_sub(1);
            return (self.officer(), self.back(allocation, handover));
        }
        let allocation = *self.draw.of(&handed);
        let handover = self.draw.below(self.allocations[allocation].handovers.len());
        let by = self.allocations[allocation].handovers[handover].by;
        let other = if by == Who::First { Who::Second } else { Who::First };
        let who = if self.draw.once_in(8) { by } else { other };
        (who, self.back(allocation, Some(handover)))
    }

    fn back(&mut self, allocation: usize, handover: Option<usize>) -> Step {
        let kept = handover.map_or(0, |at| self.allocations[allocation].handovers[at].kept);
        let most = usize::try_from(kept.max(1)).unwrap();
        let quantity = if self.draw.once_in(10) { kept + 1 } else { self.units(most) };
        let (is_usable, is_still_needed) = (!self.draw.once_in(3), self.draw.once_in(2));
        Step::TakeBack(allocation, Back { handover, quantity, is_usable, is_still_needed })
    }

    fn propose(&mut self, pledge: usize, letter: char) -> (Who, Step) {
        let line = self.line(pledge);
        let (kind, quantity) = match letter {
            'm' => (Kind::Amend, self.units(UNITS)),
            'c' => (Kind::Cancel, 0),
            'W' => (Kind::WriteOff, 0),
            'f' => (Kind::Refund, self.some_of(pledge, line, Place::Free)),
            'v' => (Kind::Reallocate, self.some_of(pledge, line, Place::Free)),
            'o' => (Kind::Lose, self.some_of(pledge, line, Place::Free)),
            'k' => (Kind::Close, 0),
            'e' => (Kind::Reopen, 0),
            _ if self.pledges[pledge].moved.is_empty() => (Kind::Cancel, 0),
            _ => (Kind::Correct, 0),
        };
        let moved = self.draw.below(self.pledges[pledge].moved.len());
        let who = match kind {
            Kind::Amend => Who::Company,
            Kind::Cancel => *self.draw.of(&ALL),
            _ if self.draw.once_in(12) => Who::Company,
            _ => self.officer(),
        };
        (who, Step::Propose { pledge, kind, line, quantity, moved })
    }

    fn decide(&mut self, pledge: usize, is_agreed: bool) -> (Who, Step) {
        let decisions = &self.pledges[pledge].decisions;
        let waiting: Vec<usize> = (0..decisions.len()).filter(|at| !decisions[*at].is_over).collect();
        if decisions.is_empty() {
            return self.propose(pledge, 'f');
        }
        let (any, is_any) = (self.draw.below(decisions.len()), self.draw.once_in(10));
        let decision = if waiting.is_empty() || is_any { any } else { *self.draw.of(&waiting) };
        let who = *self.draw.of(&[Who::First, Who::Second, Who::First, Who::Second, Who::Company]);
        if is_agreed && !self.draw.once_in(8) {
            (who, Step::Agree { pledge, decision })
        } else {
            (who, Step::Refuse { pledge, decision })
        }
    }
}
