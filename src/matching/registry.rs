//! The registry's own persons: which of their facts are compared, and the keys that are stored with them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::engine::{Comparing, ConfigFault, KeyPlan, Prepared, Reading, Records, Schema, Weighing, Weights, plans};
use super::names::{fold, sound};

/// Weights to begin with, learnt from a made-up population; see `docs/decisions/0019-keys-of-like-persons.md`.
const FIRST_WEIGHTS: &str = include_str!("registry_weights.json");

/// The keys that are stored, as the configuration names them; of the words two are kept, the rarest ones.
const STORED: [&str; 6] = [
    "born_on + village_code",
    "born_on + name:rarest",
    "name:sorted + village_code",
    "name:word + village_code + born_on:year",
    "name:sorted + mother_name:sorted",
    "phone + sex",
];
/// From here records are taken for one person where it cannot be counted how seldom their names are: eight to one.
pub const UNCOUNTED_LINK_BITS: f32 = 3.0;
/// Place among [`STORED`] of the key that each word of a name has.
const BY_WORD: usize = 3;
/// Place of the name among the fields.
const NAME: usize = 0;

/// Words of names that are met so often that they say little; from general knowledge, of no register.
const USUAL: &[&str] = &[
    "muhamad", "siti", "ahmad", "nur", "abdul", "sri", "dewi", "sari", "wati", "agus", "budi", "eko", "dwi", "tri",
    "putra", "putri", "indah", "rina", "ani", "yani", "lina", "hasan", "ali", "umar", "maria", "yohanes", "anak",
    "dayang", "made", "ketut", "wayan", "nyoman",
];

static USUAL_SOUNDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| USUAL.iter().map(|word| sound(&fold(word))).collect());
static REGISTRY: LazyLock<Result<Registry, ConfigFault>> = LazyLock::new(Registry::new);

/// What is compared of a person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Name as written.
    pub name: &'a str,
    /// Sex.
    pub sex: &'a str,
    /// Birth place as written.
    pub birth_place: Option<&'a str>,
    /// Birth date.
    pub born_on: Option<NaiveDate>,
    /// NIK in full.
    pub nik: Option<&'a str>,
    /// Number of the family card in full.
    pub card_number: Option<&'a str>,
    /// Mother's name as written.
    pub mother_name: Option<&'a str>,
    /// Relationship to the head.
    pub relationship: &'a str,
    /// Village.
    pub village_code: &'a str,
    /// Address as written.
    pub address: Option<&'a str>,
    /// Telephone.
    pub phone: Option<&'a str>,
}

impl<'a> Person<'a> {
    /// The values in the order of the fields of the configuration.
    #[must_use]
    pub fn values(&self) -> [Cow<'a, str>; 11] {
        let text = |text: Option<&'a str>| Cow::Borrowed(text.unwrap_or_default());
        [
            self.name.into(),
            self.sex.into(),
            text(self.birth_place),
            self.born_on.map_or(Cow::Borrowed(""), |born_on| born_on.to_string().into()),
            text(self.nik),
            text(self.card_number),
            text(self.mother_name),
            self.relationship.into(),
            self.village_code.into(),
            text(self.address),
            text(self.phone),
        ]
    }
}

/// The keys of a person that the registry stores, each where all it is made of is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoredKeys {
    /// Birth date and village.
    pub born_village: Option<i64>,
    /// Birth date and rarest word of the name.
    pub born_word: Option<i64>,
    /// Words of the name, in any order, and village.
    pub name_village: Option<i64>,
    /// Rarest word, village and year of birth.
    pub first_word: Option<i64>,
    /// The next word, village and year of birth.
    pub second_word: Option<i64>,
    /// Words of the name and of the mother's.
    pub name_mother: Option<i64>,
    /// Telephone and sex.
    pub phone_sex: Option<i64>,
}

/// How the registry's persons are compared.
#[derive(Debug)]
pub struct Registry {
    /// The configuration.
    pub schema: Schema,
    /// Weights where no run has learnt others.
    pub first_weights: Weights,
    comparing: Comparing,
    stored: Vec<KeyPlan>,
}

/// How two persons compare.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Binary logarithm of the odds that they are one.
    pub bits: f32,
    /// Whether these odds, and nothing that speaks against it for sure, make them one person.
    pub is_same: bool,
    /// What each field says, in the order of the configuration.
    pub by_field: Vec<f32>,
}

/// The registry's way of comparing.
///
/// # Errors
/// Never, unless the binary was built of other files.
pub fn registry() -> Result<&'static Registry, &'static ConfigFault> {
    REGISTRY.as_ref()
}

impl Registry {
    fn new() -> Result<Self, ConfigFault> {
        let schema = Schema::registry()?;
        let comparing = Comparing::new(&schema)?;
        let all = plans(&schema)?;
        let plan = |name: &&str| {
            let found = all.iter().find(|plan| plan.name == **name).cloned();
            found.ok_or_else(|| ConfigFault::new(format!("no key is made of {name}")))
        };
        let stored = STORED.iter().map(plan).collect::<Result<_, _>>()?;
        let first_weights = serde_json::from_str(FIRST_WEIGHTS).map_err(|error| ConfigFault::new(error.to_string()))?;
        Ok(Self { schema, first_weights, comparing, stored })
    }

