//! A JSON object on each line: its names are columns, its values cells.

use std::io::{BufRead, BufReader};

use csv::ByteRecord;
use serde_json::value::RawValue;

use super::{EachRow, Parts, SheetRow, line_number};
use crate::beneficiaries::imports::rules::{Header, Reading};
use crate::error::{Code, Error, Fault, Result};
use crate::http::Pairs;

/// Reads a file; empty lines are passed over.
///
/// # Errors
/// `invalid_fields` for a line without an end, what `each` says.
pub(super) fn read(parts: &mut Parts, reading: &Reading, each: EachRow<'_>) -> Result<()> {
    parts.skip_byte_order_mark();
    let header = Header::of_names(reading);
    let mut reader = BufReader::with_capacity(1 << 16, parts);
    let (mut text, mut number) = (Vec::new(), 0_u64);
    loop {
        text.clear();
        number += 1;
        reader.get_mut().begin_row();
        let unfit = |_| Error::invalid(vec![Fault::new(format!("row {number}"), Code::RowNotJson)]);
        if reader.read_until(b'\n', &mut text).map_err(unfit)? == 0 {
            return Ok(());
        }
        if text.iter().any(|byte| !byte.is_ascii_whitespace()) {
            let (record, fault) = match cells(&header, &text) {
                Ok(record) => (record, None),
                Err(code) => (ByteRecord::new(), Some(code)),
            };
            each(&header, &SheetRow { line: line_number(number)?, record, fault })?;
        }
    }
}

/// The cells of a line in the order of the header.
fn cells(header: &Header, text: &[u8]) -> Result<ByteRecord, Code> {
    let Pairs::<String>(members) = serde_json::from_slice(text).map_err(|_| Code::RowNotJson)?;
    let mut cells = vec![String::new(); header.names().len()];
    let mut seen = vec![false; cells.len()];
    for (name, value) in members {
        let place = header.names().iter().position(|known| *known == name).ok_or(Code::ColumnUnknown)?;
        let is_seen = seen.get_mut(place).is_some_and(|seen| std::mem::replace(seen, true));
        if is_seen {
            return Err(Code::ColumnTwice);
        }
        if let Some(cell) = cells.get_mut(place) {
            *cell = scalar(value)?;
        }
    }
    Ok(ByteRecord::from(cells))
}

/// A value as a cell. A number stays as it was written: no digit of it is lost here.
fn scalar(value: &RawValue) -> Result<String, Code> {
    match value.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(value.get()).map_err(|_| Code::RowNotJson),
        Some(b'{' | b'[') | None => Err(Code::WrongType),
        Some(b'n') => Ok(String::new()),
        Some(_) => Ok(value.get().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, Code> {
        let header = Header::of_names(&Reading::default());
        let record = cells(&header, text.as_bytes())?;
        let named = record.iter().zip(header.names()).filter(|(cell, _)| !cell.is_empty());
        Ok(named.map(|(cell, name)| format!("{name}={}", String::from_utf8_lossy(cell))).collect())
    }

    #[test]
    fn values_become_cells_and_numbers_keep_their_digits() {
        let read = read(r#"{"nik": 6402104101909001, "name": "Contoh \"A\"", "in_school": true, "phone": null}"#);
        assert_eq!(read.unwrap(), ["nik=6402104101909001", "name=Contoh \"A\"", "in_school=true"]);
    }

    #[test]
    fn what_is_no_plain_object_is_refused() {
        let deep = format!("{{\"name\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for (text, code) in [
            (r#"{"name": "a", "name": "b"}"#, Code::ColumnTwice),
            (r#"{"nama": "a"}"#, Code::ColumnUnknown),
            (r#"{"name": {"a": 1}}"#, Code::WrongType),
            (r#"["a"]"#, Code::RowNotJson),
            (r#"{"name": "a"} x"#, Code::RowNotJson),
            ("{", Code::RowNotJson),
            (deep.as_str(), Code::WrongType),
        ] {
            assert_eq!(read(text), Err(code), "{}", text.get(..20).unwrap_or(text));
        }
    }
}
