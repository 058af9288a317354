//! What two records must share to be compared: the same in a batch and as stored columns.

use super::cells::Record;
use super::columns::{Column, folded_text, phone, text_sound};
use super::config::{ConfigFault, Kind, Schema};
use super::digits::{Date, Digits};
use super::hash;
use super::texts::{at, value};
use crate::matching::names::{normal_name, sound};

/// The most keys of one way that one record has: one for each word of a name.
const MOST: usize = super::columns::MOST_WORDS;

/// What of a field is taken for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// All of it.
    Whole,
    /// What it sounds like; of a name, each word in order of the alphabet.
    Sound,
    /// Of a name, each of its words: as many keys.
    Word,
    /// Of a name, the word that fewest have.
    Rarest,
    /// Of digits, in order of their value.
    Sorted,
    /// Of a date.
    Year,
    /// So many letters or digits from the start.
    First(u32),
    /// So many digits from the end.
    Last(u32),
}

impl Cut {
    fn parse(written: &str) -> Result<Self, ConfigFault> {
        let count = |text: &str| text.parse().map_err(|_| ConfigFault::new(format!("{written}: not a count")));
        Ok(match written {
            "sound" => Self::Sound,
            "word" => Self::Word,
            "rarest" => Self::Rarest,
            "sorted" => Self::Sorted,
            "year" => Self::Year,
            _ => match (written.strip_prefix("first"), written.strip_prefix("last")) {
                (Some(digits), _) => Self::First(count(digits)?),
                (_, Some(digits)) => Self::Last(count(digits)?),
                _ => return Err(ConfigFault::new(format!("{written} is no part of a field"))),
            },
        })
    }
}

/// One way in which records are brought together.
#[derive(Debug, Clone)]
pub struct KeyPlan {
    /// As the configuration names it.
    pub name: String,
    parts: Vec<(usize, Cut)>,
    salt: u64,
}

/// The ways that a schema names.
///
/// # Errors
/// Where a key names no field, or no part of one.
pub fn plans(schema: &Schema) -> Result<Vec<KeyPlan>, ConfigFault> {
    schema
        .key
        .iter()
        .map(|key| {
            let mut parts = Vec::new();
            for part in &key.parts {
                let (field, cut) =
                    part.split_once(':').map_or((part.as_str(), None), |(field, cut)| (field, Some(cut)));
                parts.push((schema.place(field)?, cut.map_or(Ok(Cut::Whole), Cut::parse)?));
            }
            let name = key.parts.join(" + ");
            Ok(KeyPlan { salt: hash::of_text(&name), name, parts })
        })
        .collect()
}

/// Hashes of some records, of each as many as it has; none where a part is missing.
#[derive(Debug, Clone, Default)]
pub struct Hashes {
    values: Vec<u64>,
    /// Where those of each record end.
    ends: Vec<usize>,
}

impl Hashes {
    /// Adds a record.
    pub(super) fn push(&mut self, hashes: impl IntoIterator<Item = u64>) {
        self.values.extend(hashes.into_iter().take(MOST));
        self.ends.push(self.values.len());
    }

    /// The hashes, those of one record in no order.
    #[must_use]
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// The hashes of each record.
    pub(super) fn each(&self) -> impl Iterator<Item = &[u64]> {
        let mut start = 0;
        self.ends.iter().map(move |end| self.values.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default())
    }

    /// Of each record, each of these with each of those.
    fn with(&self, part: &Self) -> Self {
        let mut all = Self { values: Vec::with_capacity(self.values.len()), ends: Vec::with_capacity(self.ends.len()) };
        for (hashes, more) in self.each().zip(part.each()) {
            all.push(hashes.iter().flat_map(|hash| more.iter().map(|more| hash::with(*hash, *more))));
        }
        all
    }
}

impl KeyPlan {
    /// The fields that a record's keys are made of, and what is taken of each.
    #[must_use]
    pub fn parts(&self) -> &[(usize, Cut)] {
        &self.parts
    }

