//! Cells between commas, semicolons or tabs.

use csv::{Position, ReaderBuilder};

use super::{EachRow, Parts, SheetRow, line_number};
use crate::beneficiaries::imports::rules::{Header, Reading};
use crate::error::{Code, Error, Fault, Result};

/// What may stand between cells; where a header has none of them, it is a comma.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a file.
///
/// # Errors
/// `invalid_fields`, what `each` says.
pub(super) fn read(parts: &mut Parts, reading: &Reading, each: EachRow<'_>) -> Result<()> {
    parts.skip_byte_order_mark();
    let delimiter = delimiter_of(parts.first_line());
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(parts);
    let mut row = SheetRow::default();
    read_record(&mut reader, &mut row)?;
    let header = Header::read(&row.record, reading).map_err(Error::invalid)?;
    while read_record(&mut reader, &mut row)? {
        each(&header, &row)?;
    }
    Ok(())
}

fn read_record(reader: &mut csv::Reader<&mut Parts>, row: &mut SheetRow) -> Result<bool> {
    reader.get_mut().begin_row();
    let before = row.line;
    // Rows of any width are read, and cells are bytes: only a row without an end fails.
    let unfit = |_| Error::invalid(vec![Fault::new(format!("row {}", before.saturating_add(1)), Code::RowNotCsv)]);
    let is_read = reader.read_byte_record(&mut row.record).map_err(unfit)?;
    row.line = line_number(row.record.position().map_or(0, Position::line))?;
    Ok(is_read)
}

/// The delimiter that stands most often outside the quotes of the header.
fn delimiter_of(header: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in header {
        is_quoted ^= *byte == b'"';
        let place = DELIMITERS.iter().position(|delimiter| delimiter == byte).filter(|_| !is_quoted);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    // The first of equals: a comma.
    let most = counts.iter().copied().max().unwrap_or_default();
    DELIMITERS.iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_seen_outside_quotes() {
        assert_eq!(delimiter_of(b"name;sex;\"a,b,c,d\""), b';');
        assert_eq!(delimiter_of(b"name\tsex"), b'\t');
        assert_eq!(delimiter_of(b"name,sex"), b',');
        assert_eq!(delimiter_of(b"name"), b',');
    }
}
