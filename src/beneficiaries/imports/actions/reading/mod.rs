//! Files of three formats, read row by row on a thread of its own; nothing here holds a file as a whole.

mod csv;
mod guard;
mod ndjson;
mod parts;
mod spool;
mod xlsx;

use ::csv::ByteRecord;

pub(super) use parts::Parts;

use crate::beneficiaries::imports::model::FileFormat;
use crate::beneficiaries::imports::rules::{Header, Reading};
use crate::error::{Code, Error, Fault, Result};

/// Most rows of a file: as many as a sheet has below its header.
const ROWS: i32 = 1_048_575;

/// A row as it stands in the file.
#[derive(Debug, Default)]
pub(super) struct SheetRow {
    /// Line of the file, or row of the sheet, the header being 1.
    pub(super) line: i32,
    /// Its cells.
    pub(super) record: ByteRecord,
    /// What is wrong with it as a whole: then its cells say nothing.
    pub(super) fault: Option<Code>,
}

/// Who takes the rows.
pub(super) type EachRow<'a> = &'a mut dyn FnMut(&Header, &SheetRow) -> Result<()>;

/// Reads a file from its header to its last row and answers how many rows there were below the header.
///
/// # Errors
/// `invalid_fields` for a header with faults, a row that has no end, or a workbook that is not read; what `each` says.
pub(super) fn read(format: FileFormat, parts: &mut Parts, reading: &Reading, each: EachRow<'_>) -> Result<i32> {
    let mut rows = 0_i32;
    let mut counted = |header: &Header, row: &SheetRow| {
        rows += 1;
        if rows > ROWS {
            return Err(Error::invalid(vec![Fault::new("", Code::RowsTooMany)]));
        }
        each(header, row)
    };
    match format {
        FileFormat::Csv => csv::read(parts, reading, &mut counted),
        FileFormat::Ndjson => ndjson::read(parts, reading, &mut counted),
        FileFormat::Xlsx => xlsx::read(parts, reading, &mut counted),
    }?;
    Ok(rows)
}

/// The line of a row as the database has it.
fn line_number(line: u64) -> Result<i32> {
    i32::try_from(line).map_err(|_| Error::from(Code::BodyTooLarge))
}
