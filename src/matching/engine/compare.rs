//! How alike two records are, in levels per field.

use super::cells::Record;
use super::columns::{Column, TextColumn};
use super::compare_digits::{compare_dates, compare_national_numbers, compare_numbers};
use super::compare_names::compare_names;
use super::config::{ConfigFault, Kind, Schema};
use super::digits::{Date, Digits, agrees, is_structured};
use super::records::Records;
use super::texts::{at, value};
use crate::matching::likeness::steps_apart;

/// The most fields, those added by the comparison among them.
pub(super) const MOST_FIELDS: usize = 16;
/// Levels go from 0, where a value is missing, to this.
pub(super) const MOST_LEVELS: usize = 10;

/// One value is missing, or says nothing here.
pub(super) const MISSING: u8 = 0;
/// The values are the same.
pub(super) const EQUAL: u8 = 1;
/// Of two records that each have a card: another one.
pub(super) const OTHER_CARD: u8 = 2;
/// Of national numbers: one area and birth date, another serial, as twins have.
pub(super) const OTHER_SERIAL: u8 = 4;

/// The levels of all fields, and how much more than usual their being alike says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Likeness {
    /// Four bits a field.
    pub levels: u64,
    /// How seldom what is shared is, in bits.
    pub rarity: [f32; MOST_FIELDS],
}

impl Likeness {
    /// The level of a field.
    #[must_use]
    pub fn level(&self, field: usize) -> u8 {
        level_of(self.levels, field)
    }

    fn set(&mut self, field: usize, level: u8, rarity: f32) {
        self.levels = (self.levels & !(15 << (field * 4))) | (u64::from(level) << (field * 4));
        if let Some(known) = self.rarity.get_mut(field) {
            *known = rarity;
        }
    }
}

/// The level of a field in packed levels.
#[must_use]
pub(super) fn level_of(levels: u64, field: usize) -> u8 {
    u8::try_from((levels >> (field * 4)) & 15).unwrap_or_default()
}

/// What two of a household are thought to be short of one person, whatever else they share.
const OTHER_PERSON: f32 = 40.0;
/// What two with the numbers of twins and names that differ are.
const TWIN_LIKE: f32 = 12.0;

/// What is compared, in order.
#[derive(Debug)]
pub struct Comparing {
    /// The kind of each field of the schema.
    pub kinds: Vec<Kind>,
    household: Vec<bool>,
    /// Two fields that may stand in one another's place, and the field added that says whether they do.
    pub crossed: Vec<(usize, usize, usize)>,
    /// The person's own name: the first that is one.
    pub name: Option<usize>,
    /// The national number and the date that it repeats.
    pub number_and_born: Option<(usize, usize)>,
    /// The field that says whether two records are lines of one card.
    pub one_card: Option<usize>,
    /// How many fields there are, those added here among them.
    pub fields: usize,
}

impl Comparing {
    /// Reads from the schema what is compared.
    ///
    /// # Errors
    /// Where a name is of no field, or the fields are too many.
    pub fn new(schema: &Schema) -> Result<Self, ConfigFault> {
        let mut fields = schema.field.len();
        let mut crossed = Vec::new();
        for [one, other] in &schema.crossed {
            crossed.push((schema.place(one)?, schema.place(other)?, fields));
            fields += 1;
        }
        let one_card = schema.input.card.is_some().then_some(fields);
        fields += usize::from(one_card.is_some());
        if fields > MOST_FIELDS {
            return Err(ConfigFault::new(format!("{fields} fields are more than {MOST_FIELDS}")));
        }
        let mut number_and_born = None;
        for (place, field) in schema.field.iter().enumerate() {
            if let Some(born) = &field.born {
                number_and_born = Some((place, schema.place(born)?));
            }
        }
        let name = schema.field.iter().position(|field| field.kind == Kind::Name);
        let kinds = schema.field.iter().map(|field| field.kind).collect();
        let household = schema.field.iter().map(|field| field.household).collect();
        Ok(Self { kinds, household, crossed, name, number_and_born, one_card, fields })
    }

    /// Whether a household shares the field.
    #[must_use]
    pub fn is_household(&self, field: usize) -> bool {
        value(&self.household, field)
    }

    /// The kind of a field; a field added here is a code.
    #[must_use]
    pub fn kind(&self, field: usize) -> Kind {
        self.kinds.get(field).copied().unwrap_or(Kind::Code)
    }

    /// Compares two rows.
    #[must_use]
    pub fn compare(&self, records: &Records, one: u32, other: u32) -> Likeness {
        let pair = (records.cells.record(one), records.cells.record(other));
        let is_one_card = pair.0.is_one_card(pair.1);
        let mut likeness = Likeness::default();
        if let Some(field) = self.one_card {
            likeness.set(field, if is_one_card { EQUAL } else { OTHER_CARD }, 0.0);
        }
        for ((field, kind), column) in self.kinds.iter().enumerate().zip(&records.columns) {
            // What is written once for a card says nothing of two of its lines.
            if !(is_one_card && self.is_household(field)) {
                let (level, rarity) = compare_cells(column, *kind, field, pair);
                likeness.set(field, level, rarity);
            }
        }
        for crossed in &self.crossed {
            compare_crossed(&mut likeness, records, (one, other), *crossed);
        }
        likeness
    }

    /// What speaks against two records being one person beyond what each field says by itself, in bits.
    ///
    /// Twins and others of a household are alike in so much that the fields do not speak one by one.
    #[must_use]
    pub fn doubt(&self, levels: u64) -> f32 {
        let Some((number, _)) = self.number_and_born else { return 0.0 };
        let number = level_of(levels, number);
        let name = self.name.map_or(EQUAL, |field| level_of(levels, field));
        let is_one_card = self.one_card.is_some_and(|field| level_of(levels, field) == EQUAL);
        let is_another = match number {
            MISSING => is_one_card && name > 2,
            EQUAL | 2 => is_one_card && name > 6,
            OTHER_SERIAL if !is_one_card && name > 2 => return TWIN_LIKE,
            _ => is_one_card,
        };
        if is_another { OTHER_PERSON } else { 0.0 }
    }

