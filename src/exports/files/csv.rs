//! Text with commas between cells and a header.
//!
//! Source: RFC 4180. Nothing in a cell is computed when a spreadsheet opens the file.

use super::{File, plain, starts_formula};
use crate::exports::rules::Cell;

/// A CSV file.
pub(super) struct Csv {
    out: Vec<u8>,
    is_first: bool,
    is_empty: bool,
}

impl Csv {
    pub(super) fn new(names: &[&'static str]) -> Self {
        let mut out = names.join(",").into_bytes();
        out.extend_from_slice(b"\r\n");
        Self { out, is_first: true, is_empty: true }
    }

    fn text(&mut self, text: &str) {
        let needs_quotes = |byte: u8| matches!(byte, b'"' | b',' | b'\r' | b'\n' | b'\t' | b' ' | b';');
        let has_quotes = text.bytes().any(needs_quotes);
        if has_quotes {
            self.out.push(b'"');
        }
        if starts_formula(text) {
            self.out.push(b'\'');
        }
        for (at, part) in text.split('"').enumerate() {
            if at > 0 {
                self.out.extend_from_slice(b"\"\"");
            }
            self.out.extend_from_slice(part.as_bytes());
        }
        if has_quotes {
            self.out.push(b'"');
        }
    }
}

impl File for Csv {
    fn cell(&mut self, cell: &Cell<'_>) {
        if !self.is_first {
            self.out.push(b',');
        }
        let before = self.out.len();
        match cell {
            Cell::Empty => {}
            Cell::Id(id) => plain::id(&mut self.out, *id),
            Cell::Text(text) | Cell::Json(text) => self.text(text),
            Cell::Number(digits) => self.out.extend_from_slice(digits.as_bytes()),
            Cell::Whole(number) => plain::whole(&mut self.out, *number),
            Cell::Hundredths(number) => plain::hundredths(&mut self.out, *number),
            Cell::Flag(flag) => self.out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Cell::Day(day) => plain::day(&mut self.out, *day),
            Cell::Instant(micros) => plain::instant(&mut self.out, *micros),
            Cell::Texts(texts) => self.text(&texts.join(" ")),
        }
        self.is_empty &= self.is_first && self.out.len() == before;
        self.is_first = false;
    }

    fn end_row(&mut self) {
        // A line without anything is no row to those who read it.
        if self.is_empty {
            self.out.extend_from_slice(b"\"\"");
        }
        self.out.extend_from_slice(b"\r\n");
        (self.is_first, self.is_empty) = (true, true);
    }

    fn end(&mut self) {}

    fn take(&mut self) -> Vec<u8> {
        let size = self.out.capacity();
        std::mem::replace(&mut self.out, Vec::with_capacity(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_and_formulas_as_text() {
        let texts = ["plain", "=1+1", "-2", "+62 812", "@a", "\tx", "\rx", "a,b", "say \"hi\"", "two\nlines", ""];
        let mut file = Csv::new(&["a", "b"]);
        for text in texts {
            file.cell(&Cell::Text(text));
            file.cell(&Cell::Whole(-3));
            file.end_row();
        }
        file.end();
        let bytes = file.take();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let read: Vec<_> = reader.records().map(|record| record.unwrap()).collect();
        assert_eq!(read.len(), texts.len());
        for (text, record) in texts.iter().zip(&read) {
            let expected = if starts_formula(text) { format!("'{text}") } else { (*text).to_owned() };
            assert_eq!((record.get(0), record.get(1)), (Some(expected.as_str()), Some("-3")));
        }
    }

    #[test]
    fn a_row_of_nothing_is_a_row() {
        let mut file = Csv::new(&["phone"]);
        file.cell(&Cell::Empty);
        file.end_row();
        let mut file_of_two = Csv::new(&["phone", "address"]);
        file_of_two.cell(&Cell::Empty);
        file_of_two.cell(&Cell::Empty);
        file_of_two.end_row();
        assert_eq!(file.take(), b"phone\r\n\"\"\r\n");
        assert_eq!(file_of_two.take(), b"phone,address\r\n,\r\n");
    }
}
