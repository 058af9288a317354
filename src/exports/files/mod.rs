//! Files of rows, written piece by piece.

mod csv;
mod ndjson;
mod plain;
mod xlsx;
mod zip;

use super::model::ExportFormat;
use super::rules::Cell;

/// A file that is being written: cell after cell, row after row, taken away as it comes.
pub(super) trait File: Send {
    /// Writes the next cell of the row.
    fn cell(&mut self, cell: &Cell<'_>);

    /// Ends the row.
    fn end_row(&mut self);

    /// Ends the file.
    fn end(&mut self);

    /// Takes away what is written.
    fn take(&mut self) -> Vec<u8>;
}

/// Begins a file with columns of these names.
pub(super) fn begin(format: ExportFormat, names: &[&'static str]) -> Box<dyn File> {
    match format {
        ExportFormat::Csv => Box::new(csv::Csv::new(names)),
        ExportFormat::Ndjson => Box::new(ndjson::Ndjson::new(names)),
        ExportFormat::Xlsx => Box::new(xlsx::Xlsx::new(names)),
    }
}

/// Characters that make a spreadsheet take a cell for a formula, in their wide forms as well.
///
/// Source: OWASP, "CSV Injection", read 2026-11-28.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// True where a text must not stand alone in a cell: an apostrophe in front makes it one.
pub(crate) fn starts_formula(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_told_apart() {
        for text in ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(starts_formula(text), "{text:?}");
        }
        for text in ["", "RT 03", "a=1", "'=1", " =1", "6402********0001"] {
            assert!(!starts_formula(text), "{text:?}");
        }
    }
}
