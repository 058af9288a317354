//! Records read from CSV files.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::cells::{Cells, Values};
use super::columns::{Column, Written};
use super::config::{ConfigFault, Schema};
use super::texts::{Texts, at, number, value};

/// All that is compared, by column.
#[derive(Debug)]
pub struct Records {
    ids: Ids,
    /// One column for each field of the schema.
    pub columns: Vec<Column>,
    /// The values of the columns.
    pub cells: Cells,
    /// The names of the cards.
    pub card_names: Texts,
    /// The first row of the second file, where there is one: then only pairs across the files count.
    pub second_from: Option<u32>,
}

/// The identities of records, which nothing but the output reads.
#[derive(Debug, Default)]
struct Ids {
    letters: String,
    ends: Vec<usize>,
}

impl Records {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        number(self.ids.ends.len())
    }

    /// The identity of a row.
    #[must_use]
    pub fn id(&self, row: u32) -> &str {
        let start = at(row).checked_sub(1).map_or(0, |before| value(&self.ids.ends, before));
        self.ids.letters.get(start..value(&self.ids.ends, at(row))).unwrap_or_default()
    }

    /// The card of a row; 0 where there is none.
    #[must_use]
    pub fn card(&self, row: u32) -> u32 {
        self.cells.record(row).card()
    }

    /// Has the records of rows brought near.
    pub(super) fn fetch(&self, rows: impl Iterator<Item = u32>) {
        self.cells.fetch(rows);
    }

    /// Has the names of rows that are near brought near.
    pub(super) fn fetch_names(&self, rows: &(impl Iterator<Item = u32> + Clone)) {
        for (field, column) in self.columns.iter().enumerate() {
            if let Column::Name(column) = column {
                column.fetch(rows.clone().map(|row| self.cells.record(row).number(field)));
            }
        }
    }

    /// Whether two rows may be compared: both of one file, or one of each.
    #[must_use]
    pub fn may_pair(&self, one: u32, other: u32) -> bool {
        self.second_from.is_none_or(|second| (one < second) != (other < second))
    }

    /// Whether two rows are lines of one card.
    #[must_use]
    pub fn is_one_card(&self, one: u32, other: u32) -> bool {
        self.cells.record(one).is_one_card(self.cells.record(other))
    }
}

/// So many records or pairs are taken together. What each needs is in another place of memory, for which one after
/// the other would wait longer than it works; asked for together, they come together.
pub(super) const BATCH: usize = 64;

/// Gathers records before they are brought to their forms.
#[derive(Debug)]
pub struct Reading<'a> {
    schema: &'a Schema,
    ids: Ids,
    written: Vec<Written>,
    cards: Vec<u32>,
    card_names: Texts,
    second_from: Option<u32>,
}

/// Where the columns of a file stand.
struct Places {
    id: usize,
    card: Option<usize>,
    fields: Vec<usize>,
}

impl<'a> Reading<'a> {
    /// Starts with nothing read.
    #[must_use]
    pub fn new(schema: &'a Schema) -> Self {
        let written = schema.field.iter().map(|_| Written::default()).collect();
        let (ids, cards) = (Ids::default(), Vec::new());
        Self { schema, ids, written, cards, card_names: Texts::default(), second_from: None }
    }

    /// Reads a file; of a second one, only pairs across both will count.
    ///
    /// # Errors
    /// Where it is not CSV or lacks a column.
    pub fn read(&mut self, file: impl Read) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut reader =
            ReaderBuilder::new().trim(Trim::Headers).flexible(true).buffer_capacity(1 << 17).from_reader(file);
        let places = self.places(reader.byte_headers()?)?;
        if !self.ids.ends.is_empty() {
            self.second_from = Some(number(self.ids.ends.len()));
        }
        let mut batch = vec![ByteRecord::new(); BATCH];
        loop {
            let mut count = 0;
            for record in &mut batch {
                if !reader.read_byte_record(record)? {
                    break;
                }
                count += 1;
            }
            let read = batch.get(..count).unwrap_or_default();
            if read.is_empty() {
                return Ok(());
            }
            self.take(read, &places);
        }
    }

    fn places(&self, header: &ByteRecord) -> Result<Places, ConfigFault> {
        let place = |name: &str| {
            let found = header.iter().position(|column| column.trim_ascii() == name.as_bytes());
            found.ok_or_else(|| ConfigFault::new(format!("the file has no column {name}")))
        };
        let input = &self.schema.input;
        Ok(Places {
            id: place(&input.id)?,
            card: input.card.as_deref().map(place).transpose()?,
            fields: self.schema.field.iter().map(|field| place(field.column())).collect::<Result<_, _>>()?,
        })
    }

    /// Takes a batch column by column.
    fn take(&mut self, batch: &[ByteRecord], places: &Places) {
        let cells = |place: usize| batch.iter().map(move |record| cell(record, place));
        for id in cells(places.id) {
            self.ids.letters.push_str(&id);
            self.ids.ends.push(self.ids.letters.len());
        }
        for ((field, written), place) in self.schema.field.iter().zip(&mut self.written).zip(&places.fields) {
            written.extend(field.kind, cells(*place));
        }
        if let Some(card) = places.card {
            self.card_names.extend(cells(card), &mut self.cards);
        }
    }

    /// Adds a record from its values, in the order of the schema's fields.
    pub fn add<'v>(&mut self, id: &str, card: &str, values: impl IntoIterator<Item = &'v str>) {
        self.ids.letters.push_str(id);
        self.ids.ends.push(self.ids.letters.len());
        for ((field, written), value) in self.schema.field.iter().zip(&mut self.written).zip(values) {
            written.extend(field.kind, [value]);
        }
        self.card_names.extend([card], &mut self.cards);
    }

    /// How many were added so far.
    #[must_use]
    pub fn count(&self) -> u32 {
        number(self.ids.ends.len())
    }

    /// Brings the few records that are compared with one to their form, here and now.
    ///
    /// Too few to count how seldom a value is: what they share says what it usually does.
    #[must_use]
    pub fn finish_few(self) -> Records {
        let kinds = self.schema.field.iter().map(|field| field.kind);
        let formed = kinds.zip(self.written).map(|(kind, written)| written.formed(kind));
        let (mut columns, values): (Vec<Column>, Vec<Values>) = formed.unzip();
        columns.iter_mut().for_each(Column::forget_rarity);
        let (ids, cards, card_names) = (self.ids, self.cards, self.card_names);
        let cells = Cells::of(&values, &cards, ids.ends.len());
        Records { ids, columns, cells, card_names, second_from: self.second_from }
    }

    /// Brings every column to its form, two at a time.
    #[must_use]
    pub fn finish(self) -> Records {
        let kinds = self.schema.field.iter().map(|field| field.kind);
        let formed: Vec<(Column, Values)> = std::thread::scope(|scope| {
            let forming: Vec<_> =
                kinds.zip(self.written).map(|(kind, written)| scope.spawn(move || written.formed(kind))).collect();
            forming.into_iter().filter_map(|column| column.join().ok()).collect()
        });
        let (columns, values): (Vec<Column>, Vec<Values>) = formed.into_iter().unzip();
        let (ids, cards, card_names) = (self.ids, self.cards, self.card_names);
        let cells = Cells::of(&values, &cards, ids.ends.len());
        Records { ids, columns, cells, card_names, second_from: self.second_from }
    }
}

/// A cell without the blanks around it; bytes that are no text are read as well as they can be.
fn cell(record: &ByteRecord, place: usize) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(record.get(place).unwrap_or_default().trim_ascii())
}
