//! All that one client knows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ask::{Ask, Expected, Who};
use super::pledge::{Line, Pledge, Status};
use crate::draw::Draw;

/// A family of the client, with its open need.
pub(crate) struct Family {
    pub(crate) id: String,
    pub(crate) need_id: String,
    pub(crate) need_quantity: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NeedStatus {
    Open,
    Met,
    Withdrawn,
}

pub(super) struct Need {
    pub(super) id: String,
    pub(super) family: usize,
    pub(super) quantity: i64,
    pub(super) met: i64,
    pub(super) status: NeedStatus,
}

pub(super) struct Allocation {
    pub(super) id: String,
    pub(super) pledge: usize,
    pub(super) line: usize,
    pub(super) need: usize,
    pub(super) quantity: i64,
    pub(super) delivered: i64,
    pub(super) handovers: Vec<Handover>,
    pub(super) by: Who,
    pub(super) is_reserved: bool,
}

/// What was handed over at once.
pub(super) struct Handover {
    pub(super) id: String,
    pub(super) by: Who,
    /// What the family still has of it.
    pub(super) kept: i64,
}

pub(crate) struct Book {
    pub(super) draw: Draw,
    pub(super) kind: String,
    pub(super) villages: Vec<String>,
    pub(super) families: Vec<Family>,
    pub(super) needs: Vec<Need>,
    /// The first is the common one.
    pub(super) pledges: Vec<Pledge>,
    /// Those that are worked on.
    pub(super) live: Vec<usize>,
    pub(super) allocations: Vec<Allocation>,
    /// Answers and figures that are not as they must be.
    pub(crate) differences: Vec<String>,
    /// Ids of what was acknowledged, by operation.
    pub(crate) acknowledged: BTreeMap<&'static str, Vec<String>>,
    /// Commands that were answered.
    pub(crate) answered: usize,
    /// Of them, those that were refused.
    pub(crate) refused: usize,
}

impl Book {
    /// The book of a client with families of its own, and its part of a common pledge: id and line.
    pub(crate) fn new(
        seed: u64,
        (kind, villages): (&str, &[String]),
        families: Vec<Family>,
        common: (&str, &str),
    ) -> Self {
        let need = |(family, one): (usize, &Family)| Need {
            id: one.need_id.clone(),
            family,
            quantity: one.need_quantity,
            met: 0,
            status: NeedStatus::Open,
        };
        let needs = families.iter().enumerate().map(need).collect();
        let line = Line::new(common.1.to_owned(), 0);
        let common = Pledge {
            id: common.0.to_owned(),
            status: Status::Committed,
            version: 0,
            first: None,
            lines: vec![line],
            moved: Vec::new(),
            decisions: Vec::new(),
            is_told: false,
            is_common: true,
        };
        Self {
            draw: Draw::new(seed),
            kind: kind.to_owned(),
            villages: villages.to_vec(),
            families,
            needs,
            pledges: vec![common],
            live: Vec::new(),
            allocations: Vec::new(),
            differences: Vec::new(),
            acknowledged: BTreeMap::new(),
            answered: 0,
            refused: 0,
        }
    }

    /// The next command, with what must become of it.
    pub(crate) fn next(&mut self) -> Ask {
        let (who, step) = self.choose();
        let expected = self.expected(who, &step);
        let (path, body) = self.request(&step);
        Ask { who, path, body, step, expected }
    }

    /// Takes an answer: compares it, and goes on from what the service did.
    pub(crate) fn heard(&mut self, ask: &Ask, status: u16, told: &Value) {
        self.answered += 1;
        let is_done = (200..300).contains(&status);
        let is_right = match ask.expected {
            Expected::Done => is_done,
            Expected::Refused(code) => !is_done && told["code"] == code,
            Expected::DoneOr(code) => is_done || told["code"] == code,
        };
        if !is_right {
            let asked = ask.step.operation();
            self.differences.push(format!("{asked} {}: {:?} expected, {status} {told}", ask.path, ask.expected));
        }
        if is_done { self.take(ask, status, told) } else { self.refused += 1 }
    }

    /// The pledge that has a line whose id is not known yet, as an address.
    pub(crate) fn unnamed(&self) -> Option<String> {
        let pledge = self.pledges.iter().find(|pledge| pledge.lines.iter().any(|line| line.id.is_empty()))?;
        Some(format!("/v1/pledges/{}", pledge.id))
    }

    /// Takes the id of that line from what the service tells of its pledge.
    pub(crate) fn name(&mut self, told: &Value) {
        let Some(pledge) = self.pledges.iter_mut().find(|pledge| told["id"] == pledge.id.as_str()) else { return };
        let ids = told["lines"].as_array().into_iter().flatten().filter_map(|line| line["id"].as_str());
        let new = ids.into_iter().find(|id| !pledge.lines.iter().any(|line| line.id == *id)).map(ToOwned::to_owned);
        if let (Some(line), Some(id)) = (pledge.lines.iter_mut().find(|line| line.id.is_empty()), new) {
            line.id = id;
        }
    }

    /// All pledges of the client alone, those that are over as well.
    pub(crate) fn own(&self) -> &[Pledge] {
        &self.pledges[1..]
    }

    /// Its part of the common pledge.
    pub(crate) fn common(&self) -> &Pledge {
        &self.pledges[0]
    }
}
