//! What stands in a cell: numbers that a spreadsheet has spoiled, dates in several forms.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::beneficiaries::imports::mappings::DateForm;
use crate::error::Code;

/// What a spreadsheet writes where it could not compute a cell.
const ERRORS: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"];

/// True where a cell holds the error of a spreadsheet instead of a value.
pub(super) fn is_error(cell: &str) -> bool {
    cell.starts_with('#') && ERRORS.contains(&cell)
}

/// The cell without the apostrophe by which people and our own files say "this is text".
pub(super) fn unquoted(cell: &str) -> &str {
    let is_marked = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_digit() || "=+-@\t\r".contains(first));
    cell.strip_prefix('\'').filter(is_marked).unwrap_or(cell)
}

/// Why sixteen digits are not there, where a program has lost some of them.
pub(super) fn lost_digits(cell: &str) -> Option<Code> {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_number = cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,eE".contains(&byte));
    if digits == 0 || !is_number {
        return None;
    }
    if digits < cell.len() {
        // 6.4021E+15 or 6402104101909000.0: a float holds fifteen digits for sure.
        return Some(Code::NumberAsFloat);
    }
    (12..16).contains(&digits).then_some(Code::NumberDigitsMissing)
}

/// Reads a date: `1990-01-31`, as the mapping has it, or as the five digits of a spreadsheet's day count.
pub(super) fn date(cell: &str, form: DateForm) -> Result<NaiveDate, Code> {
    let parts: Vec<&str> = cell.split(['-', '/', '.']).collect();
    let date = match (parts.as_slice(), form) {
        ([year, month, day], _) if is_digits(year, 4..=4) && cell.contains('-') => {
            day_of(year, (month, 2..=2), (day, 2..=2))
        }
        ([day, month, year], DateForm::DayMonthYear) | ([month, day, year], DateForm::MonthDayYear) => {
            day_of(year, (month, 1..=2), (day, 1..=2))
        }
        ([digits], DateForm::Compact) if is_digits(digits, 8..=8) => compact(digits),
        ([count], _) if is_digits(count, 5..=5) => by_day_count(count),
        _ => None,
    };
    date.ok_or(Code::DateMalformed)
}

type Digits = std::ops::RangeInclusive<usize>;

fn is_digits(text: &str, length: Digits) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn day_of(year: &str, (month, month_digits): (&str, Digits), (day, day_digits): (&str, Digits)) -> Option<NaiveDate> {
    let has_form = is_digits(year, 4..=4) && is_digits(month, month_digits) && is_digits(day, day_digits);
    has_form.then(|| NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)).flatten()
}

fn compact(digits: &str) -> Option<NaiveDate> {
    day_of(digits.get(..4)?, (digits.get(4..6)?, 2..=2), (digits.get(6..)?, 2..=2))
}

/// Days since 1899-12-30. Five digits reach from 1927 to 2173; fewer could as well be a year.
fn by_day_count(count: &str) -> Option<NaiveDate> {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let date = zero.checked_add_signed(TimeDelta::days(count.parse().ok()?))?;
    (date.year() >= 1927).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_lost_digits_is_told_as_such() {
        for float in ["6.40210410190900E+15", "6402104101909001.0", "6,4021E+15"] {
            assert_eq!(lost_digits(float), Some(Code::NumberAsFloat), "{float}");
        }
        assert_eq!(lost_digits("640210410190900"), Some(Code::NumberDigitsMissing));
        for other in ["6402104101909001", "123", "", "abc", "64021041019O9001"] {
            assert_eq!(lost_digits(other), None, "{other}");
        }
    }

    #[test]
    fn dates_are_read_in_the_form_of_the_mapping_and_never_guessed() {
        let day = NaiveDate::from_ymd_opt(1990, 9, 3).unwrap();
        for form in [DateForm::YearMonthDay, DateForm::DayMonthYear, DateForm::MonthDayYear, DateForm::Compact] {
            assert_eq!(date("1990-09-03", form), Ok(day));
            assert_eq!(date("33119", form), Ok(day), "a spreadsheet's day count");
            assert!(date("1990", form).is_err() && date("1990-13-01", form).is_err() && date("", form).is_err());
        }
        assert_eq!(date("3/9/1990", DateForm::DayMonthYear), Ok(day));
        assert_eq!(date("9/3/1990", DateForm::MonthDayYear), Ok(day));
        assert_eq!(date("19900903", DateForm::Compact), Ok(day));
        assert_eq!(date("3/9/1990", DateForm::YearMonthDay), Err(Code::DateMalformed));
        assert_eq!(date("1-1-1990", DateForm::YearMonthDay), Err(Code::DateMalformed));
        assert_eq!(date("3/9/90", DateForm::DayMonthYear), Err(Code::DateMalformed));
    }

    #[test]
    fn an_apostrophe_marks_text_and_is_no_part_of_a_name() {
        assert_eq!(unquoted("'6402104101909001"), "6402104101909001");
        assert_eq!(unquoted("'+6281"), "+6281");
        assert_eq!(unquoted("'Aisyah"), "'Aisyah");
    }
}
