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

/// The hashes of one record's keys of one way; none where a part is missing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hashes {
    values: [u64; MOST],
    count: usize,
}

impl Hashes {
    fn push(&mut self, hash: u64) {
        if let Some(into) = self.values.get_mut(self.count) {
            *into = hash;
            self.count += 1;
        }
    }

    fn one(hash: u64) -> Self {
        let mut hashes = Self::default();
        hashes.push(hash);
        hashes
    }

    /// The hashes, in no order.
    #[must_use]
    pub fn values(&self) -> &[u64] {
        self.values.get(..self.count).unwrap_or_default()
    }

    /// Each of these with each of those.
    fn with(&self, part: &Self) -> Self {
        let mut all = Self::default();
        for hash in self.values() {
            for more in part.values() {
                all.push(hash::with(*hash, *more));
            }
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

    /// The keys of one record, from what is taken of its fields.
    #[must_use]
    pub fn of_parts<'p>(&self, parts: impl IntoIterator<Item = &'p Hashes>) -> Hashes {
        parts.into_iter().fold(Hashes::one(self.salt), |hashes, part| hashes.with(part))
    }

    /// The keys of one record, from its values in the order of the schema's fields.
    #[must_use]
    pub fn of_values(&self, values: &[Prepared]) -> Hashes {
        let cut = |(place, cut): &(usize, Cut)| values.get(*place).map(|value| value.hashes(*cut)).unwrap_or_default();
        let parts: Vec<Hashes> = self.parts.iter().map(cut).collect();
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

    fn hashes(&self, cut: Cut) -> Hashes {
        match self {
            Self::Text(folded, _) if folded.is_empty() => Hashes::default(),
            Self::Text(folded, sound) => of_text(folded, hash::of_text(folded), *sound, cut),
            Self::Digits(digits) => of_digits(*digits, cut),
            Self::Name(sounds) => of_sounds(sounds.iter().copied(), cut),
        }
    }
}

/// What is taken of a cell.
#[must_use]
pub(super) fn of_cell(column: &Column, record: Record<'_>, place: usize, cut: Cut) -> Hashes {
    match column {
        Column::Text(column) => match record.number(place) {
            0 => Hashes::default(),
            text => {
                let (whole, sound) = (value(&column.hashes, at(text)), value(&column.sounds, at(text)));
                of_text(column.texts.text(text), whole, sound, cut)
            }
        },
        Column::Digits(_) => of_digits(record.digits(place), cut),
        Column::Name(column) => {
            let Some(name) = column.names.get(at(record.number(place))) else { return Hashes::default() };
            let heard = |word: &u32| value(&column.sounds, at(*word));
            let sounds = name.words().iter().map(heard);
            of_sounds(sounds.map(|sound| (value(&column.hashes, at(sound)), value(&column.rarity, at(sound)))), cut)
        }
    }
}

fn of_text(text: &str, whole: u64, sound: u64, cut: Cut) -> Hashes {
    match cut {
        Cut::Sound => Hashes::one(sound),
        Cut::First(count) => {
            let start: String = text.chars().take(at(count)).collect();
            Hashes::one(hash::of_text(&start))
        }
        _ => Hashes::one(whole),
    }
}

fn of_digits(digits: Digits, cut: Cut) -> Hashes {
    if digits.is_none() {
        return Hashes::default();
    }
    let count = digits.count();
    match cut {
        Cut::Sorted => Hashes::one(digits.sorted()),
        Cut::Year => Date::of(digits).map_or_else(Hashes::default, |date| Hashes::one(u64::from(date.year))),
        Cut::First(first) if count > first => Hashes::one(digits.head(count - first).0),
        Cut::Last(last) if count >= last => Hashes::one(digits.tail(last).0),
        Cut::First(_) | Cut::Last(_) => Hashes::default(),
        _ => Hashes::one(digits.0),
    }
}

fn of_sounds(sounds: impl Iterator<Item = (u64, f32)>, cut: Cut) -> Hashes {
    let mut words = Hashes::default();
    let mut rarest: Option<(f32, u64)> = None;
    for (hash, rarity) in sounds {
        words.push(hash);
        if rarest.is_none_or(|(known, known_hash)| rarity > known || (rarity >= known && hash < known_hash)) {
            rarest = Some((rarity, hash));
        }
    }
    match cut {
        Cut::Word => words,
        Cut::Rarest => rarest.map_or_else(Hashes::default, |(_, hash)| Hashes::one(hash)),
        Cut::Whole if words.count > 0 => Hashes::one(words.values().iter().fold(0, |all, hash| hash::with(all, *hash))),
        _ if words.count > 0 => {
            // A sum does not mind the order.
            Hashes::one(words.values().iter().fold(0, |all: u64, hash| all.wrapping_add(hash::finished(*hash))))
        }
        _ => Hashes::default(),
    }
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
            let cut =
                |(place, cut): &(usize, Cut)| of_cell(&records.columns[*place], records.cells.record(0), *place, *cut);
            let batch = plan.of_parts(&plan.parts().iter().map(cut).collect::<Vec<_>>());
            assert!(!batch.values().is_empty(), "{}", plan.name);
            let one = plan.of_values(&prepared);
            assert_eq!(batch.values(), one.values(), "{}", plan.name);
        }
    }
}
