//! What a row of a file of results says, and what is wrong with it. Pure.

use chrono::NaiveDate;
use csv::ByteRecord;
use uuid::Uuid;

use crate::domain::{CardNumber, EntitlementId, Nik, Quantity, Text, has_plain_year, text_enum};
use crate::error::{Code, Fault};

text_enum! {
    /// A column of a file of results.
    ResultColumn {
        /// Id of the entitlement, where the file has it.
        EntitlementId "entitlement_id",
        /// Family card number.
        CardNumber "card_number",
        /// NIK of a member.
        Nik "nik",
        /// How much, in the unit of the program.
        Quantity "quantity",
        /// Day it was handed over, or tried.
        On "on",
        /// `delivered` or `failed`.
        Outcome "outcome",
        /// Number of the transaction, or of the minutes (BAST).
        Reference "reference",
        /// Why nothing was handed over.
        FailureReason "failure_reason",
        /// Component of the benefit that it is for, where the file tells.
        Component "component",
    }
}

/// Ways to say whom a row is about.
const NAMES: [ResultColumn; 3] = [ResultColumn::EntitlementId, ResultColumn::CardNumber, ResultColumn::Nik];
/// Columns without which a file says nothing.
const NEEDED: [ResultColumn; 4] =
    [ResultColumn::Quantity, ResultColumn::On, ResultColumn::Outcome, ResultColumn::Reference];

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Header {
    places: Vec<(ResultColumn, usize)>,
    width: usize,
}

impl Header {
    /// Reads the first row of a file.
    ///
    /// # Errors
    /// All columns that are missing, twice or not known; an unknown one by its place, as its name can be anything.
    pub(super) fn read(record: &ByteRecord) -> Result<Self, Vec<Fault>> {
        let (mut places, mut faults) = (Vec::<(ResultColumn, usize)>::new(), Vec::new());
        for (place, name) in record.iter().enumerate() {
            let name = if place == 0 { name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name) } else { name };
            let column = std::str::from_utf8(name).ok().and_then(|name| ResultColumn::parse(name.trim()));
            match column {
                None => faults.push(Fault::new(format!("column {}", place + 1), Code::ColumnUnknown)),
                Some(column) if places.iter().any(|(known, _)| *known == column) => {
                    faults.push(Fault::new(column.as_str(), Code::ColumnTwice));
                }
                Some(column) => places.push((column, place)),
            }
        }
        let has = |column: &ResultColumn| places.iter().any(|(known, _)| known == column);
        let mut missing: Vec<ResultColumn> = NEEDED.into_iter().filter(|column| !has(column)).collect();
        if !NAMES.iter().any(has) {
            missing.push(ResultColumn::EntitlementId);
        }
        faults.extend(missing.into_iter().map(|column| Fault::new(column.as_str(), Code::ColumnMissing)));
        if faults.is_empty() { Ok(Self { places, width: record.len() }) } else { Err(faults) }
    }

    /// The cell of a column; empty where the file goes without it.
    fn cell<'a>(&self, record: &'a ByteRecord, column: ResultColumn) -> &'a [u8] {
        let place = self.places.iter().find(|(known, _)| *known == column).map(|(_, place)| *place);
        place.and_then(|place| record.get(place)).unwrap_or_default()
    }
}

/// A row as far as it could be read; whole where `faults` is empty.
#[derive(Debug, Default)]
pub(super) struct ResultRow {
    pub(super) entitlement_id: Option<EntitlementId>,
    pub(super) card_number: Option<CardNumber>,
    pub(super) nik: Option<Nik>,
    pub(super) quantity: Option<Quantity>,
    pub(super) on: Option<NaiveDate>,
    pub(super) is_failed: bool,
    pub(super) reference: Option<Text<80>>,
    pub(super) failure_reason: Option<Text<200>>,
    pub(super) component: Option<Text<40>>,
    pub(super) faults: Vec<(Option<ResultColumn>, Code)>,
}

/// Reads the cells of one row and gathers what is wrong with them.
struct Cells<'a> {
    header: &'a Header,
    record: &'a ByteRecord,
    faults: Vec<(Option<ResultColumn>, Code)>,
}

impl Cells<'_> {
    /// The value of a cell; `None` where it is empty, or at fault.
    fn given<T>(&mut self, column: ResultColumn, read: impl FnOnce(&str) -> Result<T, Code>) -> Option<T> {
        let cell = self.header.cell(self.record, column);
        if cell.is_empty() {
            return None;
        }
        let value = std::str::from_utf8(cell).map_err(|_| Code::TextNotUtf8).and_then(read);
        value.map_err(|code| self.faults.push((Some(column), code))).ok()
    }

    fn text<const MAX: usize>(&mut self, column: ResultColumn) -> Option<Text<MAX>> {
        self.given(column, |text| Text::parse(text).map_err(|code| Code::parse(code).unwrap_or(Code::WrongType)))
    }
}

