//! From a seat in a household to a person: name, birth, number, work, school, health.

use chrono::{Days, Months, NaiveDate};
use uuid::Uuid;

use super::draw::Draw;
use super::family::{Disability, Kin, Person, School, Sex, Work};
use super::household::Seat;
use super::names::{self, Style};
use super::numbers::{Numbers, ORIGINS, Origin};
use super::places::Character;

/// What the members of one family have in common.
pub(super) struct Household<'a> {
    pub(super) character: &'a Character,
    pub(super) as_of: NaiveDate,
    pub(super) style: Style,
    pub(super) line: String,
    pub(super) decile: u8,
}

/// Makes the person of one seat.
pub(super) fn person(draw: &mut Draw, numbers: &mut Numbers, home: &Household, seat: Seat, id: Uuid) -> Person {
    let born_on = born_on(draw, home.as_of, seat.age);
    let school = school(draw, seat, home.decile);
    let origin = origin(draw, home.style, seat.age);
    Person {
        id,
        name: names::person(draw, home.style, seat.sex, &home.line),
        sex: seat.sex,
        born_on,
        kin: seat.kin,
        birth_place: origin.map_or(HOME, |origin| origin.place),
        nik: nik(draw, numbers, seat, born_on, origin),
        work: work(draw, home.character, seat, school),
        school,
        is_pregnant: is_pregnant(draw, seat),
        disability: disability(draw, seat.age),
    }
}

/// A day that makes the person `age` years old on `as_of`.
fn born_on(draw: &mut Draw, as_of: NaiveDate, age: u32) -> NaiveDate {
    let birthday = as_of.checked_sub_months(Months::new(age * 12)).unwrap_or(as_of);
    birthday.checked_sub_days(Days::new(u64::from(draw.below(364)))).unwrap_or(birthday)
}

/// Place of birth of those who were born here.
const HOME: &str = "Kutai Kartanegara";

/// Where the person was first registered, if not here: the grown of the peoples that moved in.
fn origin(draw: &mut Draw, style: Style, age: u32) -> Option<Origin> {
    let share = match style {
        Style::Kutai | Style::Dayak => 30,
        _ if age > 25 => 450,
        _ => 60,
    };
    if draw.chance(share) { draw.one_of(&ORIGINS) } else { None }
}

/// Infants and the old are the ones without a number. Four of a thousand cards carry a number
/// whose day is not the recorded birth date, as happens after a correction.
fn nik(
    draw: &mut Draw,
    numbers: &mut Numbers,
    seat: Seat,
    born_on: NaiveDate,
    origin: Option<Origin>,
) -> Option<String> {
    let missing = match seat.age {
        0 => 380,
        1..=2 => 90,
        66.. => 70,
        _ => 12,
    };
    if draw.chance(missing) {
        return None;
    }
    let told = if draw.chance(4) { born_on.pred_opt().unwrap_or(born_on) } else { born_on };
    match origin {
        Some(origin) => numbers.nik_of(origin, told, seat.sex),
        None => numbers.nik(told, seat.sex),
    }
}

/// Of a hundred children of an age, fewer are at school the older and the poorer they are.
fn school(draw: &mut Draw, seat: Seat, decile: u8) -> Option<School> {
    let hardship = 10 * u32::from(5u8.saturating_sub(decile));
    let (level, share) = match seat.age {
        7..=12 => (School::Primary, 985 - hardship),
        13..=15 => (School::Junior, 930 - 2 * hardship),
        16..=18 => (School::Senior, 760 - 4 * hardship),
        19..=20 => (School::Senior, 60),
        _ => return None,
    };
    let can_go = matches!(seat.kin, Kin::Child | Kin::Grandchild);
    (can_go && draw.chance(share)).then_some(level)
}

fn work(draw: &mut Draw, character: &Character, seat: Seat, school: Option<School>) -> Work {
    if seat.age < 15 || school.is_some() {
        return Work::Child;
    }
    let is_idle = match (seat.age, seat.sex) {
        (76.., _) => 950,
        (66..=75, _) => 600,
        (15..=18, _) => 550,
        _ => 45,
    };
    if draw.chance(is_idle) {
        return Work::None;
    }
    let keeps_house = match (seat.sex, seat.kin) {
        (Sex::Female, Kin::Spouse | Kin::Parent) => 620,
        (Sex::Female, Kin::Child) => 350,
        _ => 0,
    };
    if draw.chance(keeps_house) {
        return Work::Homemaker;
    }
    draw.weighted(&character.work, Work::DayLabourer)
}

fn is_pregnant(draw: &mut Draw, seat: Seat) -> bool {
    let may_be = seat.sex == Sex::Female && seat.kin == Kin::Spouse && (19..=42).contains(&seat.age);
    may_be && draw.chance(if seat.age <= 34 { 75 } else { 20 })
}

fn disability(draw: &mut Draw, age: u32) -> Option<Disability> {
    let share = if age >= 60 { 85 } else { 16 };
    if !draw.chance(share) {
        return None;
    }
    Some(if draw.chance(300) { Disability::Severe } else { Disability::Moderate })
}
