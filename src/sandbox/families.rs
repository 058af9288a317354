//! The stream of families: one at a time, in bounded memory, each from the seed and its own place.

use chrono::{Days, NaiveDate, NaiveTime};
use uuid::{Builder, Uuid};

use super::draw::Draw;
use super::family::{Family, Person, Sex, Want, Work};
use super::household::Shape;
use super::names;
use super::numbers::Numbers;
use super::people::{self, Household};
use super::places::{Character, Plan, character};

/// Deciles of a thousand families in a poor plantation district.
const DECILES: [(u8, u32); 10] = [
    (1, 170),
    (2, 160),
    (3, 150),
    (4, 130),
    (5, 110), //
    (6, 90),
    (7, 70),
    (8, 50),
    (9, 40),
    (10, 30),
];

/// The families of a plan, in village order.
#[derive(Debug)]
pub struct Families<'a> {
    plan: &'a Plan,
    shares: Vec<u32>,
    village: usize,
    left: u32,
    ordinal: u64,
    character: Option<Character>,
    numbers: Numbers,
    id_millis: u64,
}

impl<'a> Families<'a> {
    /// Starts the stream.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        let midnight = plan.as_of.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let mut families = Self {
            plan,
            shares: plan.shares(),
            village: 0,
            left: 0,
            ordinal: 0,
            character: None,
            numbers: Numbers::new(),
            id_millis: u64::try_from(midnight).unwrap_or_default(),
        };
        families.enter(0);
        families
    }

    fn enter(&mut self, village: usize) {
        self.village = village;
        self.left = self.shares.get(village).copied().unwrap_or_default();
        let Some(place) = self.plan.villages.get(village) else {
            self.character = None;
            return;
        };
        self.character = Some(character(&place.code));
        self.numbers.enter(place.district_digits());
    }

    /// Ids rise with the order of the families, one millisecond for each, as ids of a real
    /// register would.
    fn id(&self, draw: &mut Draw) -> Uuid {
        let millis = self.id_millis + self.ordinal;
        Builder::from_unix_timestamp_millis(millis, &draw.id_bits()).into_uuid()
    }

    fn family(&mut self, character: &Character) -> Family {
        let mut draw = Draw::of(self.plan.seed, self.ordinal);
        let id = self.id(&mut draw);
        let style = draw.weighted(&character.peoples, names::Style::Kutai);
        let shape = Shape::draw(&mut draw);
        let decile = decile(&mut draw, character, shape);
        let home = Household { character, as_of: self.plan.as_of, style, line: names::line(&mut draw, style), decile };
        let seats = shape.seats(&mut draw);
        let mut members = Vec::with_capacity(seats.len());
        for seat in seats {
            let id = self.id(&mut draw);
            members.push(people::person(&mut draw, &mut self.numbers, &home, seat, id));
        }
        let (card_number, card_issued_on) = self.numbers.card(recorded_on(&mut draw, self.plan.as_of));
        Family {
            id,
            village: self.village,
            card_number,
            card_issued_on,
            address: address(&mut draw, character),
            phone: phone(&mut draw),
            decile,
            earlier_decile: earlier(&mut draw, decile),
            wants: wants(&mut draw, decile, &members, self.plan.as_of),
            members,
        }
    }
}

impl Iterator for Families<'_> {
    type Item = Family;

    fn next(&mut self) -> Option<Family> {
        while self.left == 0 {
            self.character.as_ref()?;
            self.enter(self.village + 1);
        }
        let character = self.character?;
        self.left -= 1;
        let family = self.family(&character);
        self.ordinal += 1;
        Some(family)
    }
}

fn decile(draw: &mut Draw, character: &Character, shape: Shape) -> u8 {
    let first = draw.weighted(&DECILES, 5);
    let second = draw.weighted(&DECILES, 5);
    if shape.is_vulnerable() || draw.chance(character.hardship) { first.min(second) } else { first }
}

/// One family in six moved by a decile since the period before.
fn earlier(draw: &mut Draw, decile: u8) -> u8 {
    match draw.below(12) {
        0 => decile.saturating_sub(1).max(1),
        1 => (decile + 1).min(10),
        _ => decile,
    }
}

/// Cards are renewed at births, deaths and moves: most are young.
fn recorded_on(draw: &mut Draw, as_of: NaiveDate) -> NaiveDate {
    let longest = if draw.chance(600) { 1_600 } else { 5_600 };
    as_of.checked_sub_days(Days::new(u64::from(draw.between(10, longest)))).unwrap_or(as_of)
}

fn address(draw: &mut Draw, character: &Character) -> String {
    let neighbourhood = draw.between(1, 14);
    let house = draw.between(1, 180);
    if character.is_river_only || draw.chance(250) {
        let bank = draw.pick(&["Tepi Sungai Belayan", "Seberang Sungai", "Lanting Hilir", "Lanting Hulu"]);
        return format!("{bank}, RT {neighbourhood:03}");
    }
    if draw.chance(150) {
        let block = draw.pick(&["A", "B", "C", "D", "E", "F"]);
        return format!("Perumahan Kebun Blok {block} No. {house}, RT {neighbourhood:03}");
    }
    let street = draw.pick(&[
        "Jl. Poros",
        "Jl. Pelita",
        "Jl. Mulawarman",
        "Jl. Pesantren",
        "Jl. Lamin Adat",
        "Gang Karya",
        "Gang Damai",
        "Jl. Dermaga",
    ]);
    format!("{street} No. {house}, RT {neighbourhood:03}")
}

