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

/// A column of the table of steps at a time, as the bits of one number: where a cell is one more or one less than its
/// neighbour (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003).
fn counted(one: &[u8], other: &[u8], limit: usize) -> usize {
    let (letters, others) = (letters_of(one), letters_of(other));
    if missing(letters, others).max(missing(others, letters)) > limit {
        return limit + 1;
    }
    let last = 1_u64 << (one.len() - 1);
    let (mut more, mut less, mut diagonal, mut before) = (u64::MAX, 0, 0, 0);
    let mut steps = one.len();
    for letter in other {
        let same = places_of(*letter, one);
        let swapped = ((!diagonal & same) << 1) & before;
        diagonal = ((same & more).wrapping_add(more) ^ more) | same | less | swapped;
        let (right_more, right_less) = (less | !(diagonal | more), diagonal & more);
        steps = steps + usize::from(right_more & last != 0) - usize::from(right_less & last != 0);
        let right_more = (right_more << 1) | 1;
        more = (right_less << 1) | !(diagonal | right_more);
        less = right_more & diagonal;
        before = same;
    }
    steps.min(limit + 1)
}

/// The places at which a text has a letter, as bits.
fn places_of(letter: u8, text: &[u8]) -> u64 {
    text.iter().rev().fold(0, |places, against| (places << 1) | u64::from(*against == letter))
}

/// A set of the letters of a text; some letters stand for each other.
fn letters_of(text: &[u8]) -> u32 {
    text.iter().fold(0, |letters, letter| letters | 1 << (letter & 31))
}

/// How many different letters of one the other does not have: each is a step at least.
fn missing(one: u32, other: u32) -> usize {
    usize::try_from((one & !other).count_ones()).unwrap_or_default()
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

    /// The table itself, cell by cell.
    fn by_table(one: &[u8], other: &[u8]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for row in 0..=one.len() {
            for column in 0..=other.len() {
                table[row][column] = if row == 0 || column == 0 {
                    row + column
                } else {
                    let change = table[row - 1][column - 1] + usize::from(one[row - 1] != other[column - 1]);
                    let best = change.min(table[row - 1][column] + 1).min(table[row][column - 1] + 1);
                    let is_swap =
                        row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1];
                    if is_swap { best.min(table[row - 2][column - 2] + 1) } else { best }
                };
            }
        }
        table[one.len()][other.len()]
    }

    #[test]
    fn steps_are_those_of_the_table() {
        let mut state = 7_u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        for _ in 0..2_000 {
            let mut text = |most: u8| -> Vec<u8> { (0..letter() % most).map(|_| b'a' + letter() % 4).collect() };
            let (one, other) = (text(12), text(49));
            assert_eq!(steps_apart(&one, &other, 99), by_table(&one, &other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn counting_stops_past_the_limit() {
        assert_eq!(steps_apart(b"abcdefgh", b"zyxwvuts", 2), 3);
        assert_eq!(steps_apart(b"ab", b"abcdef", 2), 3);
    }
}
