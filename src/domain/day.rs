//! Days as texts and tables can hold them.

use chrono::{Datelike, Months, NaiveDate};

/// True for a day of the years 1 to 9999, which a date of four digits tells. chrono reads years with a sign as well, of
/// which the database knows some and its texts none.
#[must_use]
pub fn has_plain_year(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// True more than a year after a day: nothing is planned so far ahead, so it is a slip of the pen.
#[must_use]
pub fn is_far_ahead(day: NaiveDate, today: NaiveDate) -> bool {
    today.checked_add_months(Months::new(12)).is_some_and(|last| day > last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_year_has_four_digits_and_no_sign() {
        for (text, is_plain) in [
            ("-5000-01-01", false),
            ("0000-12-31", false),
            ("0001-01-01", true),
            ("9999-12-31", true),
            ("+10000-01-01", false),
        ] {
            assert_eq!(has_plain_year(text.parse().unwrap()), is_plain, "{text}");
        }
    }
}
