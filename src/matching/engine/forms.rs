//! Names brought to their forms, each form once.

use super::super::names::{NormalName, normal_name, sound};
use super::columns::MOST_WORDS;
use super::hash;
use super::records::BATCH;
use super::table::Table;
use super::texts::{Texts, at, number, value};
use crate::matching::likeness::Glance;

/// One name as numbers of words; one line of memory, so that a name is there at once.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub struct NameForm {
    words: [u32; MOST_WORDS],
    sounds: [u32; MOST_WORDS],
    count: u8,
    /// Of the words written as one.
    pub(super) joined: Glance,
}

impl NameForm {
    /// The words in their order.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        self.words.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// What each of the words sounds like.
    #[must_use]
    pub fn sounds(&self) -> &[u32] {
        self.sounds.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Each word and what it sounds like.
    pub(super) fn spoken(&self) -> impl Iterator<Item = (u32, u32)> {
        self.words().iter().copied().zip(self.sounds().iter().copied())
    }
}

/// The forms that names have, as they are met.
pub(super) struct Forms {
    /// The forms; the first has no words.
    pub names: Vec<NameForm>,
    numbers: Table,
    /// The distinct words.
    pub words: Texts,
    /// Of each word, the number of what it sounds like.
    sounds: Vec<u32>,
    /// The distinct sounds.
    pub heard: Texts,
}

/// A name in its form, before it is known whether another has it.
struct Formed {
    name: NormalName,
    form: NameForm,
    hash: u64,
}

impl Forms {
    /// Starts with the name of no words, and room for so many.
    #[must_use]
    pub(super) fn with_room(names: usize) -> Self {
        let mut forms = Self {
            names: Vec::with_capacity(names),
            numbers: Table::with_room(names),
            words: Texts::default(),
            sounds: vec![0],
            heard: Texts::default(),
        };
        let none = forms.form(NormalName::default());
        forms.number(&none);
        forms
    }

    /// The numbers of the forms of names as they are written.
    pub(super) fn numbers(&mut self, texts: &Texts) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(texts.len());
        let mut batch = Vec::with_capacity(BATCH);
        while numbers.len() < texts.len() {
            let end = texts.len().min(numbers.len() + BATCH);
            let places = number(numbers.len())..number(end);
            batch.clear();
            batch.extend(places.map(|text| self.form(normal_name(texts.text(text)))));
            self.numbers.fetch(batch.iter().map(|formed| formed.hash));
            numbers.extend(batch.iter().map(|formed| self.number(formed)));
        }
        numbers
    }

    fn form(&mut self, name: NormalName) -> Formed {
        let mut form = NameForm::default();
        let mut hash = 0;
        for ((word, into), sound) in name.words.iter().zip(&mut form.words).zip(&mut form.sounds) {
            *into = self.word(word);
            *sound = value(&self.sounds, at(*into));
            hash = hash::with(hash, u64::from(*into));
            form.count += 1;
        }
        Formed { name, form, hash: hash::finished(hash) }
    }

    fn word(&mut self, word: &str) -> u32 {
        let number = self.words.number(word);
        if at(number) == self.sounds.len() {
            self.sounds.push(self.heard.number(&sound(word)));
        }
        number
    }

    fn number(&mut self, formed: &Formed) -> u32 {
        let next = number(self.names.len());
        let number = self.numbers.number(formed.hash, next);
        if number == next {
            self.names.push(NameForm { joined: Glance::of(&formed.name.words.concat()), ..formed.form });
        }
        number
    }
}
