//! The header of an import: which column stands where.

use csv::ByteRecord;

use crate::domain::text_enum;
use crate::error::{Code, Fault};

text_enum! {
    /// A column of an import.
    Column {
        /// Family card number.
        CardNumber "card_number",
        /// NIK; empty where there is none yet.
        Nik "nik",
        /// Name.
        Name "name",
        /// `male` or `female`, or `L` or `P`.
        Sex "sex",
        /// Birth date, `1990-01-31`.
        BornOn "born_on",
        /// Birth place.
        BirthPlace "birth_place",
        /// Mother's name.
        MotherName "mother_name",
        /// Relationship to the head.
        Relationship "relationship",
        /// Work.
        Work "work",
        /// `true` or `false`.
        IsPregnant "is_pregnant",
        /// `true` or `false`.
        HasDisability "has_disability",
        /// `true` or `false`.
        InSchool "in_school",
        /// Village, `64.02.10.2004`.
        VillageCode "village_code",
        /// Address.
        Address "address",
        /// Telephone.
        Phone "phone",
        /// Welfare rank, 1 poorest to 10.
        Decile "decile",
        /// Who ranked the family.
        DecileSource "decile_source",
        /// First day of the period of the rank.
        DecilePeriod "decile_period",
    }
}

impl Column {
    /// Columns that a file cannot go without; the others may be left out.
    const NEEDED: [Self; 5] = [Self::CardNumber, Self::Name, Self::Sex, Self::Relationship, Self::VillageCode];
}

/// Where each column stands.
#[derive(Debug)]
pub(in crate::beneficiaries::imports) struct Header {
    places: Vec<(Column, usize)>,
    width: usize,
}

impl Header {
    /// Reads the first row of a file.
    ///
    /// # Errors
    /// All columns that are missing, twice or not known; an unknown one by its place, as its name can be anything.
    pub(in crate::beneficiaries::imports) fn read(record: &ByteRecord) -> Result<Self, Vec<Fault>> {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        for (place, name) in record.iter().enumerate() {
            let column = std::str::from_utf8(name).ok().and_then(|name| Column::parse(name.trim()));
            match column {
                None => faults.push(Fault::new(format!("column {}", place + 1), Code::ColumnUnknown)),
                Some(column) if places.iter().any(|(known, _)| *known == column) => {
                    faults.push(Fault::new(column.as_str(), Code::ColumnTwice));
                }
                Some(column) => places.push((column, place)),
            }
        }
        let missing = Column::NEEDED.iter().filter(|needed| !places.iter().any(|(known, _)| known == *needed));
        faults.extend(missing.map(|column| Fault::new(column.as_str(), Code::ColumnMissing)));
        if faults.is_empty() { Ok(Self { places, width: record.len() }) } else { Err(faults) }
    }

    /// True where a row has as many cells as the header.
    pub(super) fn fits(&self, record: &ByteRecord) -> bool {
        record.len() == self.width
    }

    /// The cell of a column; empty where the file goes without it.
    pub(super) fn cell<'a>(&self, record: &'a ByteRecord, column: Column) -> &'a [u8] {
        let place = self.places.iter().find(|(known, _)| *known == column).map(|(_, place)| *place);
        place.and_then(|place| record.get(place)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_in_any_order_and_told_all_its_faults() {
        let header = ByteRecord::from(vec!["village_code", "sex", "name", "card_number", "relationship"]);
        assert!(Header::read(&header).is_ok());
        let wrong = ByteRecord::from(vec!["village_code", "6402104101909001", "name", "name", "card_number"]);
        let faults = Header::read(&wrong).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        let expected = [
            ("column 2", Code::ColumnUnknown),
            ("name", Code::ColumnTwice),
            ("sex", Code::ColumnMissing),
            ("relationship", Code::ColumnMissing),
        ];
        assert_eq!(told, expected);
    }
}
