//! Records by column: each distinct value is brought to its form once.

use super::super::names::{fold, sound};
use super::cells::Values;
use super::config::Kind;
use super::digits::{Digits, is_structured};
use super::forms::{Forms, NameForm};
use super::hash::{self, Map};
use super::texts::{Texts, at, number, value};
use crate::matching::likeness::Glance;

/// The most words of a name that are compared.
pub(super) const MOST_WORDS: usize = 6;
/// As a factor.
const MOST_RARE_WORDS: f32 = 6.0;
/// A malformed number this often is no number but what is written for want of one.
const STAND_IN_FROM: u32 = 3;

/// The values of one field, by row.
#[derive(Debug)]
pub enum Column {
    /// Texts and codes.
    Text(TextColumn),
    /// Full names.
    Name(NameColumn),
    /// Dates and numbers.
    Digits(DigitColumn),
}

impl Column {
    /// How seldom the rarest value is; of names only the most that can be.
    pub(super) fn most_rarity(&self) -> f32 {
        let most = |rarities: &[f32]| rarities.iter().copied().fold(0.0, f32::max);
        match self {
            Self::Text(column) => most(&column.rarity),
            Self::Name(column) => most(&column.rarity) * MOST_RARE_WORDS,
            Self::Digits(column) => column.rarity.values().copied().fold(0.0, f32::max),
        }
    }

    /// Forgets how seldom values are: then their being shared says no more than usual.
    pub(super) fn forget_rarity(&mut self) {
        match self {
            Self::Text(column) => column.rarity.fill(0.0),
            Self::Name(column) => column.rarity.fill(0.0),
            Self::Digits(column) => column.rarity.clear(),
        }
    }
}

/// Texts by their number.
#[derive(Debug)]
pub struct TextColumn {
    /// The texts: small letters and digits, nothing else.
    pub texts: Texts,
    /// Of each, its hash.
    pub hashes: Vec<u64>,
    /// What each sounds like.
    pub sounds: Vec<u64>,
    /// Of each, how much its being shared says: the binary logarithm of how seldom it is.
    pub rarity: Vec<f32>,
}

/// Names by their number.
#[derive(Debug)]
pub struct NameColumn {
    /// The names, each once; the first has no words.
    pub names: Vec<NameForm>,
    /// The distinct words of them.
    pub words: Texts,
    /// The sounds of them.
    pub heard: Texts,
    /// Of each sound, its hash.
    pub hashes: Vec<u64>,
    /// Of each sound, what tells it from most others.
    pub(super) glances: Vec<Glance>,
    /// Of each sound, how seldom it is.
    pub rarity: Vec<f32>,
}

impl NameColumn {
    /// Has names brought near.
    pub(super) fn fetch(&self, names: impl Iterator<Item = u32>) {
        let touched = names.fold(0, |all, name| all ^ self.names.get(at(name)).map_or(0, |name| name.joined.length()));
        std::hint::black_box(touched);
    }
}

/// Dates and numbers as digits.
#[derive(Debug)]
pub struct DigitColumn {
    /// Of each value in a column of dates, how seldom it is.
    pub rarity: Map<u64, f32>,
}

/// The values of a column as written, before they are brought to their form.
#[derive(Debug, Default)]
pub(super) struct Written {
    rows: Vec<u32>,
    texts: Texts,
    digits: Vec<Digits>,
}

impl Written {
    /// Adds the values of the next rows.
    pub(super) fn extend(&mut self, kind: Kind, written: impl IntoIterator<Item = impl AsRef<str>>) {
        match kind {
            Kind::Text | Kind::Code | Kind::Name | Kind::Place => self.texts.extend(written, &mut self.rows),
            Kind::Date | Kind::Number | Kind::NationalNumber => {
                self.digits.extend(written.into_iter().map(|written| Digits::of(written.as_ref())));
            }
            Kind::Phone => self.digits.extend(written.into_iter().map(|written| phone(written.as_ref()))),
        }
    }

    /// Brings the values to their forms.
    #[must_use]
    pub(super) fn formed(self, kind: Kind) -> (Column, Values) {
        let rarity = if kind == Kind::Date { date_rarity(&self.digits) } else { Map::default() };
        match kind {
            Kind::Text | Kind::Code | Kind::Place => text_column(&self, kind),
            Kind::Name => name_column(&self),
            Kind::NationalNumber => {
                (Column::Digits(DigitColumn { rarity }), Values::Wide(without_stand_ins(self.digits)))
            }
            Kind::Date | Kind::Number | Kind::Phone => {
                (Column::Digits(DigitColumn { rarity }), Values::Wide(self.digits))
            }
        }
    }
}

