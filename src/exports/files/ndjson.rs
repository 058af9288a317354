//! One JSON object a line, as the list answers its rows.

use super::{File, plain};
use crate::exports::rules::Cell;

/// A file of JSON lines.
pub(super) struct Ndjson {
    out: Vec<u8>,
    /// What stands before each value: `{"id":`, `,"name":`.
    names: Vec<Vec<u8>>,
    at: usize,
}

impl Ndjson {
    pub(super) fn new(names: &[&'static str]) -> Self {
        let before = |(at, name): (usize, &&str)| {
            let mark = if at == 0 { '{' } else { ',' };
            format!("{mark}\"{name}\":").into_bytes()
        };
        Self { out: Vec::new(), names: names.iter().enumerate().map(before).collect(), at: 0 }
    }

    fn quoted(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'"');
        write(&mut self.out);
        self.out.push(b'"');
    }

    fn text(&mut self, text: &str) {
        // Writing text into memory does not fail.
        serde_json::to_writer(&mut self.out, text).ok();
    }

    fn texts(&mut self, texts: &[&str]) {
        self.out.push(b'[');
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.text(text);
        }
        self.out.push(b']');
    }
}

impl File for Ndjson {
    fn cell(&mut self, cell: &Cell<'_>) {
        if let Some(name) = self.names.get(self.at) {
            self.out.extend_from_slice(name);
        }
        self.at += 1;
        match cell {
            Cell::Empty => self.out.extend_from_slice(b"null"),
            Cell::Id(id) => self.quoted(|out| plain::id(out, *id)),
            Cell::Text(text) => self.text(text),
            Cell::Json(json) => self.out.extend_from_slice(json.as_bytes()),
            Cell::Number(digits) => self.quoted(|out| out.extend_from_slice(digits.as_bytes())),
            Cell::Whole(number) => plain::whole(&mut self.out, *number),
            Cell::Hundredths(number) => plain::hundredths(&mut self.out, *number),
            Cell::Flag(flag) => self.out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Cell::Day(day) => self.quoted(|out| plain::day(out, *day)),
            Cell::Instant(micros) => self.quoted(|out| plain::instant(out, *micros)),
            Cell::Texts(texts) => self.texts(texts),
        }
    }

    fn end_row(&mut self) {
        self.at = 0;
        self.out.extend_from_slice(b"}\n");
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
    fn a_row_is_an_object_on_a_line() {
        let mut file = Ndjson::new(&["id", "name", "warnings", "in_school"]);
        for _ in 0..2 {
            file.cell(&Cell::Whole(7));
            file.cell(&Cell::Text("a \"b\"\n\\\u{1}é"));
            file.cell(&Cell::Texts(vec!["x", "y"]));
            file.cell(&Cell::Empty);
            file.end_row();
        }
        file.end();
        let text = String::from_utf8(file.take()).unwrap();
        let row = r#"{"id":7,"name":"a \"b\"\n\\\u0001é","warnings":["x","y"],"in_school":null}"#;
        assert_eq!(text, format!("{row}\n{row}\n"));
    }
}
