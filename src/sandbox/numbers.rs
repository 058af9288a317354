//! NIK and family card numbers that are valid in form and can be nobody's.
//!
//! Real serials of a district and day start at 0001; the sandbox uses only 9000 to 9999, which no
//! civil registry reaches. Three ranges keep the numbers apart without a look-up: a family card
//! never equals a NIK, and a NIK issued elsewhere never equals one issued at home.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};

use super::family::Sex;
use super::places::hash;

/// Lowest serial of the sandbox, in NIK and family card numbers alike.
pub const RESERVED_SERIAL_FROM: u32 = 9_000;

/// A part of the reserved serials.
#[derive(Debug, Clone, Copy)]
struct Range {
    from: u32,
    size: u32,
}

/// The first ten stay free for examples and tests.
const NIK_AT_HOME: Range = Range { from: RESERVED_SERIAL_FROM + 10, size: 390 };
const NIK_ELSEWHERE: Range = Range { from: 9_400, size: 100 };
const FAMILY_CARD: Range = Range { from: 9_500, size: 500 };

/// A place that people came from: the district where they were first registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// First six digits of the NIK.
    pub(super) district: &'static str,
    /// Place of birth as the card writes it.
    pub(super) place: &'static str,
}

const fn origin(district: &'static str, place: &'static str) -> Origin {
    Origin { district, place }
}

/// Districts of Java, South Sulawesi, South Kalimantan and Samarinda.
pub(super) const ORIGINS: [Origin; 16] = [
    origin("350501", "Blitar"),
    origin("350512", "Blitar"),
    origin("350203", "Ponorogo"),
    origin("350208", "Ponorogo"),
    origin("331204", "Wonogiri"),
    origin("331215", "Wonogiri"),
    origin("331807", "Pati"),
    origin("731306", "Wajo"),
    origin("731311", "Wajo"),
    origin("730805", "Bone"),
    origin("730819", "Bone"),
    origin("630304", "Banjar"),
    origin("630803", "Hulu Sungai Utara"),
    origin("630806", "Hulu Sungai Utara"),
    origin("647203", "Samarinda"),
    origin("647204", "Samarinda"),
];

/// Gives out numbers, each once. Its memory is bounded by the days of a century in one district
/// and in the sixteen places of origin, whatever the number of families.
#[derive(Debug)]
pub(super) struct Numbers {
    district: String,
    niks: HashMap<u32, u16>,
    cards: HashMap<u32, u16>,
    elsewhere: HashMap<(&'static str, u32), u16>,
}

impl Numbers {
    pub(super) fn new() -> Self {
        Self { district: String::new(), niks: HashMap::new(), cards: HashMap::new(), elsewhere: HashMap::new() }
    }

    /// Starts a district; the numbers of the one before are all different by their first six digits.
    pub(super) fn enter(&mut self, district: String) {
        if self.district != district {
            self.district = district;
            self.niks.clear();
            self.cards.clear();
        }
    }

    /// A NIK first registered in the family's own district; none once the day's range is used up.
    pub(super) fn nik(&mut self, born_on: NaiveDate, sex: Sex) -> Option<String> {
        let digits = birth_digits(born_on, sex);
        let used = self.niks.entry(digits).or_default();
        number(&self.district, digits, used, NIK_AT_HOME)
    }

    /// A NIK first registered where the person came from.
    pub(super) fn nik_of(&mut self, origin: Origin, born_on: NaiveDate, sex: Sex) -> Option<String> {
        let digits = birth_digits(born_on, sex);
        let used = self.elsewhere.entry((origin.district, digits)).or_default();
        number(origin.district, digits, used, NIK_ELSEWHERE)
    }

    /// A family card recorded on a day, or on the first earlier day with a free number.
    pub(super) fn card(&mut self, recorded_on: NaiveDate) -> (String, NaiveDate) {
        let mut day = recorded_on;
        loop {
            let digits = day_digits(day);
            let used = self.cards.entry(digits).or_default();
            if let Some(card) = number(&self.district, digits, used, FAMILY_CARD) {
                return (card, day);
            }
            day = day.pred_opt().unwrap_or(recorded_on);
        }
    }
}

/// The next free number of a district and day. Serials are spread, so that they look drawn.
fn number(district: &str, digits: u32, used: &mut u16, range: Range) -> Option<String> {
    if u32::from(*used) >= range.size {
        return None;
    }
    let start = hash(district) ^ u64::from(digits).wrapping_mul(0x9E37_79B9);
    let place = (start + u64::from(*used) * 37) % u64::from(range.size);
    *used += 1;
    Some(format!("{district}{digits:06}{:04}", u64::from(range.from) + place))
}

/// DDMMYY with 40 added to a woman's day, as a number of six digits.
fn birth_digits(born_on: NaiveDate, sex: Sex) -> u32 {
    let digits = day_digits(born_on);
    if sex == Sex::Female { digits + 400_000 } else { digits }
}

fn day_digits(day: NaiveDate) -> u32 {
    day.day() * 10_000 + day.month() * 100 + day.year_ce().1 % 100
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_nik_says_district_birth_and_sex() {
        let mut numbers = Numbers::new();
        numbers.enter("640210".to_owned());
        let nik = numbers.nik(day(1988, 3, 7), Sex::Female).unwrap();
        assert!(nik.starts_with("6402104703889"), "{nik}");
        let far = numbers.nik_of(ORIGINS[0], day(2001, 12, 31), Sex::Male).unwrap();
        assert!(far.starts_with("35050131120194"), "{far}");
    }

    #[test]
    fn a_day_gives_each_serial_once_and_then_none() {
        let mut numbers = Numbers::new();
        numbers.enter("640210".to_owned());
        let born_on = day(2019, 5, 1);
        let mut seen = HashSet::new();
        for _ in 0..390 {
            assert!(seen.insert(numbers.nik(born_on, Sex::Male).unwrap()));
        }
        assert_eq!(numbers.nik(born_on, Sex::Male), None);
        for _ in 0..1_200 {
            assert!(seen.insert(numbers.card(born_on).0));
        }
        numbers.enter("640211".to_owned());
        assert!(numbers.nik(born_on, Sex::Male).is_some());
    }
}
