//! The header of an import: which column stands where.

use csv::ByteRecord;

use super::layout::Reading;
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
        /// Who says what the attributes of the row are.
        AttributeSource "attribute_source",
        /// Day on which the attributes of the row were so.
        AttributeObservedOn "attribute_observed_on",
    }
}

impl Column {
    /// Columns that a file cannot go without; the others may be left out.
    const NEEDED: [Self; 5] = [Self::CardNumber, Self::Name, Self::Sex, Self::Relationship, Self::VillageCode];

    /// Columns that speak of those that a mapping names as attributes; without one they say nothing.
    pub(super) const OF_ATTRIBUTES: [Self; 2] = [Self::AttributeSource, Self::AttributeObservedOn];

    /// Its place among all columns.
    pub(in crate::beneficiaries::imports) fn index(self) -> usize {
        Self::ALL.iter().position(|column| *column == self).unwrap_or_default()
    }
}

/// Most columns of a file.
pub(in crate::beneficiaries::imports) const COLUMNS_MOST: usize = 100;

/// Columns that the file of faults adds: read past, so that a mended file can be sent as it is.
pub(in crate::beneficiaries::imports) const ADDED: [&str; 3] = ["fault_line", "fault_codes", "fault_advice"];

/// Where each column stands, and what the file calls it: the fixed ones, then the attributes of the mapping.
#[derive(Debug)]
pub(in crate::beneficiaries::imports) struct Header {
    places: Vec<Option<usize>>,
    names: Vec<String>,
}

impl Header {
    /// Reads the first row of a file.
    ///
    /// # Errors
    /// All columns that are missing, twice or not known; an unknown one by its place, as its name can be anything.
    pub(in crate::beneficiaries::imports) fn read(record: &ByteRecord, reading: &Reading) -> Result<Self, Vec<Fault>> {
        if record.len() > COLUMNS_MOST {
            return Err(vec![Fault::new("", Code::ColumnsTooMany)]);
        }
        let (mut places, mut faults) = (vec![None; reading.slots()], Vec::new());
        for (place, name) in record.iter().enumerate() {
            let name = std::str::from_utf8(name).unwrap_or_default().trim();
            match reading.slot(name) {
                None if reading.is_ignored(name) => {}
                None => faults.push(Fault::new(format!("column {}", place + 1), Code::ColumnUnknown)),
                Some(slot) => match places.get_mut(slot) {
                    Some(taken @ None) => *taken = Some(place),
                    _ => faults.push(Fault::new(reading.label(slot), Code::ColumnTwice)),
                },
            }
        }
        let header = Self { places, names: record.iter().map(|name| String::from_utf8_lossy(name).into()).collect() };
        let missing = Column::NEEDED.iter().filter(|needed| !header.has(**needed) && !reading.has_constant(**needed));
        faults.extend(missing.map(|column| Fault::new(column.as_str(), Code::ColumnMissing)));
        if faults.is_empty() { Ok(header) } else { Err(faults) }
    }

    /// The header of files that name the column with every cell: all names that the reading knows.
    pub(in crate::beneficiaries::imports) fn of_names(reading: &Reading) -> Self {
        let (mut places, mut names) = (vec![None; reading.slots()], Vec::new());
        for name in reading.names() {
            if let Some(place) = reading.slot(&name).and_then(|slot| places.get_mut(slot)) {
                place.get_or_insert(names.len());
            }
            names.push(name);
        }
        Self { places, names }
    }

    fn has(&self, column: Column) -> bool {
        self.places.get(column.index()).copied().flatten().is_some()
    }

    /// Names of the columns, as the file has them.
    pub(in crate::beneficiaries::imports) fn names(&self) -> &[String] {
        &self.names
    }

    /// True where a row has as many cells as the header.
    pub(super) fn fits(&self, record: &ByteRecord) -> bool {
        record.len() == self.names.len()
    }

    /// The cell at a slot; empty where the file goes without it.
    pub(super) fn cell<'a>(&self, record: &'a ByteRecord, slot: usize) -> &'a [u8] {
        let place = self.places.get(slot).copied().flatten();
        place.and_then(|place| record.get(place)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_in_any_order_and_told_all_its_faults() {
        let header = ByteRecord::from(vec!["village_code", "sex", "name", "card_number", "relationship"]);
        assert!(Header::read(&header, &Reading::default()).is_ok());
        let wrong = ByteRecord::from(vec!["village_code", "6402104101909001", "name", "name", "card_number"]);
        let faults = Header::read(&wrong, &Reading::default()).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        let expected = [
            ("column 2", Code::ColumnUnknown),
            ("name", Code::ColumnTwice),
            ("sex", Code::ColumnMissing),
            ("relationship", Code::ColumnMissing),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_the_file_of_faults_adds_is_read_past() {
        let mut names = vec!["village_code", "sex", "name", "card_number", "relationship"];
        names.extend(ADDED);
        assert!(Header::read(&ByteRecord::from(names), &Reading::default()).is_ok());
        let wide = ByteRecord::from(vec!["name"; COLUMNS_MOST + 1]);
        assert_eq!(Header::read(&wide, &Reading::default()).unwrap_err()[0].code, Code::ColumnsTooMany);
    }
}
