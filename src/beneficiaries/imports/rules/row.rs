//! A row of an import, read cell by cell; all its faults together.

use std::borrow::Cow;

use chrono::NaiveDate;
use csv::ByteRecord;

use super::attributes::Facts;
use super::cells;
use super::columns::{Column, Header};
use super::layout::Reading;
use super::villages::Villages;
use crate::beneficiaries::attributes::AttributeSchema;
use crate::beneficiaries::model::{Relationship, Sex};
use crate::beneficiaries::rules::Districts;
use crate::domain::{CardNumber, Line, Name, Nik, Period, Text, VillageCode, is_far_ahead};
use crate::error::Code;

/// What a row is checked against.
#[derive(Debug)]
pub(in crate::beneficiaries::imports) struct Surroundings {
    /// Villages of the sub-district.
    pub(in crate::beneficiaries::imports) villages: Villages,
    /// What names and values of the file mean.
    pub(in crate::beneficiaries::imports) reading: Reading,
    /// Schemas of attributes that are in force; none where the file tells no attribute.
    pub(in crate::beneficiaries::imports) schemas: Vec<AttributeSchema>,
    /// Districts that a NIK may start with.
    pub(in crate::beneficiaries::imports) districts: Districts,
    /// The present day.
    pub(in crate::beneficiaries::imports) today: NaiveDate,
}

/// The column of a cell at fault, where it is one, and why.
pub(in crate::beneficiaries::imports) type CellFault = (Option<Cow<'static, str>>, Code);

/// A row as far as it could be read; whole where `faults` is empty.
#[derive(Debug, Default)]
pub(in crate::beneficiaries::imports) struct FileRow {
    pub(in crate::beneficiaries::imports) card_number: Option<CardNumber>,
    pub(in crate::beneficiaries::imports) nik: Option<Nik>,
    pub(in crate::beneficiaries::imports) name: Option<Name>,
    pub(in crate::beneficiaries::imports) sex: Option<Sex>,
    pub(in crate::beneficiaries::imports) born_on: Option<NaiveDate>,
    pub(in crate::beneficiaries::imports) birth_place: Option<Name>,
    pub(in crate::beneficiaries::imports) mother_name: Option<Name>,
    pub(in crate::beneficiaries::imports) relationship: Option<Relationship>,
    pub(in crate::beneficiaries::imports) work: Option<Text<60>>,
    pub(in crate::beneficiaries::imports) is_pregnant: Option<bool>,
    pub(in crate::beneficiaries::imports) has_disability: Option<bool>,
    pub(in crate::beneficiaries::imports) in_school: Option<bool>,
    pub(in crate::beneficiaries::imports) village_code: Option<VillageCode>,
    pub(in crate::beneficiaries::imports) address: Option<Line>,
    pub(in crate::beneficiaries::imports) phone: Option<Text<20>>,
    pub(in crate::beneficiaries::imports) decile: Option<i16>,
    pub(in crate::beneficiaries::imports) decile_source: Option<Text<40>>,
    pub(in crate::beneficiaries::imports) decile_period: Option<Period>,
    pub(in crate::beneficiaries::imports) facts: Facts,
    pub(in crate::beneficiaries::imports) faults: Vec<CellFault>,
}

impl FileRow {
    /// Reads a row.
    pub(in crate::beneficiaries::imports) fn read(
        header: &Header,
        record: &ByteRecord,
        surroundings: &Surroundings,
    ) -> Self {
        if !header.fits(record) {
            return Self { faults: vec![(None, Code::RowNotCsv)], ..Self::default() };
        }
        let mut cells = Cells { header, record, reading: &surroundings.reading, faults: Vec::new() };
        let dates = surroundings.reading.dates;
        let mut row = Self {
            card_number: cells
                .needed(Column::CardNumber, |text| number(CardNumber::parse(text), text, Code::CardNumberMalformed)),
            nik: cells.given(Column::Nik, |text| number(Nik::parse(text), text, Code::NikMalformed)),
            name: cells.needed(Column::Name, text),
            sex: cells.needed(Column::Sex, sex),
            born_on: cells.given(Column::BornOn, |text| cells::date(text, dates)),
            birth_place: cells.given(Column::BirthPlace, text),
            mother_name: cells.given(Column::MotherName, text),
            relationship: cells
                .needed(Column::Relationship, |text| Relationship::parse(text).ok_or(Code::ValueUnknown)),
            work: cells.given(Column::Work, text),
            is_pregnant: cells.given(Column::IsPregnant, flag),
            has_disability: cells.given(Column::HasDisability, flag),
            in_school: cells.given(Column::InSchool, flag),
            village_code: cells.needed(Column::VillageCode, |text| surroundings.villages.find(text)),
            address: cells.given(Column::Address, text),
            phone: cells.given(Column::Phone, text),
            decile: cells.given(Column::Decile, decile),
            decile_source: cells.given(Column::DecileSource, text),
            decile_period: cells.given(Column::DecilePeriod, |text| {
                Period::starting(cells::date(text, dates)?).ok_or(Code::PeriodNotFirstDay)
            }),
            facts: cells.facts(surroundings),
            faults: Vec::new(),
        };
        row.faults = cells.faults;
        row.add_faults_between_cells(surroundings.today);
        row
    }

    fn add_faults_between_cells(&mut self, today: NaiveDate) {
        if self.born_on.is_some_and(|born_on| born_on > today) {
            self.add_fault(Column::BornOn, Code::DateInFuture);
        }
        if self.decile_period.is_some_and(|period| is_far_ahead(period.first_day(), today)) {
            self.add_fault(Column::DecilePeriod, Code::DateTooFarAhead);
        }
        let (nik, card) = (self.nik.as_ref().map(Nik::reveal), self.card_number.as_ref().map(CardNumber::reveal));
        if nik.is_some() && nik == card {
            self.add_fault(Column::Nik, Code::CardNumberIsNik);
        }
        let rank = [
            (Column::Decile, self.decile.is_some()),
            (Column::DecileSource, self.decile_source.is_some()),
            (Column::DecilePeriod, self.decile_period.is_some()),
        ];
        if rank.iter().any(|(_, is_given)| *is_given) {
            for (column, _) in rank.iter().filter(|(_, is_given)| !is_given) {
                // A cell that was given and could not be read is told already.
                if !self.faults.iter().any(|(told, _)| told.as_deref() == Some(column.as_str())) {
                    self.add_fault(*column, Code::Required);
                }
            }
        }
    }

    fn add_fault(&mut self, column: Column, code: Code) {
        self.faults.push((Some(column.as_str().into()), code));
    }
}

/// The cells of a row while they are read.
pub(super) struct Cells<'a> {
    pub(super) header: &'a Header,
    pub(super) record: &'a ByteRecord,
    pub(super) reading: &'a Reading,
    pub(super) faults: Vec<CellFault>,
}

