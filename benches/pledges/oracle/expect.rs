//! What must become of a command.

use super::ask::{Back, Expected, Step, Who};
use super::book::{Book, NeedStatus};
use super::pledge::{Decision, Kind, Place, Pledge, Status, Terms};

const DONE: Expected = Expected::Done;

fn refused(code: &'static str) -> Expected {
    Expected::Refused(code)
}

/// A refusal where it is one.
fn unless(is_so: bool, code: &'static str) -> Expected {
    if is_so { DONE } else { Expected::Refused(code) }
}

/// True where a decision of a kind can be taken in a state, by who proposes it.
fn takes(status: Status, kind: Kind, by: Who) -> bool {
    let is_company = by == Who::Company;
    match kind {
        Kind::Amend => status == Status::Committed && is_company,
        Kind::Cancel => status == Status::Committed,
        Kind::WriteOff => status == Status::Committed && !is_company,
        Kind::Refund | Kind::Reallocate | Kind::Lose | Kind::Correct | Kind::Close => {
            matches!(status, Status::Committed | Status::Closing) && !is_company
        }
        Kind::Reopen => status == Status::Closed && !is_company,
    }
}

fn is_working(status: Status) -> bool {
    matches!(status, Status::Committed | Status::Closing)
}

impl Book {
    pub(super) fn expected(&self, who: Who, step: &Step) -> Expected {
        let status = |pledge: &usize| self.pledges[*pledge].status;
        let when = |is_possible: bool| unless(is_possible, "command_not_possible");
        match step {
            Step::Draft(_) => DONE,
            Step::Submit(pledge) => when(status(pledge) == Status::Draft),
            Step::Withdraw(pledge) => when(matches!(status(pledge), Status::Draft | Status::Submitted)),
            Step::Accept(pledge) if self.pledges[*pledge].first == Some(who) && status(pledge) == Status::Submitted => {
                refused("second_person_needed")
            }
            Step::Accept(pledge) | Step::Return(pledge) | Step::Reject(pledge) => {
                when(status(pledge) == Status::Submitted)
            }
            Step::Receive { pledge, line, quantity, is_surplus_taken } => {
                self.receives((*pledge, *line), *quantity, *is_surplus_taken)
            }
            Step::Need { family, .. } => unless(!self.has_open_need(*family), "need_already_open"),
            Step::Allocate { pledge, line, need, quantity } => self.allocates((*pledge, *line), *need, *quantity),
            Step::Deliver { allocation, quantity } => self.delivers(who, *allocation, *quantity),
            Step::Release(allocation) => {
                let allocation = &self.allocations[*allocation];
                if is_working(status(&allocation.pledge)) {
                    unless(allocation.is_reserved, "allocation_not_reserved")
                } else {
                    refused("command_not_possible")
                }
            }
            Step::TakeBack(allocation, back) => self.takes_back(who, *allocation, *back),
            Step::Propose { pledge, kind, line, quantity, moved } => {
                let pledge = &self.pledges[*pledge];
                let former = pledge.lines[*line].quantity;
                pledge.proposes(who, *kind, Terms { line: *line, quantity: *quantity, former, moved: *moved })
            }
            Step::Agree { pledge, decision } => {
                let pledge = &self.pledges[*pledge];
                pledge.agrees(who, &pledge.decisions[*decision])
            }
            Step::Refuse { pledge, decision } => second_person(who, &self.pledges[*pledge].decisions[*decision]),
            Step::Pack(pledge) => when(is_working(status(pledge)) || status(pledge) == Status::Closed),
        }
    }

    pub(super) fn has_open_need(&self, family: usize) -> bool {
        self.needs.iter().any(|need| need.family == family && need.status == NeedStatus::Open)
    }

    fn receives(&self, (pledge, line): (usize, usize), quantity: i64, is_surplus_taken: bool) -> Expected {
        let pledge = &self.pledges[pledge];
        if pledge.status != Status::Committed {
            return refused("command_not_possible");
        }
        if is_surplus_taken {
            return DONE;
        }
        pledge.moves(line, Place::Outstanding, quantity)
    }

    fn allocates(&self, (pledge, line): (usize, usize), need: usize, quantity: i64) -> Expected {
        let (pledge, need) = (&self.pledges[pledge], &self.needs[need]);
        if !is_working(pledge.status) {
            return refused("command_not_possible");
        }
        if need.status != NeedStatus::Open {
            return refused("need_not_open");
        }
        if quantity > need.quantity - need.met {
            return refused("more_than_needed");
        }
        pledge.moves(line, Place::Free, quantity)
    }