    /// The keys of records, from what is taken of their fields.
    #[must_use]
    pub fn of_parts<'p>(&self, parts: impl IntoIterator<Item = &'p Hashes>) -> Hashes {
        let mut parts = parts.into_iter();
        let salted = |first: &Hashes| Hashes {
            values: first.values.iter().map(|hash| hash::with(self.salt, *hash)).collect(),
            ends: first.ends.clone(),
        };
        let first = parts.next().map(salted).unwrap_or_default();
        parts.fold(first, |hashes, part| hashes.with(part))
    }

    /// The keys of one record, from its values in the order of the schema's fields.
    #[must_use]
    pub fn of_values(&self, values: &[Prepared]) -> Hashes {
        let taken = |(place, cut): &(usize, Cut)| {
            let mut hashes = Hashes::default();
            if let Some(value) = values.get(*place) {
                value.take(*cut, &mut hashes);
            }
            hashes
        };
        let parts: Vec<Hashes> = self.parts.iter().map(taken).collect();
        self.of_parts(&parts)
    }
}

/// A value in the form that keys are made of, once for all of them.
#[derive(Debug, Clone)]
pub enum Prepared {
    /// A text folded, and its sound.
    Text(String, u64),
    /// Digits.
    Digits(Digits),
    /// Of each word of a name the hash of its sound and how seldom it is, in the order written.
    Name(Vec<(u64, f32)>),
}

impl Prepared {
    /// Brings a value as written to its form.
    ///
    /// `rarity` says of a word's sound how seldom it is; of two alike, the one of the lower hash is the rarer.
    #[must_use]
    pub fn of(kind: Kind, written: &str, rarity: &dyn Fn(&str) -> f32) -> Self {
        let written = written.trim();
        match kind {
            Kind::Text | Kind::Code | Kind::Place => {
                let folded = folded_text(written, kind);
                let sound = text_sound(&folded, kind);
                Self::Text(folded, sound)
            }
            Kind::Date | Kind::Number | Kind::NationalNumber => Self::Digits(Digits::of(written)),
            Kind::Phone => Self::Digits(phone(written)),
            Kind::Name => {
                let sounds = normal_name(written).words;
                let sounds = sounds.iter().map(|word| sound(word));
                Self::Name(sounds.map(|sound| (hash::of_text(&sound), rarity(&sound))).collect())
            }
        }
    }

    fn take(&self, cut: Cut, hashes: &mut Hashes) {
        match self {
            Self::Text(folded, _) if folded.is_empty() => hashes.push([]),
            Self::Text(folded, sound) => hashes.push([of_text(folded, hash::of_text(folded), *sound, cut)]),
            Self::Digits(digits) => hashes.push(of_digits(*digits, cut)),
            Self::Name(sounds) => take_sounds(sounds.iter().copied(), cut, hashes),
        }
    }
}

/// Takes a part of each of several records' cells.
pub(super) fn take_cells<'r>(
    column: &Column,
    records: impl Iterator<Item = Record<'r>>,
    (place, cut): (usize, Cut),
    hashes: &mut Hashes,
) {
    match column {
        Column::Text(column) => records.for_each(|record| match record.number(place) {
            0 => hashes.push([]),
            text => {
                let (whole, sound) = (value(&column.hashes, at(text)), value(&column.sounds, at(text)));
                hashes.push([of_text(column.texts.text(text), whole, sound, cut)]);
            }
        }),
        Column::Digits(_) => records.for_each(|record| hashes.push(of_digits(record.digits(place), cut))),
        Column::Name(column) => records.for_each(|record| {
            let name = column.names.get(at(record.number(place))).copied().unwrap_or_default();
            let heard = name.sounds().iter().map(|sound| at(*sound));
            let sounds = heard.map(|sound| (value(&column.hashes, sound), value(&column.rarity, sound)));
            take_sounds(sounds, cut, hashes);
        }),
    }
}