impl Cells<'_> {
    /// The value of a cell; `None` where it is empty, or at fault.
    fn given<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Code>) -> Option<T> {
        self.value(column, false, read)
    }

    /// The value of a cell that must not be empty.
    pub(super) fn needed<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Code>) -> Option<T> {
        self.value(column, true, read)
    }

    fn value<T>(&mut self, column: Column, is_needed: bool, read: impl FnOnce(&str) -> Result<T, Code>) -> Option<T> {
        let value = match std::str::from_utf8(self.header.cell(self.record, column.index())) {
            Err(_) => Err(Code::TextNotUtf8),
            Ok(cell) => match self.reading.value(column, cell) {
                "" if is_needed => Err(Code::Required),
                "" => return None,
                error if cells::is_error(error) => Err(Code::CellError),
                value => read(value),
            },
        };
        value.map_err(|code| self.faults.push((Some(column.as_str().into()), code))).ok()
    }
}

/// Sixteen digits, or why they are not.
fn number<T>(parsed: Option<T>, text: &str, malformed: Code) -> Result<T, Code> {
    parsed.ok_or_else(|| cells::lost_digits(text).unwrap_or(malformed))
}

/// Text of limited length.
pub(super) fn text<const MAX: usize>(cell: &str) -> Result<Text<MAX>, Code> {
    Text::parse(cell).map_err(|code| Code::parse(code).unwrap_or(Code::WrongType))
}

/// The card itself says L (laki-laki) and P (perempuan).
fn sex(cell: &str) -> Result<Sex, Code> {
    match cell {
        "L" => Ok(Sex::Male),
        "P" => Ok(Sex::Female),
        other => Sex::parse(other).ok_or(Code::ValueUnknown),
    }
}

fn flag(cell: &str) -> Result<bool, Code> {
    match cell {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Code::ValueUnknown),
    }
}

fn decile(cell: &str) -> Result<i16, Code> {
    cell.parse().ok().filter(|decile| (1..=10).contains(decile)).ok_or(Code::DecileOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: [&str; 9]) -> FileRow {
        let names = ["card_number", "nik", "name", "sex", "born_on", "relationship", "village_code", "decile", "phone"];
        let surroundings = Surroundings {
            villages: Villages::new(VillageCode::parse("64.02.10.2004").map(|code| (code, None))),
            reading: Reading::default(),
            schemas: Vec::new(),
            districts: Districts::default(),
            today: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        };
        let header = Header::read(&ByteRecord::from(names.to_vec()), &surroundings.reading).unwrap();
        FileRow::read(&header, &ByteRecord::from(cells.to_vec()), &surroundings)
    }

    #[test]
    fn every_fault_of_a_row_is_told() {
        let row = read(["1", "123", "", "x", "2199-01-01", "head", "64.02.10.9999", "11", ""]);
        let told: Vec<_> = row.faults.iter().map(|(column, code)| (column.as_deref().unwrap(), *code)).collect();
        let expected = [
            ("card_number", Code::CardNumberMalformed),
            ("nik", Code::NikMalformed),
            ("name", Code::Required),
            ("sex", Code::ValueUnknown),
            ("village_code", Code::VillageUnknown),
            ("decile", Code::DecileOutOfRange),
            ("born_on", Code::DateInFuture),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_good_row_is_read_whole() {
        let card = "6402101001209001";
        let row = read([card, "", "Contoh", "P", "1990-01-01", "head", "64.02.10.2004", "", ""]);
        assert!(row.faults.is_empty(), "{:?}", row.faults);
        assert_eq!((row.sex, row.nik, row.decile), (Some(Sex::Female), None, None));
        let row = read([card, "", "Contoh", "L", "1-1-1990", "head", "64.02.10.2004", "3", ""]);
        let codes: Vec<_> = row.faults.iter().map(|(_, code)| *code).collect();
        assert_eq!(codes, [Code::DateMalformed, Code::Required, Code::Required]);
    }
}