    /// The names of the fields, in their order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.schema.field.iter().map(|field| field.name.as_str())
    }

    /// The keys that are stored with a person; the NIK has its own.
    #[must_use]
    pub fn keys_of(&self, person: &Person<'_>) -> StoredKeys {
        let fields = self.schema.field.iter().zip(person.values());
        let prepared: Vec<_> = fields.map(|(field, value)| Prepared::of(field.kind, &value, &rarity)).collect();
        let keys_by = |place: usize| self.stored.get(place).map(|plan| plan.of_values(&prepared)).unwrap_or_default();
        let one = |place: usize| keys_by(place).values().first().map(|hash| hash.cast_signed());
        let (words, order) = (keys_by(BY_WORD), rarest_first(prepared.get(NAME)));
        let word = |rank: usize| order.get(rank).and_then(|at| words.values().get(*at)).map(|hash| hash.cast_signed());
        StoredKeys {
            born_village: one(0),
            born_word: one(1),
            name_village: one(2),
            first_word: word(0),
            second_word: word(1),
            name_mother: one(4),
            phone_sex: one(5),
        }
    }

    /// Compares pairs of a few persons, none of whom is on one card with another.
    #[must_use]
    pub fn compare(&self, weights: &Weights, persons: &[Person<'_>], pairs: &[(u32, u32)]) -> Vec<Compared> {
        let mut reading = Reading::new(&self.schema);
        for person in persons {
            reading.add("", "", person.values().iter().map(AsRef::as_ref));
        }
        let records = reading.finish_few();
        let weighing = Weighing::new(&records, &self.comparing, weights);
        pairs.iter().map(|(one, other)| self.compared(&weighing, *one, *other)).collect()
    }

    /// How two rows of records compare.
    #[must_use]
    pub fn compared(&self, weighing: &Weighing<'_>, one: u32, other: u32) -> Compared {
        let (bits, mut by_field) = weighing.told(one, other);
        let records: &Records = weighing.records;
        let is_same = bits.all >= UNCOUNTED_LINK_BITS && !self.comparing.are_known_apart(records, one, other);
        by_field.truncate(self.schema.field.len());
        Compared { bits: bits.all, is_same, by_field }
    }
}

/// How seldom a word is, roughly: stored keys must not hang on who else is registered.
fn rarity(sound: &str) -> f32 {
    if USUAL_SOUNDS.contains(sound) { 0.0 } else { f32::from(u8::try_from(sound.len()).unwrap_or(u8::MAX)) }
}

/// The places of the words of a name, the rarest first; of two alike the one of the lower hash.
fn rarest_first(name: Option<&Prepared>) -> Vec<usize> {
    let Some(Prepared::Name(words)) = name else { return Vec::new() };
    let mut order: Vec<(usize, &(u64, f32))> = words.iter().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    order.dedup_by_key(|(_, word)| word.0);
    order.into_iter().map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &'static str) -> Person<'static> {
        Person {
            name,
            sex: "female",
            birth_place: Some("Kembang Janggut"),
            born_on: NaiveDate::from_ymd_opt(1987, 12, 15),
            nik: Some("6402105512870001"),
            card_number: Some("6402101001209001"),
            mother_name: Some("Ibu Contoh"),
            relationship: "head",
            village_code: "64.02.10.2004",
            address: Some("RT 03"),
            phone: Some("+62 812-0000-0000"),
        }
    }

    #[test]
    fn names_in_other_words_share_keys() {
        let registry = registry().unwrap();
        let (one, other) = (person("Hj. Siti Soelastri"), person("Sulastri, Sitti"));
        assert_eq!(registry.keys_of(&one), registry.keys_of(&other));
        let third = registry.keys_of(&person("Sulastri"));
        let keys = registry.keys_of(&one);
        assert_eq!(keys.first_word, third.first_word);
        assert_eq!(keys.born_word, third.born_word);
        assert_ne!(keys.name_village, third.name_village);
        assert_eq!(third.second_word, None);
    }

    #[test]
    fn what_is_unknown_makes_no_key() {
        let unknown = Person { born_on: None, mother_name: None, phone: None, ..person("Sulastri") };
        let keys = registry().unwrap().keys_of(&unknown);
        assert!(keys.name_village.is_some());
        let others = [keys.born_village, keys.born_word, keys.first_word, keys.name_mother, keys.phone_sex];
        assert_eq!(others, [None; 5]);
    }

    #[test]
    fn twins_are_not_one_person_and_a_slip_is() {
        let registry = registry().unwrap();
        let twin = Person { name: "Siti Sulasmi", nik: Some("6402105512870002"), ..person("") };
        let again = Person { relationship: "spouse", nik: Some("6402105512870011"), ..person("SITI SULASTRY") };
        let again = Person { nik: Some("6402105512780001"), ..again };
        let persons = [person("Siti Sulastri"), twin, again];
        let compared = registry.compare(&registry.first_weights, &persons, &[(0, 1), (0, 2)]);
        assert!(!compared[0].is_same, "{compared:?}");
        assert!(compared[1].is_same, "{compared:?}");
    }
}
