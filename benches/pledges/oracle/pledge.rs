//! A pledge, its lines and what moved, as the oracle has them.

use serde_json::Value;

use super::ask::Who;

/// So many days ago is due what is late.
pub(crate) const LATE_DAYS: u64 = 60;

/// Places of a line, as the trail of a pledge names them.
pub(crate) const PLACES: [&str; 8] =
    ["outstanding", "free", "reserved", "delivered", "cancelled", "written_off", "returned", "lost"];

/// Place of a quantity: an index of [`PLACES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Outstanding,
    Free,
    Reserved,
    Delivered,
    Cancelled,
    WrittenOff,
    Returned,
    Lost,
}

/// Where a pledge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Draft,
    Submitted,
    Committed,
    Closing,
    Closed,
    Rejected,
    Withdrawn,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Committed => "committed",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Line {
    /// Empty where the service has not told it yet.
    pub(crate) id: String,
    pub(crate) quantity: i64,
    /// All of it was due before the pledge was made.
    pub(crate) is_late: bool,
    /// What its surplus was accepted with; a correction of its receipt takes it back as well, once.
    pub(crate) surplus: Option<i64>,
    pub(crate) balances: [i64; 8],
}

impl Line {
    /// A line of which nothing is anywhere yet.
    pub(crate) fn new(id: String, quantity: i64) -> Self {
        Self { id, quantity, is_late: false, surplus: None, balances: [0; 8] }
    }

    pub(crate) fn at(&self, place: Place) -> i64 {
        self.balances[place as usize]
    }

    pub(crate) fn shift(&mut self, from: Place, to: Place, quantity: i64) {
        self.balances[from as usize] -= quantity;
        self.balances[to as usize] += quantity;
    }
}

/// A transfer that a correction may name.
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) id: String,
    pub(crate) line: usize,
    pub(crate) from: Place,
    pub(crate) to: Place,
    pub(crate) quantity: i64,
    pub(crate) is_corrected: bool,
}

/// What is decided by two, or by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Amend,
    Cancel,
    WriteOff,
    Refund,
    Reallocate,
    Lose,
    Correct,
    Close,
    Reopen,
}

/// A decision that waits for its second person.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) by: Who,
    pub(crate) terms: Terms,
    /// Agreed to or refused.
    pub(crate) is_over: bool,
}

/// What a decision is about, as far as its kind has it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terms {
    pub(crate) line: usize,
    pub(crate) quantity: i64,
    pub(crate) former: i64,
    /// Which transfer is corrected.
    pub(crate) moved: usize,
}

#[derive(Debug)]
pub(crate) struct Pledge {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) version: i64,
    pub(crate) first: Option<Who>,
    pub(crate) lines: Vec<Line>,
    pub(crate) moved: Vec<Moved>,
    pub(crate) decisions: Vec<Decision>,
    /// The newest evidence tells of the last movement.
    pub(crate) is_told: bool,
    /// Others command it as well.
    pub(crate) is_common: bool,
}

impl Pledge {
    pub(crate) fn sum(&self, place: Place) -> i64 {
        self.lines.iter().map(|line| line.at(place)).sum()
    }

    /// What entered from the promise of the company and did not go back.
    pub(crate) fn entered(&self) -> i64 {
        self.lines.iter().flat_map(|line| line.balances).sum()
    }

    /// Moves a quantity of a line; the evidence is not whole any more.
    pub(crate) fn shift(&mut self, line: usize, (from, to): (Place, Place), quantity: i64) {
        self.lines[line].shift(from, to, quantity);
        self.is_told = false;
    }

    /// The same, and a correction may name it.
    pub(crate) fn shift_as(&mut self, id: &str, line: usize, (from, to): (Place, Place), quantity: i64) {
        self.shift(line, (from, to), quantity);
        self.moved.push(Moved { id: id.to_owned(), line, from, to, quantity, is_corrected: false });
    }

    /// What the service tells of it otherwise than it must be.
    pub(crate) fn differences(&self, told: &Value, trail: &Value) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |what: String, ours: String, theirs: &Value| {
            let theirs = theirs.as_str().map_or_else(|| theirs.to_string(), ToOwned::to_owned);
            if ours != theirs {
                found.push(format!("pledge {}: {what} is {theirs}, not {ours}", self.id));
            }
        };
        compare("status".to_owned(), self.status.name().to_owned(), &told["status"]);
        compare("version".to_owned(), self.version.to_string(), &told["version"]);
        for (number, line) in self.lines.iter().enumerate() {
            let lines = trail["lines"].as_array().into_iter().flatten();
            let theirs = lines.into_iter().find(|one| one["pledge_line_id"] == line.id.as_str());
            let theirs = theirs.unwrap_or(&Value::Null);
            compare(format!("promised of line {number}"), line.quantity.to_string(), &theirs["promised"]);
            for (place, balance) in PLACES.iter().zip(line.balances) {
                compare(format!("{place} of line {number}"), balance.to_string(), &theirs[*place]);
            }
        }
        found
    }
}