    fn delivers(&self, who: Who, allocation: usize, quantity: i64) -> Expected {
        let allocation = &self.allocations[allocation];
        if !is_working(self.pledges[allocation.pledge].status) {
            return refused("command_not_possible");
        }
        if !allocation.is_reserved {
            return refused("allocation_not_reserved");
        }
        if allocation.by == who {
            return refused("second_person_needed");
        }
        unless(quantity <= allocation.quantity - allocation.delivered, "not_enough_left")
    }

    fn takes_back(&self, who: Who, allocation: usize, back: Back) -> Expected {
        let allocation = &self.allocations[allocation];
        if !is_working(self.pledges[allocation.pledge].status) {
            return refused("command_not_possible");
        }
        let Some(handover) = back.handover.map(|at| &allocation.handovers[at]) else {
            return refused("returned_more_than_given");
        };
        if handover.by == who {
            return refused("second_person_needed");
        }
        unless(back.quantity <= handover.kept, "returned_more_than_given")
    }
}

fn second_person(who: Who, decision: &Decision) -> Expected {
    if decision.is_over {
        return refused("pledge_decision_decided");
    }
    // Another earmark is what the company consents to.
    let is_side = (who == Who::Company) == (decision.kind == Kind::Reallocate);
    unless(is_side && who != decision.by, "second_person_needed")
}

impl Pledge {
    fn moves(&self, line: usize, from: Place, quantity: i64) -> Expected {
        if self.is_common {
            return Expected::DoneOr("not_enough_left");
        }
        unless(quantity <= self.lines[line].at(from), "not_enough_left")
    }

    fn proposes(&self, who: Who, kind: Kind, terms: Terms) -> Expected {
        if who == Who::Company && !matches!(kind, Kind::Amend | Kind::Cancel) {
            return refused("insufficient_scope");
        }
        if !takes(self.status, kind, who) {
            return refused("command_not_possible");
        }
        let line = &self.lines[terms.line];
        let told = match kind {
            Kind::Amend => unless(line.quantity - terms.quantity <= line.at(Place::Outstanding), "not_enough_left"),
            Kind::Refund | Kind::Reallocate | Kind::Lose => {
                unless(terms.quantity <= line.at(Place::Free), "not_enough_left")
            }
            Kind::Correct | Kind::Reopen => DONE,
            Kind::Cancel | Kind::WriteOff | Kind::Close => self.takes_effect(kind, terms),
        };
        let is_waiting = self.decisions.iter().any(|one| one.kind == kind && !one.is_over);
        if told == DONE && is_waiting { refused("pledge_decision_pending") } else { told }
    }

    fn agrees(&self, who: Who, decision: &Decision) -> Expected {
        let second = second_person(who, decision);
        if second != DONE {
            return second;
        }
        if !takes(self.status, decision.kind, decision.by) {
            return refused("command_not_possible");
        }
        self.takes_effect(decision.kind, decision.terms)
    }

    fn takes_effect(&self, kind: Kind, terms: Terms) -> Expected {
        let line = &self.lines[terms.line];
        match kind {
            Kind::Amend if terms.former != line.quantity => refused("pledge_decision_stale"),
            Kind::Amend => unless(line.quantity - terms.quantity <= line.at(Place::Outstanding), "not_enough_left"),
            Kind::WriteOff if !self.is_late() => refused("installment_not_overdue"),
            Kind::Cancel | Kind::WriteOff => unless(self.sum(Place::Outstanding) > 0, "not_enough_left"),
            Kind::Reallocate if terms.quantity > line.quantity => refused("pledge_decision_stale"),
            Kind::Refund | Kind::Reallocate | Kind::Lose => {
                unless(terms.quantity <= line.at(Place::Free), "not_enough_left")
            }
            Kind::Correct => {
                let moved = &self.moved[terms.moved];
                if moved.is_corrected {
                    return refused("transfer_corrected");
                }
                unless(moved.quantity <= self.lines[moved.line].at(moved.to), "not_enough_left")
            }
            Kind::Close if self.is_undone() => refused("pledge_not_done"),
            Kind::Close => unless(self.is_told, "evidence_incomplete"),
            Kind::Reopen => DONE,
        }
    }

    fn is_late(&self) -> bool {
        self.lines.iter().any(|line| line.is_late && line.at(Place::Outstanding) > 0)
    }

    fn is_undone(&self) -> bool {
        [Place::Outstanding, Place::Free, Place::Reserved].iter().any(|place| self.sum(*place) > 0)
    }
}
