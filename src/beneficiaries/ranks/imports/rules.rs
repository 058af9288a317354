//! What a row of a file of ranks says, and what is wrong with it. Pure.

use chrono::NaiveDate;
use csv::ByteRecord;
use uuid::Uuid;

use crate::domain::{BeneficiaryId, CardNumber, Period, Text, is_far_ahead, text_enum};
use crate::error::{Code, Fault};

text_enum! {
    /// A column of a file of ranks.
    RankColumn {
        /// Family card number.
        CardNumber "card_number",
        /// Id of the family, where the file has it.
        BeneficiaryId "beneficiary_id",
        /// Who ranked the family.
        Source "source",
        /// First day of the period.
        Period "period",
        /// 1 poorest to 10.
        Decile "decile",
    }
}

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Header {
    places: Vec<(RankColumn, usize)>,
    width: usize,
}

impl Header {
    /// Reads the first row of a file.
    ///
    /// # Errors
    /// All columns that are missing, twice or not known; an unknown one by its place, as its name can be anything.
    pub(super) fn read(record: &ByteRecord) -> Result<Self, Vec<Fault>> {
        let (mut places, mut faults) = (Vec::<(RankColumn, usize)>::new(), Vec::new());
        for (place, name) in record.iter().enumerate() {
            let column = std::str::from_utf8(name).ok().and_then(|name| RankColumn::parse(name.trim()));
            match column {
                None => faults.push(Fault::new(format!("column {}", place + 1), Code::ColumnUnknown)),
                Some(column) if places.iter().any(|(known, _)| *known == column) => {
                    faults.push(Fault::new(column.as_str(), Code::ColumnTwice));
                }
                Some(column) => places.push((column, place)),
            }
        }
        let has = |column: RankColumn| places.iter().any(|(known, _)| *known == column);
        let needed = [RankColumn::Source, RankColumn::Period, RankColumn::Decile];
        let mut missing: Vec<RankColumn> = needed.into_iter().filter(|column| !has(*column)).collect();
        if !has(RankColumn::CardNumber) && !has(RankColumn::BeneficiaryId) {
            missing.push(RankColumn::CardNumber);
        }
        faults.extend(missing.into_iter().map(|column| Fault::new(column.as_str(), Code::ColumnMissing)));
        if faults.is_empty() { Ok(Self { places, width: record.len() }) } else { Err(faults) }
    }

    /// The cell of a column; empty where the file goes without it.
    fn cell<'a>(&self, record: &'a ByteRecord, column: RankColumn) -> &'a [u8] {
        let place = self.places.iter().find(|(known, _)| *known == column).map(|(_, place)| *place);
        place.and_then(|place| record.get(place)).unwrap_or_default()
    }
}

/// A row as far as it could be read; whole where `faults` is empty.
#[derive(Debug, Default)]
pub(super) struct RankRow {
    pub(super) card_number: Option<CardNumber>,
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    pub(super) source: Option<Text<40>>,
    pub(super) period: Option<Period>,
    pub(super) decile: Option<i16>,
    pub(super) faults: Vec<(Option<RankColumn>, Code)>,
}

impl RankRow {
    /// Reads a row on a day.
    pub(super) fn read(header: &Header, record: &ByteRecord, today: NaiveDate) -> Self {
        if record.len() != header.width {
            return Self { faults: vec![(None, Code::RowNotCsv)], ..Self::default() };
        }
        let mut faults = Vec::new();
        let mut row = Self {
            card_number: given(header, record, &mut faults, RankColumn::CardNumber, |text| {
                CardNumber::parse(text).ok_or(Code::CardNumberMalformed)
            }),
            beneficiary_id: given(header, record, &mut faults, RankColumn::BeneficiaryId, |text| {
                Uuid::parse_str(text).map(BeneficiaryId).map_err(|_| Code::WrongType)
            }),
            source: given(header, record, &mut faults, RankColumn::Source, |text| {
                Text::parse(text).map_err(|code| Code::parse(code).unwrap_or(Code::WrongType))
            }),
            period: given(header, record, &mut faults, RankColumn::Period, |text| period(text, today)),
            decile: given(header, record, &mut faults, RankColumn::Decile, |text| {
                text.parse().ok().filter(|decile| (1..=10).contains(decile)).ok_or(Code::DecileOutOfRange)
            }),
            faults: Vec::new(),
        };
        row.faults = faults;
        row.add_what_is_missing();
        row
    }