fn of_text(text: &str, whole: u64, sound: u64, cut: Cut) -> u64 {
    match cut {
        Cut::Sound => sound,
        Cut::First(count) => {
            let end = text.char_indices().nth(at(count)).map_or(text.len(), |(end, _)| end);
            hash::of_text(text.get(..end).unwrap_or_default())
        }
        _ => whole,
    }
}

fn of_digits(digits: Digits, cut: Cut) -> Option<u64> {
    if digits.is_none() {
        return None;
    }
    let count = digits.count();
    match cut {
        Cut::Sorted => Some(digits.sorted()),
        Cut::Year => Date::of(digits).map(|date| u64::from(date.year)),
        Cut::First(first) => (count > first).then(|| digits.head(count - first).0),
        Cut::Last(last) => (count >= last).then(|| digits.tail(last).0),
        _ => Some(digits.0),
    }
}

fn take_sounds(sounds: impl Iterator<Item = (u64, f32)> + Clone, cut: Cut, hashes: &mut Hashes) {
    let words = sounds.clone().map(|(hash, _)| hash);
    let folded = |fold: fn(u64, u64) -> u64| {
        words.clone().fold(None, |all: Option<u64>, hash| Some(fold(all.unwrap_or_default(), hash)))
    };
    match cut {
        Cut::Word => hashes.push(words),
        Cut::Rarest => hashes.push(rarest(sounds)),
        Cut::Whole => hashes.push(folded(hash::with)),
        // A sum does not mind the order.
        _ => hashes.push(folded(|all, hash| all.wrapping_add(hash::finished(hash)))),
    }
}

/// The word that fewest have; of two alike, the one of the lower hash.
fn rarest(sounds: impl Iterator<Item = (u64, f32)>) -> Option<u64> {
    let mut rarest: Option<(f32, u64)> = None;
    for (hash, rarity) in sounds {
        if rarest.is_none_or(|(known, known_hash)| rarity > known || (rarity >= known && hash < known_hash)) {
            rarest = Some((rarity, hash));
        }
    }
    rarest.map(|(_, hash)| hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::engine::Reading;
    use crate::matching::engine::config::Field;

    #[test]
    fn keys_of_one_record_are_those_of_the_batch() {
        let schema = Schema::indonesia().unwrap();
        let names: Vec<&str> = schema.field.iter().map(Field::column).collect();
        let values: Vec<&str> = schema
            .field
            .iter()
            .map(|field| match field.kind {
                Kind::Name => "Hj. Siti Soelastri binti Karto",
                Kind::Date => "1987-12-15",
                Kind::NationalNumber | Kind::Number => "3206025512870001",
                Kind::Phone => "+62 812-3456-789",
                Kind::Code => "3206022002",
                Kind::Text | Kind::Place => "Doesoen Tegalredjo",
            })
            .collect();
        let file = format!("record_id,family_id,{}\n1,2,{}\n", names.join(","), values.join(","));
        let mut reading = Reading::new(&schema);
        reading.read(file.as_bytes()).unwrap();
        let records = reading.finish();
        // Both words are met once, so that neither is rarer.
        let fields = schema.field.iter().zip(&values);
        let prepared: Vec<_> = fields.map(|(field, value)| Prepared::of(field.kind, value, &|_| 1.0)).collect();
        for plan in plans(&schema).unwrap() {
            let taken = |part: &(usize, Cut)| {
                let mut hashes = Hashes::default();
                let record = records.cells.record(0);
                take_cells(&records.columns[part.0], std::iter::once(record), *part, &mut hashes);
                hashes
            };
            let batch = plan.of_parts(&plan.parts().iter().map(taken).collect::<Vec<_>>());
            assert!(!batch.values().is_empty(), "{}", plan.name);
            let one = plan.of_values(&prepared);
            assert_eq!(batch.values(), one.values(), "{}", plan.name);
        }
    }
}
