//! Rows as they come out of the database or out of a file.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::audit::chain::{Hash, Hexadecimal, Leaf, leaf_hash};
use crate::error::{Error, Result};

/// Columns of a row in the order of [`Leaf`], for `COPY`.
pub(super) const COLUMNS: &str = "area_id, at, id, client_id, operation, purpose, resource, resource_id, company_id, \
                                  request_id, record_count, before_digest, after_digest, transaction_number";
/// How many they are.
const COUNT: i16 = 14;

/// Microseconds from 1970 to 2000, where Postgres begins to count.
const FROM_1970_TO_2000: i64 = 946_684_800_000_000;

/// Rows of one block.
pub(super) enum Rows {
    /// Tuples in Postgres' binary COPY format, one after the other.
    Tuples(Vec<u8>),
    /// Texts as they were sealed.
    Texts(Vec<String>),
}

impl Rows {
    /// The hash of each.
    pub(super) fn hashes(&self) -> Result<Vec<Hash>> {
        match self {
            Self::Texts(texts) => Ok(texts.iter().map(|text| leaf_hash(text.as_bytes())).collect()),
            Self::Tuples(tuples) => {
                let (mut rest, mut hashes, mut buffer) = (tuples.as_slice(), Vec::new(), Vec::new());
                while !rest.is_empty() {
                    hashes.push(tuple(&mut rest)?.hash(&mut buffer)?);
                }
                Ok(hashes)
            }
        }
    }

    /// The text of each.
    pub(super) fn texts(self) -> Result<Vec<String>> {
        let tuples = match self {
            Self::Texts(texts) => return Ok(texts),
            Self::Tuples(tuples) => tuples,
        };
        let (mut rest, mut texts) = (tuples.as_slice(), Vec::new());
        while !rest.is_empty() {
            texts.push(tuple(&mut rest)?.text()?);
        }
        Ok(texts)
    }

    /// Id of the row at a place, where one can be read.
    pub(super) fn id_at(&self, place: usize) -> Option<Uuid> {
        match self {
            Self::Texts(texts) => {
                let row: serde_json::Value = serde_json::from_str(texts.get(place)?).ok()?;
                row.get("id")?.as_str()?.parse().ok()
            }
            Self::Tuples(tuples) => {
                let mut rest = tuples.as_slice();
                (0..place).try_for_each(|_| tuple(&mut rest).map(drop)).ok()?;
                tuple(&mut rest).ok().map(|row| row.id)
            }
        }
    }
}

/// The bytes are no tuple.
struct Torn;

impl From<Torn> for Error {
    fn from(_: Torn) -> Self {
        Self::internal("the database sent a row of another form")
    }
}

type Read<T> = std::result::Result<T, Torn>;

/// Reads a tuple and goes on behind it.
fn tuple<'a>(bytes: &mut &'a [u8]) -> Read<Leaf<'a>> {
    if i16::from_be_bytes(take(bytes)?) != COUNT {
        return Err(Torn);
    }
    Ok(Leaf {
        area_id: i32::from_be_bytes(fixed(bytes)?),
        at: instant(i64::from_be_bytes(fixed(bytes)?))?,
        id: Uuid::from_bytes(fixed(bytes)?),
        client_id: text(bytes)?.ok_or(Torn)?,
        operation: text(bytes)?.ok_or(Torn)?,
        purpose: text(bytes)?,
        resource: text(bytes)?.ok_or(Torn)?,
        resource_id: id(bytes)?,
        company_id: id(bytes)?,
        request_id: text(bytes)?,
        record_count: i32::from_be_bytes(fixed(bytes)?),
        before_digest: value(bytes)?.map(Hexadecimal),
        after_digest: value(bytes)?.map(Hexadecimal),
        transaction_number: i64::from_be_bytes(fixed(bytes)?),
    })
}

fn take<const SIZE: usize>(bytes: &mut &[u8]) -> Read<[u8; SIZE]> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(Torn)?;
    *bytes = rest;
    Ok(*taken)
}

/// A value, or none where it is null.
fn value<'a>(bytes: &mut &'a [u8]) -> Read<Option<&'a [u8]>> {
    let Ok(length) = usize::try_from(i32::from_be_bytes(take(bytes)?)) else { return Ok(None) };
    let (value, rest) = bytes.split_at_checked(length).ok_or(Torn)?;
    *bytes = rest;
    Ok(Some(value))
}

fn fixed<const SIZE: usize>(bytes: &mut &[u8]) -> Read<[u8; SIZE]> {
    value(bytes)?.and_then(|value| value.try_into().ok()).ok_or(Torn)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Read<Option<&'a str>> {
    value(bytes)?.map(std::str::from_utf8).transpose().map_err(|_| Torn)
}

fn id(bytes: &mut &[u8]) -> Read<Option<Uuid>> {
    value(bytes)?.map(Uuid::from_slice).transpose().map_err(|_| Torn)
}

fn instant(microseconds: i64) -> Read<DateTime<Utc>> {
    let since_1970 = microseconds.checked_add(FROM_1970_TO_2000).ok_or(Torn)?;
    DateTime::from_timestamp_micros(since_1970).ok_or(Torn)
}
