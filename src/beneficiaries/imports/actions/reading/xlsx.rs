//! The first sheet of an Excel workbook.
//!
//! Cells come one by one. The reader of formulas is not used: a shared formula over a whole sheet fills the memory. What
//! a formula came to when the workbook was saved is its cell.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use csv::ByteRecord;

use super::guard::{self, refuse};
use super::spool::Spool;
use super::{EachRow, Parts, SheetRow, line_number};
use crate::beneficiaries::imports::rules::{COLUMNS_MOST, Header, Reading};
use crate::error::{Code, Error, Result};

/// One workbook at a time: its table of texts is held in memory.
static READING: Mutex<()> = Mutex::new(());

/// Reads a file.
///
/// # Errors
/// `invalid_fields`, what `each` says.
pub(super) fn read(parts: &mut Parts, reading: &Reading, each: EachRow<'_>) -> Result<()> {
    let mut spool = Spool::of(parts)?;
    guard::check(&mut spool)?;
    let _one = READING.lock().unwrap_or_else(PoisonError::into_inner);
    // A crate that stumbles over a hostile file is a fault of the file, not of the service.
    let outcome = catch_unwind(AssertUnwindSafe(|| rows(spool, reading, each)));
    outcome.unwrap_or_else(|_| Err(refuse(Code::WorkbookUnreadable)))
}

fn rows(spool: Spool, reading: &Reading, each: EachRow<'_>) -> Result<()> {
    let mut workbook = Xlsx::new(spool).map_err(unreadable)?;
    let name = workbook.sheet_names().first().cloned().ok_or_else(|| refuse(Code::WorkbookUnreadable))?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut sheet = Sheet { reading, header: None, row: 0, cells: Vec::new(), is_too_wide: false };
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        if row != sheet.row {
            sheet.end_row(each)?;
            sheet.row = row;
        }
        sheet.put(usize::try_from(column).unwrap_or(usize::MAX), cell.get_value());
    }
    sheet.end_row(each)?;
    if sheet.header.is_none() {
        // Tells which columns are missing: all of them.
        Header::read(&ByteRecord::new(), reading).map_err(Error::invalid)?;
    }
    Ok(())
}

fn unreadable<E>(_: E) -> Error {
    refuse(Code::WorkbookUnreadable)
}

/// The row that is gathered, of a sheet.
struct Sheet<'a> {
    reading: &'a Reading,
    header: Option<Header>,
    row: u32,
    cells: Vec<String>,
    is_too_wide: bool,
}

impl Sheet<'_> {
    fn put(&mut self, column: usize, value: &DataRef<'_>) {
        let text = text_of(value);
        if text.is_empty() {
            return;
        }
        if column > COLUMNS_MOST {
            self.is_too_wide = true;
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
    }

    /// Hands the row over; the first one with a cell is the header, and rows without any are passed over.
    fn end_row(&mut self, each: EachRow<'_>) -> Result<()> {
        let mut cells = std::mem::take(&mut self.cells);
        let is_too_wide = std::mem::take(&mut self.is_too_wide);
        if cells.is_empty() && !is_too_wide {
            return Ok(());
        }
        let Some(header) = &self.header else {
            if is_too_wide {
                return Err(refuse(Code::ColumnsTooMany));
            }
            self.header = Some(Header::read(&ByteRecord::from(cells), self.reading).map_err(Error::invalid)?);
            return Ok(());
        };
        let fault = (is_too_wide || cells.len() > header.names().len()).then_some(Code::RowNotCsv);
        cells.resize(header.names().len(), String::new());
        let line = line_number(u64::from(self.row) + 1)?;
        each(header, &SheetRow { line, record: ByteRecord::from(cells), fault })
    }
}

/// A cell as text: a date as `1990-01-31`, a number as it is shown.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::Bool(is_true) => is_true.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_as_text(*number),
        DataRef::DateTime(time) => date_as_text(time),
        DataRef::Error(error) => Data::Error(error.clone()).to_string(),
    }
}

/// From thirteen digits on a number keeps its point: sixteen digits that a spreadsheet holds as a number are not to be
/// trusted, and are to be told from those that it holds as text.
fn number_as_text(number: f64) -> String {
    let is_whole = number.fract() == 0.0;
    if is_whole && number.abs() < 1e12 { format!("{number:.0}") } else { format!("{number:?}") }
}

fn date_as_text(time: &ExcelDateTime) -> String {
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    if time.is_duration() { number_as_text(time.as_f64()) } else { format!("{year:04}-{month:02}-{day:02}") }
}
