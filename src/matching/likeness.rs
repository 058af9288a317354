//! How far apart two short texts are.

/// The longest text that is compared letter by letter; the rest is cut.
const LONGEST: usize = 48;

/// What of a text tells at a glance that another is far from it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Glance {
    letters: u32,
    length: u8,
}

impl Glance {
    /// A glance at a text.
    #[must_use]
    pub(super) fn of(text: &str) -> Self {
        let text = text.as_bytes();
        let text = text.get(..LONGEST).unwrap_or(text);
        Self { letters: letters_of(text), length: u8::try_from(text.len()).unwrap_or(u8::MAX) }
    }

    /// How many letters the text has; no more than are compared.
    #[must_use]
    pub(super) fn length(self) -> usize {
        usize::from(self.length)
    }

    /// The fewest steps that can lead from one text to the other: mostly fewer than it takes.
    #[must_use]
    pub(super) fn fewest_steps(self, other: Self) -> usize {
        let missing = missing(self.letters, other.letters).max(missing(other.letters, self.letters));
        missing.max(self.length().abs_diff(other.length()))
    }
}

/// Steps from one text to the other (insert, drop, change, swap two neighbours); stops counting past `limit`.
#[must_use]
pub(super) fn steps_apart(one: &[u8], other: &[u8], limit: usize) -> usize {
    let one = one.get(..LONGEST).unwrap_or(one);
    let other = other.get(..LONGEST).unwrap_or(other);
    if one.len().abs_diff(other.len()) > limit {
        return limit + 1;
    }
    let (one, other) = without_shared_ends(one, other);
    if one.is_empty() || other.is_empty() {
        return one.len().max(other.len());
    }
    counted(one, other, limit)
}

fn without_shared_ends<'a>(one: &'a [u8], other: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let one = one.get(start..).unwrap_or_default();
    let other = other.get(start..).unwrap_or_default();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (one.get(..one.len() - end).unwrap_or_default(), other.get(..other.len() - end).unwrap_or_default())
}

/// One row of the table at a time, with the row before the last for swapped neighbours.
fn counted(one: &[u8], other: &[u8], limit: usize) -> usize {
    let (letters, others) = (letters_of(one), letters_of(other));
    if missing(letters, others).max(missing(others, letters)) > limit {
        return limit + 1;
    }
    let (mut first, mut second, mut third): (Row, Row, Row) = ([0; LONGEST + 1], [0; LONGEST + 1], [0; LONGEST + 1]);
    // From nothing to the start of a text there are as many steps as letters.
    for (cell, steps) in second.iter_mut().zip(0_u8..) {
        *cell = steps;
    }
    let (mut earlier, mut last, mut next) = (&mut first, &mut second, &mut third);
    let most = u8::try_from(limit).unwrap_or(u8::MAX);
    let mut before: Option<u8> = None;
    for (letter, row) in one.iter().zip(0_u8..) {
        if fill_row(earlier, last, next, (row, *letter, before), other) > most {
            return limit + 1;
        }
        (earlier, last, next) = (last, next, earlier);
        before = Some(*letter);
    }
    last.get(other.len()).copied().map_or(limit + 1, usize::from)
}

/// A set of the letters of a text; some letters stand for each other.
fn letters_of(text: &[u8]) -> u32 {
    text.iter().fold(0, |letters, letter| letters | 1 << (letter & 31))
}

/// How many different letters of one the other does not have: each is a step at least.
fn missing(one: u32, other: u32) -> usize {
    usize::try_from((one & !other).count_ones()).unwrap_or_default()
}

type Row = [u8; LONGEST + 1];

fn fill_row(earlier: &Row, last: &Row, next: &mut Row, at: (u8, u8, Option<u8>), other: &[u8]) -> u8 {
    let (row, letter, before) = at;
    let mut left = row + 1;
    let mut fewest = left;
    let mut other_before: Option<u8> = None;
    let mut corner = None;
    let cells = last.iter().zip(last.iter().skip(1)).zip(earlier.iter()).zip(other);
    if let Some(first) = next.first_mut() {
        *first = left;
    }
    for ((((&diagonal, &up), &swap_from), &against), cell) in cells.zip(next.iter_mut().skip(1)) {
        let mut best = (diagonal + u8::from(letter != against)).min(up + 1).min(left + 1);
        // The cell two up and two left is the one that the step before this saw.
        if let Some(swapped) = corner
            && before == Some(against)
            && other_before == Some(letter)
        {
            best = best.min(swapped + 1);
        }
        corner = Some(swap_from);
        *cell = best;
        left = best;
        fewest = fewest.min(best);
        other_before = Some(against);
    }
    fewest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(one: &str, other: &str) -> usize {
        steps_apart(one.as_bytes(), other.as_bytes(), 9)
    }

    #[test]
    fn steps_are_counted() {
        assert_eq!(apart("", ""), 0);
        assert_eq!(apart("abc", ""), 3);
        assert_eq!(apart("kitten", "sitting"), 3);
        assert_eq!(apart("abcd", "acbd"), 1);
        assert_eq!(apart("wallaby", "walalby"), 1);
        assert_eq!(apart("rukmini", "rusmini"), 1);
    }

    #[test]
    fn counting_stops_past_the_limit() {
        assert_eq!(steps_apart(b"abcdefgh", b"zyxwvuts", 2), 3);
        assert_eq!(steps_apart(b"ab", b"abcdef", 2), 3);
    }
}
