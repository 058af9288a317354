//! Texts kept once each, in the order first met.

use super::hash;
use super::table::Table;

/// Each distinct text with a number; 0 is the empty one.
#[derive(Debug, Clone)]
pub struct Texts {
    letters: String,
    ends: Vec<u32>,
    numbers: Table,
}

impl Default for Texts {
    fn default() -> Self {
        let mut numbers = Table::default();
        numbers.number(hash::of_text(""), 0);
        Self { letters: String::new(), ends: vec![0, 0], numbers }
    }
}

impl Texts {
    /// The number of a text, a new one where it is new.
    ///
    /// Two texts of one hash of 64 bits are taken for one: among a million texts that is one chance in 30 million.
    pub fn number(&mut self, text: &str) -> u32 {
        self.number_by(hash::of_text(text), text)
    }

    /// Adds the numbers of texts to others.
    pub fn extend(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>, numbers: &mut Vec<u32>) {
        let hashed = texts.into_iter().map(|text| (hash::of_text(text.as_ref()), text));
        let hashed: Vec<_> = hashed.collect();
        self.numbers.fetch(hashed.iter().map(|(hash, _)| *hash));
        numbers.extend(hashed.iter().map(|(hash, text)| self.number_by(*hash, text.as_ref())));
    }

    fn number_by(&mut self, hash: u64, text: &str) -> u32 {
        let next = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let number = self.numbers.number(hash, next);
        if number == next {
            self.letters.push_str(text);
            self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
        }
        number
    }

    /// The text of a number.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        let place = at(number);
        let start = self.ends.get(place).copied().unwrap_or_default();
        let end = self.ends.get(place + 1).copied().unwrap_or_default();
        self.letters.get(at(start)..at(end)).unwrap_or_default()
    }

    /// How many distinct texts there are, the empty one among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Forgets how to find a text, which nobody needs once all are read.
    pub fn close(&mut self) {
        self.numbers = Table::default();
        self.letters.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// A number of 32 bits as a place; every machine this runs on has at least as many.
#[must_use]
pub(super) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A place as a number of 32 bits.
#[must_use]
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The value at a place, or nothing's value.
#[must_use]
pub(super) fn value<T: Copy + Default>(values: &[T], place: usize) -> T {
    values.get(place).copied().unwrap_or_default()
}
