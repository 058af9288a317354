//! A workbook, written from front to end: texts stand in their cells, and sheets follow each other.
//!
//! Source: ECMA-376, part 1 (`SpreadsheetML`) and part 2 (packages).

use std::fmt::Write;

use chrono::NaiveDate;

use super::zip::Zip;
use super::{File, plain, starts_formula};
use crate::exports::rules::Cell;

/// Rows that a sheet can have below its header.
const ROWS: u32 = 1_048_575;

/// The sheets are the default, so that their number need not be known at the start.
const TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    "</Types>",
);

const ROOT: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>"#,
    "</Relationships>",
);

/// Style 0 is plain, style 1 a day.
const STYLES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>"#,
    r#"<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>"#,
    r#"<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>"#,
    r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
    r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
    r#"<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
    r#"<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>"#,
    r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
);

const SHEET_START: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
);
const SHEET_END: &str = "</sheetData></worksheet>";

/// A workbook.
pub(super) struct Xlsx {
    zip: Zip,
    names: Vec<&'static str>,
    /// Letters of each column.
    letters: Vec<String>,
    sheets: u32,
    /// Number of the row in its sheet, the header being 1.
    row: u32,
    at: usize,
    /// The row so far.
    written: Vec<u8>,
    most_rows: u32,
}

impl Xlsx {
    pub(super) fn new(names: &[&'static str]) -> Self {
        Self::with_most_rows(names, ROWS)
    }

    fn with_most_rows(names: &[&'static str], most_rows: u32) -> Self {
        let mut zip = Zip::new();
        for (name, text) in [("[Content_Types].xml", TYPES), ("_rels/.rels", ROOT), ("xl/styles.xml", STYLES)] {
            zip.begin(name.to_owned());
            zip.add(text.as_bytes());
        }
        let letters = (0..names.len()).map(letters).collect();
        let mut file =
            Self { zip, names: names.to_vec(), letters, sheets: 0, row: 0, at: 0, written: Vec::new(), most_rows };
        file.begin_sheet();
        file
    }

    fn begin_sheet(&mut self) {
        self.sheets += 1;
        self.row = 1;
        self.zip.begin(format!("xl/worksheets/sheet{}.xml", self.sheets));
        self.zip.add(SHEET_START.as_bytes());
        self.begin_row();
        for name in self.names.clone() {
            self.cell(&Cell::Text(name));
        }
        self.close_row();
    }

    fn begin_row(&mut self) {
        self.at = 0;
        self.put("<row r=\"");
        plain::whole(&mut self.written, self.row.into());
        self.put("\">");
    }

    fn begin_row_if_due(&mut self) {
        if !self.written.is_empty() {
            return;
        }
        if self.row > self.most_rows + 1 {
            self.end_sheet();
            self.begin_sheet();
        }
        self.begin_row();
    }

    fn close_row(&mut self) {
        self.put("</row>");
        self.zip.add(&self.written);
        self.written.clear();
        self.row += 1;
    }

    fn put(&mut self, xml: &str) {
        self.written.extend_from_slice(xml.as_bytes());
    }

    /// Opens a cell at the place that is due, with more attributes.
    fn open(&mut self, attributes: &str) {
        self.put("<c r=\"");
        if let Some(letters) = self.letters.get(self.at) {
            self.written.extend_from_slice(letters.as_bytes());
        }
        plain::whole(&mut self.written, self.row.into());
        self.put("\"");
        self.put(attributes);
        self.put(">");
    }

    fn text(&mut self, text: &str) {
        self.open(" t=\"inlineStr\"");
        self.put("<is><t xml:space=\"preserve\">");
        if starts_formula(text) {
            self.put("'");
        }
        for character in text.chars() {
            match character {
                '&' => self.put("&amp;"),
                '<' => self.put("&lt;"),
                '>' => self.put("&gt;"),
                '\r' => self.put("&#13;"),
                // No XML may hold these.
                '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    self.put("\u{fffd}");
                }
                character => self.put(character.encode_utf8(&mut [0; 4])),
            }
        }
        self.put("</t></is></c>");
    }

    fn value(&mut self, attributes: &str, write: impl FnOnce(&mut Vec<u8>)) {
        self.open(attributes);
        self.put("<v>");
        write(&mut self.written);
        self.put("</v></c>");
    }

    /// A text that we made ourselves.
    fn own(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.open(" t=\"inlineStr\"");
        self.put("<is><t>");
        write(&mut self.written);
        self.put("</t></is></c>");
    }

    fn end_sheet(&mut self) {
        self.zip.add(SHEET_END.as_bytes());
    }

    fn workbook(&self) -> (String, String) {
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let (mut sheets, mut relations) = (String::new(), String::new());
        for number in 1..=self.sheets {
            // Writing into memory does not fail.
            write!(sheets, r#"<sheet name="{number}" sheetId="{number}" r:id="rId{number}"/>"#).ok();
            write!(
                relations,
                r#"<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
            )
            .ok();
        }
        let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
        let workbook = format!(
            r#"{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}"><sheets>{sheets}</sheets></workbook>"#
        );
        let styles = self.sheets + 1;
        let relations = format!(
            r#"{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}<Relationship Id="rId{styles}" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
        );
        (workbook, relations)
    }
}

/// Letters of a column: A to Z, AA and on.
fn letters(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or_default());
    let before = (column / 26).checked_sub(1).map(letters).unwrap_or_default();
    format!("{before}{letter}")
}

/// The number of a day in a workbook; none before 1900-03-01, as a workbook knows a day too many in that year.
fn serial(day: NaiveDate) -> Option<i64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = day.signed_duration_since(epoch).num_days();
    (61..2_958_466).contains(&days).then_some(days)
}

