//! The values of all records, one record after the other: two records are compared by reading two places of memory.

use super::digits::Digits;
use super::texts::{at, value};

/// The values of one column, by row, before they are laid out by record.
#[derive(Debug)]
pub enum Values {
    /// Numbers of texts or names; 0 where there is none.
    Narrow(Vec<u32>),
    /// Digits.
    Wide(Vec<Digits>),
}

/// The values of all records.
#[derive(Debug, Default)]
pub struct Cells {
    /// Where each column begins within a record.
    starts: Vec<usize>,
    width: usize,
    values: Vec<u32>,
}

impl Cells {
    /// Lays out columns of as many rows, each row's card before them.
    #[must_use]
    pub fn of(columns: &[Values], cards: &[u32], rows: usize) -> Self {
        let mut starts = Vec::with_capacity(columns.len());
        let mut width = 1;
        for column in columns {
            starts.push(width);
            width += if matches!(column, Values::Wide(_)) { 2 } else { 1 };
        }
        let mut values = Vec::with_capacity(width * rows);
        for row in 0..rows {
            values.push(value(cards, row));
            for column in columns {
                match column {
                    Values::Narrow(narrow) => values.push(value(narrow, row)),
                    Values::Wide(wide) => values.extend(halves(value(wide, row).0)),
                }
            }
        }
        Self { starts, width, values }
    }

    /// Has the records of rows brought near.
    pub(super) fn fetch(&self, rows: impl Iterator<Item = u32>) {
        let ends = rows.map(|row| at(row) * self.width).map(|start| [start, start + self.width - 1]);
        let touched = ends.flatten().fold(0, |all, place| all ^ value(&self.values, place));
        std::hint::black_box(touched);
    }

    /// The record of a row.
    #[must_use]
    pub fn record(&self, row: u32) -> Record<'_> {
        let start = at(row) * self.width;
        Record { starts: &self.starts, values: self.values.get(start..start + self.width).unwrap_or_default() }
    }
}

/// The values of one record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    starts: &'a [usize],
    values: &'a [u32],
}

impl Record<'_> {
    /// The number of the card; 0 where there is none.
    #[must_use]
    pub fn card(&self) -> u32 {
        value(self.values, 0)
    }

    /// Whether both are lines of one card.
    #[must_use]
    pub fn is_one_card(&self, other: Record<'_>) -> bool {
        self.card() != 0 && self.card() == other.card()
    }

    /// The number of the text or name in a column of such.
    #[must_use]
    pub fn number(&self, column: usize) -> u32 {
        value(self.values, value(self.starts, column))
    }

    /// The digits in a column of digits.
    #[must_use]
    pub fn digits(&self, column: usize) -> Digits {
        let start = value(self.starts, column);
        let (low, high) = (value(self.values, start), value(self.values, start + 1));
        Digits(u64::from(low) | (u64::from(high) << 32))
    }
}

fn halves(wide: u64) -> [u32; 2] {
    [wide & 0xffff_ffff, wide >> 32].map(|half| u32::try_from(half).unwrap_or_default())
}
