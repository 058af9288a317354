//! What a command that was acknowledged changes.

use serde_json::Value;

use super::ask::{Ask, Back, Step, Who};
use super::book::{Allocation, Book, Handover, Need, NeedStatus};
use super::pledge::{Decision, Kind, Line, Place, Pledge, Status, Terms};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn ids(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// Most of the kind that one family can need.
const FAMILY_MOST: i64 = 5;

impl Book {
    pub(super) fn take(&mut self, ask: &Ask, status: u16, told: &Value) {
        let id = text(&told["id"]);
        match &ask.step {
            Step::Draft(lines) => self.drafted(&id, lines, told),
            Step::Submit(pledge) => self.became(*pledge, Status::Submitted),
            Step::Withdraw(pledge) => self.became(*pledge, Status::Withdrawn),
            Step::Return(pledge) => self.became(*pledge, Status::Draft),
            Step::Reject(pledge) => self.became(*pledge, Status::Rejected),
            Step::Accept(pledge) => self.accepted(*pledge, ask.who),
            Step::Receive { pledge, line, quantity, .. } => self.received((*pledge, *line), *quantity, told),
            Step::Need { family, quantity } => self.needs.push(Need {
                id: id.clone(),
                family: *family,
                quantity: *quantity,
                met: 0,
                status: NeedStatus::Open,
            }),
            Step::Allocate { pledge, line, need, quantity } => {
                self.allocated((*pledge, *line), *need, *quantity, (ask.who, &id));
            }
            Step::Deliver { allocation, quantity } => {
                self.delivered(*allocation, *quantity);
                let handover = Handover { id: id.clone(), by: ask.who, kept: *quantity };
                self.allocations[*allocation].handovers.push(handover);
            }
            Step::Release(allocation) => self.released(*allocation),
            Step::TakeBack(allocation, back) => self.taken_back(*allocation, *back, &text(&told["loss_transfer_id"])),
            Step::Propose { pledge, kind, line, quantity, moved } => {
                let former = self.pledges[*pledge].lines[*line].quantity;
                let terms = Terms { line: *line, quantity: *quantity, former, moved: *moved };
                self.proposed(
                    *pledge,
                    Decision { id: id.clone(), kind: *kind, by: ask.who, terms, is_over: false },
                    told,
                );
            }
            Step::Agree { pledge, decision } => {
                self.pledges[*pledge].decisions[*decision].is_over = true;
                let agreed = self.pledges[*pledge].decisions[*decision].clone();
                self.pledges[*pledge].decided(agreed.kind, agreed.terms, &ids(&told["transfer_ids"]));
            }
            Step::Refuse { pledge, decision } => self.pledges[*pledge].decisions[*decision].is_over = true,
            Step::Pack(pledge) => self.pledges[*pledge].is_told = true,
        }
        self.compare(ask, told);
        // The same evidence again is no new one.
        if !(matches!(ask.step, Step::Pack(_)) && status == 200) {
            let acknowledged = self.acknowledged.entry(ask.step.operation()).or_default();
            acknowledged.push(id);
            acknowledged.extend(told["surplus"]["id"].as_str().map(ToOwned::to_owned));
        }
    }

    /// What an answer tells of the pledge must be so.
    fn compare(&mut self, ask: &Ask, told: &Value) {
        let (Step::Submit(pledge)
        | Step::Withdraw(pledge)
        | Step::Return(pledge)
        | Step::Reject(pledge)
        | Step::Accept(pledge)) = &ask.step
        else {
            return;
        };
        let pledge = &self.pledges[*pledge];
        if told["status"] != pledge.status.name() || told["version"] != pledge.version {
            let (status, version) = (pledge.status.name(), pledge.version);
            self.differences.push(format!("{}: {status} {version} expected, {told}", ask.path));
        }
    }

    fn drafted(&mut self, id: &str, lines: &[(i64, bool)], told: &Value) {
        let line = |(at, (quantity, is_late)): (usize, &(i64, bool))| Line {
            is_late: *is_late,
            ..Line::new(text(&told["lines"][at]["id"]), *quantity)
        };
        self.live.push(self.pledges.len());
        self.pledges.push(Pledge {
            id: id.to_owned(),
            status: Status::Draft,
            version: 1,
            first: None,
            lines: lines.iter().enumerate().map(line).collect(),
            moved: Vec::new(),
            decisions: Vec::new(),
            is_told: false,
            is_common: false,
        });
    }

    fn became(&mut self, pledge: usize, status: Status) {
        let pledge = &mut self.pledges[pledge];
        pledge.status = status;
        pledge.version += 1;
        pledge.first = None;
    }

    fn accepted(&mut self, pledge: usize, who: Who) {
        let pledge = &mut self.pledges[pledge];
        pledge.version += 1;
        if pledge.first.is_none() {
            pledge.first = Some(who);
            return;
        }
        pledge.status = Status::Committed;
        for line in &mut pledge.lines {
            line.balances[Place::Outstanding as usize] = line.quantity;
        }
    }

    fn received(&mut self, (pledge, line): (usize, usize), quantity: i64, told: &Value) {
        let pledge = &mut self.pledges[pledge];
        let into_stock = (Place::Outstanding, Place::Free);
        let due = if pledge.is_common { quantity } else { quantity.min(pledge.lines[line].at(Place::Outstanding)) };
        if due > 0 {
            pledge.shift_as(&text(&told["transfer_id"]), line, into_stock, due);
        }
        let left = if due > 0 { pledge.lines[line].at(Place::Outstanding).to_string() } else { "0".to_owned() };
        if quantity > due {
            let receipt = if due > 0 { &told["surplus"] } else { told };
            let mut extra = Line::new(text(&receipt["pledge_line_id"]), quantity - due);
            extra.surplus = Some(quantity - due);
            extra.balances[Place::Outstanding as usize] = quantity - due;
            pledge.lines.push(extra);
            pledge.shift_as(&text(&receipt["transfer_id"]), pledge.lines.len() - 1, into_stock, quantity - due);
            pledge.version += 1;
        }
        if !pledge.is_common && told["outstanding"] != left.as_str() {
            self.differences.push(format!("receipt {}: outstanding {left} expected, {told}", told["id"]));
        }
    }

    fn allocated(&mut self, (pledge, line): (usize, usize), at: usize, quantity: i64, (by, id): (Who, &str)) {
        self.pledges[pledge].shift(line, (Place::Free, Place::Reserved), quantity);
        let need = &mut self.needs[at];
        need.met += quantity;
        if need.met == need.quantity {
            need.status = NeedStatus::Met;
        }
        self.allocations.push(Allocation {
            id: id.to_owned(),
            pledge,
            line,
            need: at,
            quantity,
            delivered: 0,
            handovers: Vec::new(),
            by,
            is_reserved: true,
        });
    }

    fn delivered(&mut self, at: usize, quantity: i64) {
        let allocation = &mut self.allocations[at];
        allocation.delivered += quantity;
        allocation.is_reserved = allocation.delivered < allocation.quantity;
        let (pledge, line) = (allocation.pledge, allocation.line);
        self.pledges[pledge].shift(line, (Place::Reserved, Place::Delivered), quantity);
    }

    fn released(&mut self, at: usize) {
        let allocation = &mut self.allocations[at];
        allocation.is_reserved = false;
        let (pledge, line, left) = (allocation.pledge, allocation.line, allocation.quantity - allocation.delivered);
        let need = allocation.need;
        self.pledges[pledge].shift(line, (Place::Reserved, Place::Free), left);
        self.unmet_again(need, left);
    }

    fn unmet_again(&mut self, need: usize, quantity: i64) {
        let has_newer = self.has_open_need(self.needs[need].family);
        let need = &mut self.needs[need];
        need.met -= quantity;
        if need.status == NeedStatus::Met {
            need.status = if has_newer { NeedStatus::Withdrawn } else { NeedStatus::Open };
        }
    }

    /// What came back broken is lost by a transfer of its own, which a correction may name.
    fn taken_back(&mut self, at: usize, back: Back, loss: &str) {
        let allocation = &mut self.allocations[at];
        if let Some(handover) = back.handover {
            allocation.handovers[handover].kept -= back.quantity;
        }
        let (pledge, line, need) = (allocation.pledge, allocation.line, allocation.need);
        self.pledges[pledge].shift(line, (Place::Delivered, Place::Free), back.quantity);
        if !back.is_usable {
            self.pledges[pledge].shift_as(loss, line, (Place::Free, Place::Lost), back.quantity);
        }
        if back.is_still_needed {
            self.needed_again(need, back.quantity);
        }
    }

    /// Open by as much; where the family has a newer open need, that one grows.
    fn needed_again(&mut self, at: usize, quantity: i64) {
        let family = self.needs[at].family;
        let is_newer =
            |(place, one): (usize, &Need)| place != at && one.family == family && one.status == NeedStatus::Open;
        let newer = self.needs.iter().enumerate().position(is_newer);
        if let Some(newer) = newer {
            let newer = &mut self.needs[newer];
            newer.quantity = (newer.quantity + quantity).min(newer.met + FAMILY_MOST);
        }
        let need = &mut self.needs[at];
        if need.status == NeedStatus::Withdrawn && newer.is_none() {
            need.quantity = need.met;
        }
        need.met -= quantity;
        need.status = if newer.is_some() { NeedStatus::Withdrawn } else { NeedStatus::Open };
    }

    fn proposed(&mut self, pledge: usize, decision: Decision, told: &Value) {
        let pledge = &mut self.pledges[pledge];
        if matches!(decision.kind, Kind::Cancel | Kind::Close) {
            pledge.decided(decision.kind, decision.terms, &ids(&told["transfer_ids"]));
        } else {
            pledge.decisions.push(decision);
        }
    }
}

impl Pledge {
    /// Lets a decision take effect, with the transfers that it posted.
    fn decided(&mut self, kind: Kind, terms: Terms, transfers: &[String]) {
        self.version += 1;
        match kind {
            Kind::Amend => {
                let line = &mut self.lines[terms.line];
                line.balances[Place::Outstanding as usize] += terms.quantity - line.quantity;
                self.is_told = self.is_told && line.quantity == terms.quantity;
                line.quantity = terms.quantity;
            }
            Kind::Cancel => self.leaves(Place::Cancelled, transfers),
            Kind::WriteOff => self.leaves(Place::WrittenOff, transfers),
            Kind::Refund => self.shift_as(&transfers[0], terms.line, (Place::Free, Place::Returned), terms.quantity),
            Kind::Lose => self.shift_as(&transfers[0], terms.line, (Place::Free, Place::Lost), terms.quantity),
            Kind::Reallocate => self.reallocated(terms),
            Kind::Correct => self.corrected(terms.moved),
            Kind::Close => {
                self.status = Status::Closed;
                // What waits for a second person does not outlive the pledge.
                for decision in &mut self.decisions {
                    decision.is_over = true;
                }
            }
            Kind::Reopen => self.status = Status::Committed,
        }
    }

    /// All that is outstanding goes, line by line.
    fn leaves(&mut self, to: Place, transfers: &[String]) {
        self.status = Status::Closing;
        let mut transfers = transfers.iter();
        for line in 0..self.lines.len() {
            let left = self.lines[line].at(Place::Outstanding);
            if left > 0 {
                let id = transfers.next().cloned().unwrap_or_default();
                self.shift_as(&id, line, (Place::Outstanding, to), left);
            }
        }
    }

    /// What goes over is a line of its own, which the decision does not name.
    fn reallocated(&mut self, terms: Terms) {
        let mut new = Line::new(String::new(), terms.quantity);
        new.balances[Place::Free as usize] = terms.quantity;
        let old = &mut self.lines[terms.line];
        old.quantity -= terms.quantity;
        old.balances[Place::Free as usize] -= terms.quantity;
        self.lines.push(new);
        self.is_told = false;
    }

    fn corrected(&mut self, at: usize) {
        let moved = &mut self.moved[at];
        moved.is_corrected = true;
        let (line, from, to, quantity) = (moved.line, moved.from, moved.to, moved.quantity);
        self.shift(line, (to, from), quantity);
        let line = &mut self.lines[line];
        if from == Place::Outstanding && to == Place::Free && line.surplus == Some(quantity) {
            line.surplus = None;
            line.quantity -= quantity;
            line.balances[Place::Outstanding as usize] -= quantity;
        } else if from == Place::Outstanding {
            self.status = Status::Committed;
        }
    }
}