/// Numbers start with 0840-000, a block no mobile operator has been given.
fn phone(draw: &mut Draw) -> Option<String> {
    draw.chance(720).then(|| format!("+62840000{:05}", draw.below(100_000)))
}

/// What a family up to decile 5 asks for, from the work of its members.
fn wants(draw: &mut Draw, decile: u8, members: &[Person], as_of: NaiveDate) -> Vec<Want> {
    if decile > 5 {
        return Vec::new();
    }
    let works = |kinds: &[Work]| members.iter().any(|member| kinds.contains(&member.work));
    let is_free_youth = |member: &Person| member.school.is_none() && (17..=40).contains(&member.age_on(as_of));
    let has_woman_at_home = members.iter().any(|member| member.sex == Sex::Female && member.work == Work::Homemaker);
    let cases = [
        (Want::HandTractor, works(&[Work::Farmer, Work::OilPalmSmallholder]), 160),
        (Want::PalmTools, works(&[Work::OilPalmSmallholder]), 220),
        (Want::FishingGear, works(&[Work::Fisher]), 450),
        (Want::TrainingSeat, members.iter().any(is_free_youth), 260),
        (Want::SewingMachine, has_woman_at_home, 70),
    ];
    let parts = cases.into_iter().filter(|case| case.1 && draw.chance(case.2)).map(|case| case.0).collect();
    packed(parts)
}

/// Who lacks the tool and the course asks for the package of both.
fn packed(mut wants: Vec<Want>) -> Vec<Want> {
    for (tool, package) in [(Want::SewingMachine, Want::SewingPackage), (Want::PalmTools, Want::OilPalmPackage)] {
        if wants.contains(&tool) && wants.contains(&Want::TrainingSeat) {
            wants.retain(|want| ![tool, Want::TrainingSeat].contains(want));
            wants.push(package);
        }
    }
    wants
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::Datelike as _;

    use super::*;
    use crate::sandbox::places::hash;
    use crate::sandbox::{Village, kembang_janggut};

    fn plan(families: u32, villages: Vec<Village>) -> Plan {
        Plan { seed: 42, as_of: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(), families, villages }
    }

    fn fingerprint(plan: &Plan) -> u64 {
        let families = Families::new(plan);
        families.fold(0, |sum, family| sum ^ hash(&format!("{sum}{family:?}")))
    }

    #[test]
    fn the_default_sandbox_has_9000_families_and_about_33000_members() {
        let plan = plan(9_000, kembang_janggut());
        let families: Vec<_> = Families::new(&plan).collect();
        assert_eq!(families.len(), 9_000);
        let members: usize = families.iter().map(|family| family.members.len()).sum();
        assert!((32_400..34_000).contains(&members), "{members}");
        let poor = families.iter().filter(|family| family.decile <= 4).count();
        assert!((5_400..6_600).contains(&poor), "{poor}");
        assert!(families.windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    #[test]
    fn the_same_seed_gives_the_same_families() {
        let one = plan(2_000, kembang_janggut());
        let other = Plan { seed: 43, ..one.clone() };
        // Another value here means that everybody's sandbox changes: tell it in the change log.
        assert_eq!(fingerprint(&one), 16_301_766_066_123_476_830);
        assert_ne!(fingerprint(&one), fingerprint(&other));
    }

    #[test]
    fn numbers_are_unique_and_reserved() {
        let villages =
            (1..=20).flat_map(|d| (2001..=2004).map(move |v| Village::new(format!("64.02.{d:02}.{v}")))).collect();
        let plan = plan(60_000, villages);
        let mut seen = HashSet::new();
        for family in Families::new(&plan) {
            assert_eq!(family.card_number.len(), 16);
            assert!(family.card_number[12..].parse::<u32>().unwrap() >= 9_000);
            assert!(seen.insert(family.card_number.clone()));
            for member in &family.members {
                let Some(nik) = &member.nik else { continue };
                assert!(nik.len() == 16 && nik[12..].parse::<u32>().unwrap() >= 9_000, "{nik}");
                assert!(seen.insert(nik.clone()), "{nik}");
                let day: u32 = nik[6..8].parse().unwrap();
                assert_eq!(day > 40, member.sex == Sex::Female);
            }
        }
    }

    #[test]
    fn few_niks_disagree_with_the_birth_date() {
        let plan = plan(5_000, kembang_janggut());
        let people: Vec<_> = Families::new(&plan).flat_map(|family| family.members).collect();
        let odd = people.iter().filter(|one| {
            let Some(nik) = &one.nik else { return false };
            let day: u32 = nik[6..8].parse().unwrap();
            day % 40 != one.born_on.day() % 40
        });
        let odd = odd.count();
        assert!(odd > 10 && odd < people.len() / 100, "{odd}");
    }
}
