//! Values as plain text that needs no escaping anywhere.

use std::io::Write;

use chrono::{Datelike, NaiveDate, TimeDelta};
use uuid::Uuid;

const MICROS_A_SECOND: i64 = 1_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// Writes an id.
pub(super) fn id(out: &mut Vec<u8>, id: Uuid) {
    let mut buffer = Uuid::encode_buffer();
    out.extend_from_slice(id.hyphenated().encode_lower(&mut buffer).as_bytes());
}

/// Writes a whole number.
pub(super) fn whole(out: &mut Vec<u8>, number: i64) {
    // Writing into memory does not fail.
    write!(out, "{number}").ok();
}

/// Writes hundredths as the number that they are: -1250 as `-12.50`.
pub(super) fn hundredths(out: &mut Vec<u8>, hundredths: i64) {
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    write!(out, "{sign}{}.{:02}", size / 100, size % 100).ok();
}

/// Writes a day as `2026-11-28`.
pub(super) fn day(out: &mut Vec<u8>, day: NaiveDate) {
    match u32::try_from(day.year()) {
        Ok(year @ 0..=9999) => {
            digits(out, year, 1000);
            out.push(b'-');
            digits(out, day.month(), 10);
            out.push(b'-');
            digits(out, day.day(), 10);
        }
        _ => {
            write!(out, "{day}").ok();
        }
    }
}

/// Writes microseconds since 1970 as the API tells instants: RFC 3339 in UTC, with as many digits of the second as it
/// takes, three by three.
pub(super) fn instant(out: &mut Vec<u8>, micros: i64) {
    let seconds = micros.div_euclid(MICROS_A_SECOND);
    let (days, second) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    day(out, TimeDelta::try_days(days).and_then(|days| epoch.checked_add_signed(days)).unwrap_or(epoch));
    for (mark, part) in [(b'T', second / 3_600), (b':', second / 60 % 60), (b':', second % 60)] {
        out.push(mark);
        digits(out, u32::try_from(part).unwrap_or_default(), 10);
    }
    let rest = u32::try_from(micros.rem_euclid(MICROS_A_SECOND)).unwrap_or_default();
    if rest != 0 {
        out.push(b'.');
        if rest % 1_000 == 0 { digits(out, rest / 1_000, 100) } else { digits(out, rest, 100_000) }
    }
    out.push(b'Z');
}

/// Writes a number with the digit of `place` first, zeros included.
fn digits(out: &mut Vec<u8>, number: u32, mut place: u32) {
    while place > 0 {
        out.push(b'0' + u8::try_from(number / place % 10).unwrap_or_default());
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn instants_are_written_as_the_api_tells_them() {
        for micros in [0, 1, 1_000, 999_999, -1, 1_764_291_600_123_456, 1_764_291_600_120_000, 253_402_300_799_999_999]
        {
            let told = serde_json::to_string(&DateTime::from_timestamp_micros(micros).unwrap()).unwrap();
            let mut out = Vec::new();
            instant(&mut out, micros);
            assert_eq!(format!("\"{}\"", String::from_utf8(out).unwrap()), told);
        }
    }

    #[test]
    fn hundredths_keep_their_sign_and_their_zeros() {
        for (number, told) in [(1_250, "12.50"), (-5, "-0.05"), (0, "0.00"), (-100_000, "-1000.00")] {
            let mut out = Vec::new();
            hundredths(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), told);
        }
    }

    #[test]
    fn days_and_ids_are_written_as_ever() {
        let mut out = Vec::new();
        day(&mut out, NaiveDate::from_ymd_opt(987, 1, 9).unwrap());
        id(&mut out, Uuid::nil());
        whole(&mut out, -12);
        assert_eq!(out, b"0987-01-0900000000-0000-0000-0000-000000000000-12");
    }
}
