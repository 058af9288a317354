//! Values in Postgres' binary form, read as cells.
//!
//! Source: Postgres 15 sources, the `…send` functions of each type, and `array_send`.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::domain::{BeneficiaryId, MemberId};
use crate::error::{Error, Result};
use crate::exports::model::Numbers;
use crate::keys::Vault;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::exports) enum Kind {
    /// A uuid.
    Id,
    /// A text.
    Text,
    /// A smallint, an int or a bigint.
    Whole,
    /// An int that counts hundredths.
    Hundredths,
    /// A bool.
    Flag,
    /// A date.
    Day,
    /// A timestamptz.
    Instant,
    /// A `text[]`.
    Texts,
    /// The text of a `jsonb`.
    Json,
    /// The id of a family, and its card number sealed.
    Card,
    /// The id of a member, and its NIK sealed.
    Nik,
}

/// A value on its way into a file.
#[derive(Debug, PartialEq)]
pub(in crate::exports) enum Cell<'a> {
    Empty,
    Id(Uuid),
    Text(&'a str),
    Json(&'a str),
    Number(String),
    Whole(i64),
    Hundredths(i64),
    Flag(bool),
    Day(NaiveDate),
    /// Microseconds since 1970.
    Instant(i64),
    Texts(Vec<&'a str>),
}

/// How numbers are shown, and what opens them.
#[derive(Clone, Copy)]
pub(in crate::exports) struct Shown<'a> {
    pub(in crate::exports) vault: &'a Vault,
    pub(in crate::exports) area_id: i32,
    pub(in crate::exports) numbers: Numbers,
}

/// Microseconds and days from 1970 to 2000, where Postgres begins to count.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Reads a value of a kind.
///
/// # Errors
/// Where the bytes are not of that kind, or a sealed number does not open.
pub(in crate::exports) fn read<'a>(kind: Kind, raw: &'a [u8], shown: Shown<'_>) -> Result<Cell<'a>> {
    match kind {
        Kind::Id => Ok(Cell::Id(Uuid::from_slice(raw).map_err(Error::internal)?)),
        Kind::Text => text(raw).map(Cell::Text),
        Kind::Json => text(raw).map(Cell::Json),
        Kind::Whole => whole(raw).map(Cell::Whole),
        Kind::Hundredths => whole(raw).map(Cell::Hundredths),
        Kind::Flag => Ok(Cell::Flag(raw != [0])),
        Kind::Day => day(whole(raw)?).map(Cell::Day),
        Kind::Instant => Ok(Cell::Instant(whole(raw)?.saturating_add(EPOCH_MICROS))),
        Kind::Texts => texts(raw).map(Cell::Texts),
        Kind::Card | Kind::Nik => number(kind, raw, shown).map(Cell::Number),
    }
}

fn unreadable() -> Error {
    Error::internal("a value is not of the kind of its column")
}

fn text(raw: &[u8]) -> Result<&str> {
    std::str::from_utf8(raw).map_err(Error::internal)
}

/// A signed number of any length up to eight bytes, the first byte the highest.
fn whole(raw: &[u8]) -> Result<i64> {
    let sign = if raw.first().is_some_and(|byte| byte & 0x80 != 0) { -1_i64 } else { 0 };
    match raw.len() {
        1..=8 => Ok(raw.iter().fold(sign, |number, byte| (number << 8) | i64::from(*byte))),
        _ => Err(unreadable()),
    }
}

fn day(days: i64) -> Result<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    TimeDelta::try_days(days).and_then(|days| epoch.checked_add_signed(days)).ok_or_else(unreadable)
}

/// An array of one dimension: dimensions, flags, type, length, lower bound, then each item with its length.
fn texts(raw: &[u8]) -> Result<Vec<&str>> {
    const HEAD: usize = 20;
    let (Some(dimensions), Some(mut rest)) = (raw.get(..4), raw.get(HEAD..).or(Some(&[]))) else {
        return Err(unreadable());
    };
    let mut items = Vec::new();
    if whole(dimensions)? == 0 {
        return Ok(items);
    }
    while let Some((length, tail)) = rest.split_at_checked(4) {
        let length = usize::try_from(whole(length)?).map_err(|_| unreadable())?;
        let (item, tail) = tail.split_at_checked(length).ok_or_else(unreadable)?;
        items.push(text(item)?);
        rest = tail;
    }
    Ok(items)
}

fn number(kind: Kind, raw: &[u8], shown: Shown<'_>) -> Result<String> {
    let (id, sealed) = raw.split_at_checked(16).ok_or_else(unreadable)?;
    let id = Uuid::from_slice(id).map_err(Error::internal)?;
    let is_full = shown.numbers == Numbers::Full;
    if kind == Kind::Card {
        let card = shown.vault.open_card(shown.area_id, BeneficiaryId(id), sealed)?;
        return Ok(if is_full { card.reveal().to_owned() } else { card.masked() });
    }
    let nik = shown.vault.open_nik(shown.area_id, MemberId(id), sealed)?;
    Ok(if is_full { nik.reveal().to_owned() } else { nik.masked() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_sign() {
        for number in [0_i64, 1, -1, 127, -128, i64::MAX, i64::MIN] {
            assert_eq!(whole(&number.to_be_bytes()).unwrap(), number);
        }
        assert_eq!(whole(&(-2_i16).to_be_bytes()).unwrap(), -2);
        assert_eq!(whole(&70_000_i32.to_be_bytes()).unwrap(), 70_000);
        assert!(whole(&[]).is_err() && whole(&[0; 9]).is_err());
    }

    #[test]
    fn arrays_are_read_item_by_item() {
        assert_eq!(texts(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25]).unwrap(), Vec::<&str>::new());
        let mut raw: Vec<u8> = [1, 0, 25, 2, 1].into_iter().flat_map(i32::to_be_bytes).collect();
        for item in ["satu", ""] {
            raw.extend(i32::try_from(item.len()).unwrap().to_be_bytes());
            raw.extend(item.as_bytes());
        }
        assert_eq!(texts(&raw).unwrap(), ["satu", ""]);
        raw.truncate(raw.len() - 5);
        assert!(texts(&raw).is_err());
    }

    #[test]
    fn days_count_from_2000() {
        assert_eq!(day(-1).unwrap(), NaiveDate::from_ymd_opt(1999, 12, 31).unwrap());
        assert!(day(i64::MAX).is_err());
    }
}
