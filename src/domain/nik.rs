//! NIK: the national identity number of a person.

use chrono::{Datelike, NaiveDate};

use serde::Deserialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::digits::SixteenDigits;

/// A NIK of valid structure. Its `Debug` is masked; the full number is read by [`Nik::reveal`] only.
///
/// Six digits of the district where first registered, `DDMMYY` of birth (day + 40 for women), four of a
/// serial. There is no check digit, and it is never reissued when a birth date or a sex is corrected.
/// Source: PP 37/2007, art. 36-37.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Nik(SixteenDigits);

impl Nik {
    /// Reads a NIK; `None` where its structure cannot be that of any person.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let nik = Self(SixteenDigits::parse(text)?);
        let has_serial = nik.0.number(12..16) != 0;
        (has_serial && nik.has_real_birth_date()).then_some(nik)
    }

    /// The full number; every use is a place where personal data leave the domain.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// The number as shown without permission: `6402********0001`.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.masked()
    }

    /// Code of the district where the person was first registered, `64.02.10`.
    #[must_use]
    pub fn district_code(&self) -> String {
        self.0.district_code()
    }

    /// True where the day of birth carries the forty of a woman.
    #[must_use]
    pub fn says_female(&self) -> bool {
        self.0.number(6..8) > 40
    }

    /// True where the six birth digits agree with a birth date, whatever its century.
    #[must_use]
    pub fn agrees_with_birth_date(&self, born_on: NaiveDate) -> bool {
        let year = born_on.year().rem_euclid(100);
        self.day() == born_on.day()
            && self.0.number(8..10) == born_on.month()
            && u32::try_from(year) == Ok(self.0.number(10..12))
    }

    fn day(&self) -> u32 {
        let day = self.0.number(6..8);
        if day > 40 { day - 40 } else { day }
    }

    /// 1900 and 2000 stand for the two centuries the two digits can mean: they differ in leap days.
    fn has_real_birth_date(&self) -> bool {
        [1900, 2000].iter().any(|century| {
            let year = i32::try_from(self.0.number(10..12)).ok().map(|year| century + year);
            year.and_then(|year| NaiveDate::from_ymd_opt(year, self.0.number(8..10), self.day())).is_some()
        })
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for Nik {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("nik_malformed")
    }
}

impl PartialSchema for Nik {
    fn schema() -> RefOr<Schema> {
        SixteenDigits::schema("National identity number (NIK), sixteen digits", "6402104101909001")
    }
}

impl ToSchema for Nik {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_is_refused_where_no_person_can_have_it() {
        for wrong in [
            "",
            "123",
            "1111111111111111",
            "640210010190000",
            "64021001019000010",
            "6402100101900000",
            "6402103213900001",
            "6402107201900001",
            "64021001019OO001",
            "6402103002900001",
        ] {
            assert!(Nik::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_leap_day_is_real_in_one_of_the_two_centuries() {
        assert!(Nik::parse("6402102902000001").is_some());
        assert!(Nik::parse("6402102902010001").is_none());
    }

    #[test]
    fn a_woman_has_forty_added_to_her_day() {
        let nik = Nik::parse("6402104101909001").unwrap();
        assert!(nik.says_female());
        assert!(nik.agrees_with_birth_date(NaiveDate::from_ymd_opt(1990, 1, 1).unwrap()));
        assert!(!nik.agrees_with_birth_date(NaiveDate::from_ymd_opt(1990, 1, 2).unwrap()));
        assert_eq!(nik.district_code(), "64.02.10");
    }

    #[test]
    fn debug_shows_no_more_than_the_mask() {
        assert_eq!(format!("{:?}", Nik::parse("6402104101909001").unwrap()), "6402********9001");
    }
}
