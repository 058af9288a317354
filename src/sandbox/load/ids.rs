//! Ids made from the sandbox's own facts: the same run gives the same ids, for links and examples.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::{Builder, Uuid};

use super::super::draw::Draw;

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

/// The instant an id was made at, as it says itself.
pub(super) fn made_at(id: Uuid) -> DateTime<Utc> {
    let millis = i64::try_from(id.as_u64_pair().0 >> 16).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// Kinds of records that have ids of their own whatever the families are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fixed {
    Program,
    RuleSet,
    Cycle,
}

/// The id of a fixed record, by its numbers.
pub(super) fn fixed(kind: Fixed, number: u8, part: i32) -> Uuid {
    let day = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap_or_default().and_time(NaiveTime::MIN).and_utc();
    let kind: u8 = match kind {
        Fixed::Program => 1,
        Fixed::RuleSet => 2,
        Fixed::Cycle => 3,
    };
    let [a, b, c, d] = part.to_be_bytes();
    let millis = u64::try_from(day.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0, 0, 0, 0, kind, number, a, b, c, d]).into_uuid()
}
