//! Rows in Postgres' binary COPY format, built away from the connection.
//!
//! Source: Postgres 15 manual, COPY, "Binary Format", read 2026-11-24.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Object id of the type `text`, which an array names.
const TEXT_OID: i32 = 25;

/// Object id of the type `int4`.
const INT4_OID: i32 = 23;

/// Rows of one table, ready to be sent once [`CopyRows::take`] has closed them.
#[derive(Debug)]
pub struct CopyRows {
    bytes: Vec<u8>,
    columns: i16,
    count: u64,
    is_open: bool,
}

impl CopyRows {
    /// No row yet of a table with as many columns.
    #[must_use]
    pub fn new(columns: i16) -> Self {
        Self { bytes: Vec::new(), columns, count: 0, is_open: false }
    }

    /// Begins a row; as many values as the table has columns follow.
    pub fn row(&mut self) -> &mut Self {
        self.open();
        self.bytes.extend_from_slice(&self.columns.to_be_bytes());
        self.count += 1;
        self
    }

    /// Closes the rows and hands them over with their number; nothing where there is no row.
    pub fn take(&mut self) -> Option<(Vec<u8>, u64)> {
        if self.count == 0 {
            return None;
        }
        let count = std::mem::take(&mut self.count);
        self.is_open = false;
        let size = self.bytes.capacity();
        let mut bytes = std::mem::replace(&mut self.bytes, Vec::with_capacity(size));
        bytes.extend_from_slice(&TRAILER);
        Some((bytes, count))
    }

    fn open(&mut self) {
        if !self.is_open {
            self.bytes.extend_from_slice(SIGNATURE);
            self.bytes.extend_from_slice(&[0; 8]);
            self.is_open = true;
        }
    }

    /// Bytes of the rows that wait to be handed over.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Hands over a part of the stream: more rows follow.
    pub fn part(&mut self) -> Vec<u8> {
        let size = self.bytes.capacity();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(size))
    }

    /// Hands over the end of the stream, which is one even where there was no row.
    pub fn end(&mut self) -> Vec<u8> {
        self.open();
        self.is_open = false;
        self.bytes.extend_from_slice(&TRAILER);
        std::mem::take(&mut self.bytes)
    }

    /// A value, or null where there is none.
    pub fn or_null<T>(
        &mut self,
        value: Option<T>,
        write: impl for<'a> FnOnce(&'a mut Self, T) -> &'a mut Self,
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    /// No value.
    pub fn null(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
        self
    }

    /// A text or a bytea: both are their bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(&length(value.len()).to_be_bytes());
        self.bytes.extend_from_slice(value);
        self
    }

    /// A text.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// A text, or null.
    pub fn text_or_null(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    /// A uuid.
    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// A bool.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.bytes(&[u8::from(value)])
    }

    /// A smallint.
    pub fn int2(&mut self, value: i16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// An int.
    pub fn int4(&mut self, value: i32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// A bigint.
    pub fn int8(&mut self, value: i64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// Days since 2000-01-01.
    pub fn date(&mut self, value: NaiveDate) -> &mut Self {
        let days = value.signed_duration_since(epoch()).num_days();
        self.int4(i32::try_from(days).unwrap_or_default())
    }

    /// Microseconds since 2000-01-01.
    pub fn instant(&mut self, value: DateTime<Utc>) -> &mut Self {
        let since = value.naive_utc().signed_duration_since(epoch().and_time(chrono::NaiveTime::MIN));
        self.bytes(&since.num_microseconds().unwrap_or_default().to_be_bytes())
    }

    /// A whole `numeric` below 100,000,000, shown with three decimals: digits of base 10,000.
    pub fn quantity(&mut self, value: u32) -> &mut Self {
        let digit = |number: u32| i16::try_from(number % 10_000).unwrap_or_default();
        let (high, low) = (digit(value / 10_000), digit(value));
        let mut words = if high == 0 { vec![1, 0, 0, 3, low] } else { vec![2, 1, 0, 3, high, low] };
        if value == 0 {
            words = vec![0, 0, 0, 3];
        }
        self.bytes(&words.into_iter().flat_map(i16::to_be_bytes).collect::<Vec<u8>>())
    }

    /// A `text[]` of one dimension.
    pub fn texts(&mut self, values: &[&str]) -> &mut Self {
        let dimensions = i32::from(!values.is_empty());
        let mut array = [dimensions, 0, TEXT_OID].map(i32::to_be_bytes).concat();
        if !values.is_empty() {
            array.extend([length(values.len()), 1].map(i32::to_be_bytes).concat());
        }
        for value in values {
            array.extend_from_slice(&length(value.len()).to_be_bytes());
            array.extend_from_slice(value.as_bytes());
        }
        self.bytes(&array)
    }

    /// An `int[]` of one dimension, not empty.
    pub fn int4s(&mut self, values: &[i32]) -> &mut Self {
        let mut array = [1, 0, INT4_OID, length(values.len()), 1].map(i32::to_be_bytes).concat();
        for value in values {
            array.extend([4, *value].map(i32::to_be_bytes).concat());
        }
        self.bytes(&array)
    }

    /// A `jsonb`, from its text.
    pub fn json(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(&length(text.len() + 1).to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }
}

/// No value here comes near 2 GiB; if one did, the server would refuse the row.
fn length(bytes: usize) -> i32 {
    i32::try_from(bytes).unwrap_or(i32::MAX)
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_signature_counts_and_trailer() {
        let mut rows = CopyRows::new(2);
        assert_eq!(rows.take(), None);
        rows.row().int4(7).null();
        let (bytes, count) = rows.take().unwrap();
        assert_eq!(count, 1);
        assert_eq!(&bytes[..11], SIGNATURE);
        assert_eq!(&bytes[19..], [0, 2, 0, 0, 0, 4, 0, 0, 0, 7, 255, 255, 255, 255, 255, 255]);
        assert_eq!(rows.take(), None);
    }

    #[test]
    fn days_and_instants_count_from_2000() {
        let mut rows = CopyRows::new(1);
        rows.row().date(NaiveDate::from_ymd_opt(2000, 1, 11).unwrap());
        assert_eq!(&rows.take().unwrap().0[21..29], [0, 0, 0, 4, 0, 0, 0, 10]);
    }
}