/// A telephone number without the country's prefix.
#[must_use]
pub(super) fn phone(written: &str) -> Digits {
    let digits = written.trim_start_matches('+');
    let local = digits.strip_prefix("62").or_else(|| digits.strip_prefix('0')).unwrap_or(digits);
    Digits::of(local)
}

/// A text in small letters and digits; of a place, in one spelling.
#[must_use]
pub(super) fn folded_text(written: &str, kind: Kind) -> String {
    let words = written.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    if kind == Kind::Place { words.map(|word| fold(&word)).collect() } else { words.collect() }
}

/// What a folded text sounds like.
#[must_use]
pub(super) fn text_sound(folded: &str, kind: Kind) -> u64 {
    if kind == Kind::Code { hash::of_text(folded) } else { hash::of_text(&sound(folded)) }
}

fn text_column(written: &Written, kind: Kind) -> (Column, Values) {
    let mut texts = Texts::default();
    let places = 0..number(written.texts.len());
    let renumbered: Vec<u32> =
        places.map(|place| texts.number(&folded_text(written.texts.text(place), kind))).collect();
    let rows: Vec<u32> = written.rows.iter().map(|row| value(&renumbered, at(*row))).collect();
    let sounds = (0..number(texts.len())).map(|place| text_sound(texts.text(place), kind)).collect();
    let rarity = rarities(&counted(rows.iter().copied(), texts.len()));
    let hashes = hashes(&texts);
    texts.close();
    (Column::Text(TextColumn { texts, hashes, sounds, rarity }), Values::Narrow(rows))
}

fn name_column(written: &Written) -> (Column, Values) {
    let mut forms = Forms::with_room(written.texts.len());
    let renumbered = forms.numbers(&written.texts);
    let rows: Vec<u32> = written.rows.iter().map(|row| value(&renumbered, at(*row))).collect();
    let Forms { names, mut words, mut heard, .. } = forms;
    let spoken = rows.iter().filter_map(|row| names.get(at(*row))).flat_map(NameForm::sounds);
    let mut rarity = rarities_among(&counted(spoken.copied(), heard.len()), rows.len());
    // An initial says little, however seldom its letter is written alone.
    for (sound, rarity) in rarity.iter_mut().enumerate() {
        if heard.text(number(sound)).len() == 1 {
            *rarity = rarity.min(3.0);
        }
    }
    words.close();
    heard.close();
    let glances = (0..number(heard.len())).map(|sound| Glance::of(heard.text(sound))).collect();
    (Column::Name(NameColumn { names, words, hashes: hashes(&heard), heard, glances, rarity }), Values::Narrow(rows))
}

fn hashes(texts: &Texts) -> Vec<u64> {
    (0..number(texts.len())).map(|text| hash::of_text(texts.text(text))).collect()
}

fn counted(values: impl Iterator<Item = u32>, distinct: usize) -> Vec<u32> {
    let mut counts = vec![0_u32; distinct];
    for value in values {
        if let Some(count) = counts.get_mut(at(value)) {
            *count += 1;
        }
    }
    counts
}

/// How seldom each value is among those that are there; 0 for the empty one.
fn rarities(counts: &[u32]) -> Vec<f32> {
    let there: usize = counts.iter().skip(1).map(|count| at(*count)).sum();
    rarities_among(counts, there)
}

fn rarities_among(counts: &[u32], all: usize) -> Vec<f32> {
    let all = approximate(all);
    let rarity = |count: &u32| if *count == 0 { 0.0 } else { (all / approximate(at(*count))).log2().max(0.0) };
    let mut rarities: Vec<f32> = counts.iter().map(rarity).collect();
    if let Some(empty) = rarities.first_mut() {
        *empty = 0.0;
    }
    rarities
}

/// A count as a number to reckon with; above 16 million it is not exact, and need not be.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a count is only reckoned with roughly")]
#[must_use]
pub(super) fn approximate(count: usize) -> f32 {
    count as f32
}

fn date_rarity(rows: &[Digits]) -> Map<u64, f32> {
    let mut counts: Map<u64, u32> = Map::default();
    for digits in rows.iter().filter(|digits| !digits.is_none()) {
        *counts.entry(digits.0).or_default() += 1;
    }
    let all = approximate(rows.len());
    counts.into_iter().map(|(digits, count)| (digits, (all / approximate(at(count))).log2())).collect()
}

/// Leaves out malformed numbers that many have: they stand for one that is unknown.
fn without_stand_ins(mut rows: Vec<Digits>) -> Vec<Digits> {
    let mut counts: Map<u64, u32> = Map::default();
    for digits in rows.iter().filter(|digits| !digits.is_none() && !is_structured(**digits)) {
        *counts.entry(digits.0).or_default() += 1;
    }
    for digits in &mut rows {
        if counts.get(&digits.0).is_some_and(|count| *count >= STAND_IN_FROM) {
            *digits = Digits::default();
        }
    }
    rows
}
