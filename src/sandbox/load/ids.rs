//! Ids made from the sandbox's own facts: the same run gives the same ids, for links and examples.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::{Builder, Uuid};

use super::programs::{EXTRA_RICE, PKH, RICE, RICE_RULES};
use crate::sandbox::draw::Draw;
use crate::sandbox::known;

/// Ids of the records of one family, in the order they are asked for.
#[derive(Debug)]
pub(super) struct Ids {
    millis: u64,
    draw: Draw,
}

impl Ids {
    /// Ids that follow the one of a family.
    pub(super) fn after(family: Uuid) -> Self {
        let (high, low) = family.as_u64_pair();
        Self { millis: high >> 16, draw: Draw::of(high, low) }
    }

    /// The next id.
    pub(super) fn next(&mut self) -> Uuid {
        Builder::from_unix_timestamp_millis(self.millis, &self.draw.id_bits()).into_uuid()
    }
}

/// When a family was recorded: as its id says, not before the sandbox's day and not later than now.
pub(super) fn recorded_at(family: Uuid, as_of: NaiveDate) -> DateTime<Utc> {
    let millis = i64::try_from(family.as_u64_pair().0 >> 16).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default().max(begin_of(as_of)).min(Utc::now())
}

/// When a day of the sandbox began; not later than now, for it begins eight hours earlier where the sub-districts are.
pub(super) fn begin_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc().min(Utc::now())
}

/// Id of a program of the sandbox.
pub(super) fn program(number: u8) -> Uuid {
    match number {
        RICE => known::aid::PROGRAM.0,
        EXTRA_RICE => known::aid::PROGRAM_TO_CHANGE.0,
        PKH => known::aid::PROGRAM_OF_PKH.0,
        _ => fixed(b'p', number, 0),
    }
}

/// Id of a rule set of a program; the examples speak of the rules of rice in force.
pub(super) fn rule_set(program: u8, number: u8) -> Uuid {
    if (program, number) == (RICE, RICE_RULES) { known::aid::RULE_SET.0 } else { fixed(b'r', program, number.into()) }
}

/// Id of the approved cycle of a program in an area.
pub(super) fn cycle(program: u8, area: Area) -> Uuid {
    if program == RICE && area.is_home { known::aid::CYCLE.0 } else { fixed(b'c', program, area.id) }
}

/// Id of a record of a pledge or a line, by a letter of its own.
pub(super) fn of_line(letter: u8, line: Uuid) -> Uuid {
    let (high, low) = line.as_u64_pair();
    let mut draw = Draw::of(high ^ u64::from(letter), low);
    Builder::from_unix_timestamp_millis(high >> 16, &draw.id_bits()).into_uuid()
}

fn fixed(kind: u8, number: u8, part: i32) -> Uuid {
    let day = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap_or_default().and_time(NaiveTime::MIN).and_utc();
    let [a, b, c, d] = part.to_be_bytes();
    let millis = u64::try_from(day.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0, 0, 0, 0, kind, number, a, b, c, d]).into_uuid()
}

/// A sub-district of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Area {
    /// Surrogate id.
    pub(super) id: i32,
    /// The pilot sub-district, where the examples of the document happen.
    pub(super) is_home: bool,
}
