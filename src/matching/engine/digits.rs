//! Numbers as digits: up to sixteen in one word, so that comparing them is arithmetic.

/// Digits, each in four bits as its value plus one; the last digit is lowest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digits(pub u64);

impl Digits {
    /// Takes the digits of a text and leaves what else is in it; nothing where there are none or too many.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut packed = 0_u64;
        for digit in text.bytes().filter(u8::is_ascii_digit) {
            if packed >> 60 != 0 {
                return Self(0);
            }
            packed = (packed << 4) | u64::from(digit - b'0' + 1);
        }
        Self(packed)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub fn count(self) -> u32 {
        (64 - self.0.leading_zeros()).div_ceil(4)
    }

    /// The value of `count` digits that begin `from` the end.
    #[must_use]
    pub fn value(self, from: u32, count: u32) -> u32 {
        let mut value = 0;
        for place in (from..from + count).rev() {
            let digit = (self.0 >> (place * 4)) & 15;
            value = value * 10 + u32::try_from(digit.saturating_sub(1)).unwrap_or_default();
        }
        value
    }

    /// All but the last `count` digits.
    #[must_use]
    pub fn head(self, count: u32) -> Self {
        Self(self.0.checked_shr(count * 4).unwrap_or_default())
    }

    /// The last `count` digits.
    #[must_use]
    pub fn tail(self, count: u32) -> Self {
        Self(if count >= 16 { self.0 } else { self.0 & ((1 << (count * 4)) - 1) })
    }

    /// How many digits differ in two numbers of one length; 3 where more do.
    #[must_use]
    pub fn differing(self, other: Self) -> u32 {
        let bits = self.0 ^ other.0;
        let first = (bits | (bits >> 1) | (bits >> 2) | (bits >> 3)) & 0x1111_1111_1111_1111;
        // Each step takes the lowest one away.
        let second = first & first.wrapping_sub(1);
        let third = second & second.wrapping_sub(1);
        [first, second, third].map(|left| u32::from(left != 0)).iter().sum()
    }

    /// Whether one slip of the hand makes one of the other: a digit changed, two neighbours swapped, one left out.
    #[must_use]
    pub fn is_one_slip_from(self, other: Self) -> bool {
        match self.count().abs_diff(other.count()) {
            0 => match self.differing(other) {
                0 | 1 => true,
                2 => self.is_swapped(other),
                _ => false,
            },
            1 => self.is_one_left_out(other),
            _ => false,
        }
    }

    fn is_swapped(self, other: Self) -> bool {
        let bits = self.0 ^ other.0;
        let low = bits.trailing_zeros() / 4 * 4;
        let pair = (self.0 >> low) & 255;
        let swapped = ((pair & 15) << 4) | (pair >> 4);
        bits >> low <= 255 && (other.0 >> low) & 255 == swapped
    }

    fn is_one_left_out(self, other: Self) -> bool {
        let (short, long) = if self.count() < other.count() { (self, other) } else { (other, self) };
        // Where both begin to differ from the end, or in a run of one digit before it.
        let low = (short.0 ^ long.0).trailing_zeros() / 4 * 4;
        long.0 >> low >> 4 == short.0 >> low
    }

    /// The digits in order of their value, which no change of order changes.
    #[must_use]
    pub fn sorted(self) -> u64 {
        let mut counts = 0_u64;
        for place in 0..self.count() {
            let digit = (self.0 >> (place * 4)) & 15;
            counts = counts.wrapping_add(1 << (digit * 5));
        }
        counts
    }
}

/// A date written as year, month and day of eight digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    /// Four digits.
    pub year: u32,
    /// As written: at times above twelve.
    pub month: u32,
    /// As written.
    pub day: u32,
}

impl Date {
    /// Reads eight digits.
    #[must_use]
    pub(super) fn of(digits: Digits) -> Option<Self> {
        let is_whole = digits.count() == 8;
        is_whole.then(|| Self { year: digits.value(4, 4), month: digits.value(2, 2), day: digits.value(0, 2) })
    }

    /// Whether it is a day that is written when the true one is unknown.
    #[must_use]
    pub(super) fn is_stand_in(self) -> bool {
        matches!((self.month, self.day), (1 | 7, 1) | (12, 31))
    }
}

/// The birth date within a national number: its digits as written, two each of day, month, year.
#[must_use]
pub(super) fn born_by_number(number: Digits) -> Option<(u32, u32, u32)> {
    if number.count() != 16 {
        return None;
    }
    let day = number.value(8, 2);
    Some((if day > 40 { day - 40 } else { day }, number.value(6, 2), number.value(4, 2)))
}

/// Whether a national number has the structure of one: a day, a month, a serial.
#[must_use]
pub(super) fn is_structured(number: Digits) -> bool {
    let Some((day, month, _)) = born_by_number(number) else { return false };
    (1..=31).contains(&day) && (1..=12).contains(&month) && number.value(0, 4) != 0
}

/// Whether the number repeats this date.
#[must_use]
pub(super) fn agrees(number: Digits, date: Date) -> bool {
    born_by_number(number) == Some((date.day, date.month, date.year % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_known() {
        let slip = |one: &str, other: &str| Digits::of(one).is_one_slip_from(Digits::of(other));
        assert!(slip("3507011111990005", "3507011111990004"));
        assert!(slip("3507011111990005", "3507011119190005"));
        assert!(slip("3507011111990005", "507011111990005"));
        assert!(slip("12345", "1245"));
        assert!(slip("12345", "1234"));
        assert!(!slip("12345", "54321"));
        assert!(!slip("12345", "12543"));
        assert!(!slip("12345", "345"));
    }

    #[test]
    fn parts_are_read_from_the_end() {
        let number = Digits::of("3507011111990005");
        assert_eq!(number.count(), 16);
        assert_eq!(number.value(0, 4), 5);
        assert_eq!(number.value(4, 2), 99);
        assert_eq!(number.head(10), Digits::of("350701"));
        assert_eq!(number.tail(4), Digits::of("0005"));
        assert_eq!(Date::of(Digits::of("1999-11-11")), Some(Date { year: 1999, month: 11, day: 11 }));
        assert!(is_structured(number));
        assert_eq!(born_by_number(Digits::of("3507015101990005")), Some((11, 1, 99)));
    }

    #[test]
    fn too_many_digits_are_no_number() {
        assert!(Digits::of("12345678901234567").is_none());
        assert_eq!(Digits::of("1234567890123456").count(), 16);
    }
}