impl File for Xlsx {
    fn cell(&mut self, cell: &Cell<'_>) {
        self.begin_row_if_due();
        match cell {
            Cell::Empty => {}
            Cell::Id(id) => self.own(|out| plain::id(out, *id)),
            Cell::Text(text) | Cell::Json(text) => self.text(text),
            Cell::Number(digits) => self.own(|out| out.extend_from_slice(digits.as_bytes())),
            Cell::Whole(number) => self.value("", |out| plain::whole(out, *number)),
            Cell::Hundredths(number) => self.value("", |out| plain::hundredths(out, *number)),
            Cell::Flag(flag) => self.value(" t=\"b\"", |out| out.push(if *flag { b'1' } else { b'0' })),
            Cell::Day(day) => match serial(*day) {
                Some(serial) => self.value(" s=\"1\"", |out| plain::whole(out, serial)),
                None => self.own(|out| plain::day(out, *day)),
            },
            Cell::Instant(micros) => self.own(|out| plain::instant(out, *micros)),
            Cell::Texts(texts) => self.text(&texts.join(" ")),
        }
        self.at += 1;
    }

    fn end_row(&mut self) {
        self.close_row();
    }

    fn end(&mut self) {
        self.end_sheet();
        let (workbook, relations) = self.workbook();
        self.zip.begin("xl/workbook.xml".to_owned());
        self.zip.add(workbook.as_bytes());
        self.zip.begin("xl/_rels/workbook.xml.rels".to_owned());
        self.zip.add(relations.as_bytes());
        self.zip.end();
    }

    fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader};
    use std::io::Cursor;

    use super::*;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn days_have_numbers_from_march_1900_on() {
        let serial = |year, month, day| serial(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        assert_eq!(serial(1900, 2, 28), None);
        assert_eq!(serial(1900, 3, 1), Some(61));
        assert_eq!(serial(2026, 11, 28), Some(46_354));
    }

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let mut file = Xlsx::with_most_rows(&["id", "name"], 2);
        let mut bytes = Vec::new();
        for number in 0..5 {
            file.cell(&Cell::Whole(number));
            file.cell(&Cell::Text("<&> \u{1}é 'a'\r\n"));
            file.end_row();
            bytes.extend(file.take());
        }
        file.end();
        bytes.extend(file.take());
        let mut book = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["1", "2", "3"]);
        let mut numbers = Vec::new();
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).unwrap();
            let mut rows = sheet.rows();
            assert_eq!(rows.next().unwrap(), [Data::String("id".into()), Data::String("name".into())]);
            for row in rows {
                numbers.push(row[0].clone());
                assert_eq!(row[1], Data::String("<&> \u{fffd}é 'a'\r\n".into()));
            }
        }
        assert_eq!(numbers, [0.0, 1.0, 2.0, 3.0, 4.0].map(Data::Float));
    }
}