    /// A cell that was given and could not be read is told already.
    fn add_what_is_missing(&mut self) {
        let has_family = self.card_number.is_some() || self.beneficiary_id.is_some();
        let family = [RankColumn::CardNumber, RankColumn::BeneficiaryId];
        if !has_family && !self.faults.iter().any(|(told, _)| told.is_some_and(|told| family.contains(&told))) {
            self.faults.push((Some(RankColumn::CardNumber), Code::Required));
        }
        if self.card_number.is_some() && self.beneficiary_id.is_some() {
            // Which of the two is meant where they differ, nobody can tell.
            self.faults.push((Some(RankColumn::BeneficiaryId), Code::FamilyNamedTwice));
        }
        let needed = [
            (RankColumn::Source, self.source.is_none()),
            (RankColumn::Period, self.period.is_none()),
            (RankColumn::Decile, self.decile.is_none()),
        ];
        for (column, is_missing) in needed {
            if is_missing && !self.faults.iter().any(|(told, _)| *told == Some(column)) {
                self.faults.push((Some(column), Code::Required));
            }
        }
    }

    /// Faults as the staging table has them: `decile:decile_out_of_range source:required`.
    pub(super) fn told(&self) -> Option<String> {
        let told = self.faults.iter().map(|(column, code)| {
            let column = column.map_or("", RankColumn::as_str);
            format!("{column}:{}", code.as_str())
        });
        (!self.faults.is_empty()).then(|| told.collect::<Vec<_>>().join(" "))
    }
}

/// The value of a cell; `None` where it is empty, or at fault.
fn given<T>(
    header: &Header,
    record: &ByteRecord,
    faults: &mut Vec<(Option<RankColumn>, Code)>,
    column: RankColumn,
    read: impl FnOnce(&str) -> Result<T, Code>,
) -> Option<T> {
    let cell = header.cell(record, column);
    if cell.is_empty() {
        return None;
    }
    let value = std::str::from_utf8(cell).map_err(|_| Code::TextNotUtf8).and_then(read);
    value.map_err(|code| faults.push((Some(column), code))).ok()
}

fn period(cell: &str, today: NaiveDate) -> Result<Period, Code> {
    let day = NaiveDate::parse_from_str(cell, "%Y-%m-%d").ok().filter(|_| cell.len() == 10);
    let period = Period::starting(day.ok_or(Code::DateMalformed)?).ok_or(Code::PeriodNotFirstDay)?;
    if is_far_ahead(period.first_day(), today) { Err(Code::DateTooFarAhead) } else { Ok(period) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str], cells: &[&str]) -> Vec<(Option<&'static str>, Code)> {
        let header = Header::read(&ByteRecord::from(names.to_vec())).unwrap();
        let row =
            RankRow::read(&header, &ByteRecord::from(cells.to_vec()), NaiveDate::from_ymd_opt(2026, 11, 29).unwrap());
        row.faults.into_iter().map(|(column, code)| (column.map(RankColumn::as_str), code)).collect()
    }

    #[test]
    fn a_header_names_the_family_one_way_or_the_other() {
        let faults = |names: &[&str]| {
            let faults = Header::read(&ByteRecord::from(names.to_vec())).unwrap_err();
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let told = |pointer: &str, code| (pointer.to_owned(), code);
        let rank = ["source", "period", "decile"];
        assert_eq!(faults(&rank), [told("card_number", Code::ColumnMissing)]);
        let wrong = ["card_number", "source", "source", "6402104101909001", "period"];
        let expected = [
            told("source", Code::ColumnTwice),
            told("column 4", Code::ColumnUnknown),
            told("decile", Code::ColumnMissing),
        ];
        assert_eq!(faults(&wrong), expected);
    }

    #[test]
    fn every_fault_of_a_row_is_told() {
        let names = ["card_number", "beneficiary_id", "source", "period", "decile"];
        assert_eq!(read(&names, &["6402101001209001", "", "DTSEN", "2026-10-01", "3"]), []);
        let wrong = read(&names, &["1", "x", "", "2026-10-02", "11"]);
        let expected = [
            (Some("card_number"), Code::CardNumberMalformed),
            (Some("beneficiary_id"), Code::WrongType),
            (Some("period"), Code::PeriodNotFirstDay),
            (Some("decile"), Code::DecileOutOfRange),
            (Some("source"), Code::Required),
        ];
        assert_eq!(wrong, expected);
        assert_eq!(read(&names, &["", "", "DTSEN", "2026-10-01", "3"]), [(Some("card_number"), Code::Required)]);
        assert_eq!(read(&names, &["1"]), [(None, Code::RowNotCsv)]);
    }
}
