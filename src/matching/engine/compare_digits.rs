//! How alike two dates or numbers are, in levels.

use super::compare::{EQUAL, OTHER_SERIAL};
use super::digits::{Date, Digits};

/// 1 the same, 2 day and month swapped, 3 one slip, 4 two parts or six digits the same, 5 one year, 6 unlike.
pub(super) fn compare_dates(one: Digits, other: Digits) -> u8 {
    if one == other {
        return EQUAL;
    }
    let is_slip = one.is_one_slip_from(other);
    if one.count() != 8 || other.count() != 8 {
        return if is_slip { 3 } else { 6 };
    }
    let (day, month, year) = (one.tail(2), one.head(2).tail(2), one.head(4));
    let (other_day, other_month, other_year) = (other.tail(2), other.head(2).tail(2), other.head(4));
    if year == other_year && month == other_day && day == other_month {
        2
    } else if is_slip {
        3
    } else if one.differing(other) <= 2 || (month == other_month && day == other_day) {
        4
    } else if year == other_year || is_by_stand_in(one, other) {
        5
    } else {
        6
    }
}

/// Whether one of two dates of about one year stands for an unknown one.
fn is_by_stand_in(one: Digits, other: Digits) -> bool {
    let (Some(first), Some(second)) = (Date::of(one), Date::of(other)) else { return false };
    (first.is_stand_in() || second.is_stand_in()) && first.year.abs_diff(second.year) <= 1
}

/// 1 the same, 2 one slip, 3 two digits other, 6 unlike.
pub(super) fn compare_numbers(one: Digits, other: Digits) -> u8 {
    if one == other {
        EQUAL
    } else if one.is_one_slip_from(other) {
        2
    } else if one.count() == other.count() && one.count() > 4 && one.differing(other) <= 2 {
        3
    } else {
        6
    }
}

/// 1 the same, 2 one slip, 3 only the area other, 4 only the serial other, 5 one birth date, 6 unlike,
/// 7 two digits other, 8 only the sex other.
pub(super) fn compare_national_numbers(one: Digits, other: Digits) -> u8 {
    let are_whole = one.count() == 16 && other.count() == 16;
    if one == other {
        EQUAL
    } else if are_whole && one.head(4) == other.head(4) {
        OTHER_SERIAL
    } else if are_whole && one.tail(10) == other.tail(10) {
        // Serials begin at 1 for each day and area, so that such numbers are common.
        3
    } else if are_whole && is_other_sex(one, other) {
        8
    } else if one.is_one_slip_from(other) {
        2
    } else if are_whole && one.head(4).tail(6) == other.head(4).tail(6) {
        5
    } else if are_whole && one.differing(other) <= 2 {
        7
    } else {
        6
    }
}

/// Whether two numbers are the same but for the 40 that women have added to the day.
fn is_other_sex(one: Digits, other: Digits) -> bool {
    one.differing(other) == 1 && one.value(8, 2).abs_diff(other.value(8, 2)) == 40
}