impl ResultRow {
    /// Reads a row.
    pub(super) fn read(header: &Header, record: &ByteRecord, today: NaiveDate) -> Self {
        if record.len() != header.width {
            return Self { faults: vec![(None, Code::RowNotCsv)], ..Self::default() };
        }
        let mut cells = Cells { header, record, faults: Vec::new() };
        let outcome = cells.given(ResultColumn::Outcome, |text| match text {
            "delivered" => Ok(false),
            "failed" => Ok(true),
            _ => Err(Code::ValueUnknown),
        });
        let mut row = Self {
            entitlement_id: cells.given(ResultColumn::EntitlementId, |text| {
                Uuid::parse_str(text).map(EntitlementId).map_err(|_| Code::WrongType)
            }),
            card_number: cells
                .given(ResultColumn::CardNumber, |text| CardNumber::parse(text).ok_or(Code::CardNumberMalformed)),
            nik: cells.given(ResultColumn::Nik, |text| Nik::parse(text).ok_or(Code::NikMalformed)),
            quantity: cells.given(ResultColumn::Quantity, |text| {
                let quantity: Quantity = text.parse().map_err(|_| Code::QuantityMalformed)?;
                if quantity.is_zero() { Err(Code::QuantityZero) } else { Ok(quantity) }
            }),
            on: cells.given(ResultColumn::On, |text| day(text, today)),
            is_failed: outcome == Some(true),
            reference: cells.text(ResultColumn::Reference),
            failure_reason: cells.text(ResultColumn::FailureReason),
            component: cells.text(ResultColumn::Component),
            faults: Vec::new(),
        };
        row.faults = cells.faults;
        row.add_what_is_missing(outcome.is_some());
        row
    }

    /// A cell that was given and could not be read is told already.
    fn add_what_is_missing(&mut self, has_outcome: bool) {
        let given = [self.entitlement_id.is_some(), self.card_number.is_some(), self.nik.is_some()];
        let named = given.into_iter().filter(|is_given| *is_given).count();
        let is_misnamed = self.faults.iter().any(|(told, _)| told.is_some_and(|told| NAMES.contains(&told)));
        if named == 0 && !is_misnamed {
            self.faults.push((None, Code::FamilyNotNamed));
        }
        if named > 1 {
            // Which of them is meant where they differ, nobody can tell.
            self.faults.push((None, Code::FamilyNamedTwice));
        }
        let needed = [
            (ResultColumn::Outcome, !has_outcome),
            (ResultColumn::On, self.on.is_none()),
            (ResultColumn::Quantity, self.quantity.is_none() && !self.is_failed),
            (ResultColumn::Reference, self.reference.is_none() && !self.is_failed),
            (ResultColumn::FailureReason, self.failure_reason.is_none() && self.is_failed),
        ];
        for (column, is_missing) in needed {
            if is_missing && !self.faults.iter().any(|(told, _)| *told == Some(column)) {
                self.faults.push((Some(column), Code::Required));
            }
        }
    }

    /// Faults as the staging table has them: `quantity:quantity_zero reference:required`.
    pub(super) fn told(&self) -> Option<String> {
        let told = self.faults.iter().map(|(column, code)| {
            let column = column.map_or("", ResultColumn::as_str);
            format!("{column}:{}", code.as_str())
        });
        (!self.faults.is_empty()).then(|| told.collect::<Vec<_>>().join(" "))
    }
}

fn day(cell: &str, today: NaiveDate) -> Result<NaiveDate, Code> {
    let day = NaiveDate::parse_from_str(cell, "%Y-%m-%d").ok().filter(|_| cell.len() == 10);
    let day = day.filter(|day| has_plain_year(*day)).ok_or(Code::DateMalformed)?;
    if day > today { Err(Code::DateInFuture) } else { Ok(day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES_OF_COLUMNS: [&str; 8] =
        ["entitlement_id", "card_number", "nik", "quantity", "on", "outcome", "reference", "failure_reason"];

    fn read(cells: &[&str]) -> Vec<(Option<&'static str>, Code)> {
        let header = Header::read(&ByteRecord::from(NAMES_OF_COLUMNS.to_vec())).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
        let row = ResultRow::read(&header, &ByteRecord::from(cells.to_vec()), today);
        row.faults.into_iter().map(|(column, code)| (column.map(ResultColumn::as_str), code)).collect()
    }

    #[test]
    fn a_header_names_the_family_somehow() {
        let faults = Header::read(&ByteRecord::from(vec!["quantity", "quantity", "on", "outcome", "x"])).unwrap_err();
        let faults: Vec<_> = faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect();
        let expected = [
            ("quantity".to_owned(), Code::ColumnTwice),
            ("column 5".to_owned(), Code::ColumnUnknown),
            ("reference".to_owned(), Code::ColumnMissing),
            ("entitlement_id".to_owned(), Code::ColumnMissing),
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn every_fault_of_a_row_is_told() {
        assert_eq!(read(&["", "6402101001209001", "", "10", "2026-01-20", "delivered", "TRX-1", ""]), []);
        assert_eq!(read(&["", "6402101001209001", "", "", "2026-01-20", "failed", "", "Rekening tutup"]), []);
        let wrong = read(&["x", "", "", "0", "2026-03-01", "given", "", ""]);
        let expected = [
            (Some("outcome"), Code::ValueUnknown),
            (Some("entitlement_id"), Code::WrongType),
            (Some("quantity"), Code::QuantityZero),
            (Some("on"), Code::DateInFuture),
            (Some("reference"), Code::Required),
        ];
        assert_eq!(wrong, expected);
        let nobody = read(&["", "", "", "1", "2026-01-20", "delivered", "TRX-1", ""]);
        assert_eq!(nobody, [(None, Code::FamilyNotNamed)]);
        assert_eq!(read(&["1"]), [(None, Code::RowNotCsv)]);
    }
}