    /// The doubt that the level of one field alone tells of, whatever the others are.
    #[must_use]
    pub(super) fn least_doubt(&self, field: usize, level: u8, is_one_card: bool) -> f32 {
        if self.number_and_born.is_none_or(|(number, _)| number != field) {
            return 0.0;
        }
        let mut likeness = Likeness::default();
        likeness.set(field, level, 0.0);
        for (field, level) in [(self.name, EQUAL), (self.one_card, if is_one_card { EQUAL } else { OTHER_CARD })] {
            if let Some(field) = field {
                likeness.set(field, level, 0.0);
            }
        }
        self.doubt(likeness.levels)
    }

    /// Whether two rows hold valid national numbers that agree with their own birth dates and differ.
    #[must_use]
    pub fn are_known_apart(&self, records: &Records, one: u32, other: u32) -> bool {
        let Some((number, born)) = self.number_and_born else { return false };
        let held = |row: u32| {
            let record = records.cells.record(row);
            let number = record.digits(number);
            let date = Date::of(record.digits(born))?;
            (is_structured(number) && agrees(number, date)).then_some((number, date))
        };
        matches!((held(one), held(other)), (Some(one), Some(other)) if one.0 != other.0 && one.1 != other.1)
    }
}

/// The level of two cells, and how seldom what they share is.
pub(super) fn compare_cells(column: &Column, kind: Kind, place: usize, records: (Record<'_>, Record<'_>)) -> (u8, f32) {
    let (one, other) = records;
    match column {
        Column::Text(column) => compare_texts(column, kind, one.number(place), other.number(place)),
        Column::Name(column) => compare_names(column, one.number(place), other.number(place)),
        Column::Digits(column) => {
            let (one, other) = (one.digits(place), other.digits(place));
            let level = compare_digits(kind, one, other);
            let is_same_date = kind == Kind::Date && level == EQUAL;
            (level, if is_same_date { column.rarity.get(&one.0).copied().unwrap_or_default() } else { 0.0 })
        }
    }
}

/// The level of two dates or numbers.
pub(super) fn compare_digits(kind: Kind, one: Digits, other: Digits) -> u8 {
    match kind {
        _ if one.is_none() || other.is_none() => MISSING,
        Kind::Date => compare_dates(one, other),
        Kind::NationalNumber => compare_national_numbers(one, other),
        _ => compare_numbers(one, other),
    }
}

fn compare_texts(column: &TextColumn, kind: Kind, one: u32, other: u32) -> (u8, f32) {
    if one == 0 || other == 0 {
        return (MISSING, 0.0);
    }
    if one == other {
        return (EQUAL, value(&column.rarity, at(one)));
    }
    if kind == Kind::Code {
        return (5, 0.0);
    }
    let rarity = value(&column.rarity, at(one)).min(value(&column.rarity, at(other)));
    let level = text_level(column.texts.text(one), column.texts.text(other));
    let sounds_alike = value(&column.sounds, at(one)) == value(&column.sounds, at(other));
    (if sounds_alike { level.min(2) } else { level }, rarity)
}

/// Takes two fields crosswise where they are alike so and not straight.
fn compare_crossed(likeness: &mut Likeness, records: &Records, rows: (u32, u32), fields: (usize, usize, usize)) {
    let (left, right, flag) = fields;
    let is_unlike = |field| likeness.level(field) >= 4;
    let level = if is_unlike(left) || is_unlike(right) {
        let there = compare_across(records, (left, rows.0), (right, rows.1));
        let back = compare_across(records, (right, rows.0), (left, rows.1));
        let is_like = |level: u8| level != MISSING && level < 4;
        if (is_like(there.0) || is_like(back.0)) && there.0 < 4 && back.0 < 4 {
            likeness.set(left, there.0, there.1);
            likeness.set(right, back.0, back.1);
            2
        } else {
            1
        }
    } else {
        1
    };
    likeness.set(flag, level, 0.0);
}

fn compare_across(records: &Records, one: (usize, u32), other: (usize, u32)) -> (u8, f32) {
    let (Some(Column::Text(left)), Some(Column::Text(right))) =
        (records.columns.get(one.0), records.columns.get(other.0))
    else {
        return (5, 0.0);
    };
    let left_number = records.cells.record(one.1).number(one.0);
    let right_number = records.cells.record(other.1).number(other.0);
    if left_number == 0 || right_number == 0 {
        return (MISSING, 0.0);
    }
    let (text, against) = (left.texts.text(left_number), right.texts.text(right_number));
    let rarity = value(&left.rarity, at(left_number)).min(value(&right.rarity, at(right_number)));
    (if text == against { EQUAL } else { text_level(text, against) }, rarity)
}

/// 1 the same, 2 a step apart, 3 few steps, 4 the one within the other or many steps, 5 unlike.
fn text_level(one: &str, other: &str) -> u8 {
    let length = one.len().max(other.len());
    let few = 2.max(length / 5);
    let many = length * 2 / 5;
    let steps = steps_apart(one.as_bytes(), other.as_bytes(), few.max(many));
    if steps <= 1 && length > 2 {
        2
    } else if steps <= few && length > 4 {
        3
    } else if steps <= many && length > 4 || is_start(one, other) || is_start(other, one) {
        4
    } else {
        5
    }
}

fn is_start(short: &str, long: &str) -> bool {
    short.len() >= 3 && long.starts_with(short)
}
