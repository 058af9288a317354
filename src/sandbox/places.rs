//! Where sandbox families live: the plan of a run and the character of each village.

use chrono::NaiveDate;

use super::draw::Draw;
use super::family::Work;
use super::names::Style;

/// One village to fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Village {
    /// Kemendagri code with dots, as `64.02.10.2004`.
    pub code: String,
    /// Share of the families, against the other villages' shares; not 0.
    pub weight: u32,
}

/// Weights of the eleven villages of Kembang Janggut, chosen so that they add up to 9,000 families.
const KNOWN_WEIGHTS: [(&str, u32); 11] = [
    ("64.02.10.2001", 820),
    ("64.02.10.2002", 480),
    ("64.02.10.2003", 1_350),
    ("64.02.10.2004", 1_420),
    ("64.02.10.2005", 640),
    ("64.02.10.2006", 560),
    ("64.02.10.2007", 720),
    ("64.02.10.2008", 520),
    ("64.02.10.2009", 690),
    ("64.02.10.2010", 780),
    ("64.02.10.2011", 1_020),
];

impl Village {
    /// A village with the weight of its code: known for Kembang Janggut, invented for others.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        let code = code.into();
        let known = KNOWN_WEIGHTS.iter().find(|entry| entry.0 == code);
        let weight = known.map_or_else(|| Draw::of(0, hash(&code)).between(320, 1_400), |entry| entry.1);
        Self { code, weight }
    }

    /// The district's six digits, as they stand in NIK and family card numbers.
    #[must_use]
    pub fn district_digits(&self) -> String {
        self.code.chars().filter(char::is_ascii_digit).take(6).collect()
    }
}

/// The eleven villages of Kembang Janggut.
#[must_use]
pub fn kembang_janggut() -> Vec<Village> {
    KNOWN_WEIGHTS.iter().map(|entry| Village::new(entry.0)).collect()
}

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Same seed, same families, byte for byte.
    pub seed: u64,
    /// The day the families are as told; ages count to it.
    pub as_of: NaiveDate,
    /// Number of families.
    pub families: u32,
    /// Villages in code order, so that a district's villages stand together.
    pub villages: Vec<Village>,
}

impl Plan {
    /// Families of each village: by weight, the rounding spread so that the sum is exact.
    #[must_use]
    pub fn shares(&self) -> Vec<u32> {
        let total: u64 = self.villages.iter().map(|village| u64::from(village.weight)).sum();
        let mut weight_so_far = 0;
        let mut given = 0;
        let mut shares = Vec::with_capacity(self.villages.len());
        for village in &self.villages {
            weight_so_far += u64::from(village.weight);
            let upto = u64::from(self.families) * weight_so_far / total.max(1);
            shares.push(u32::try_from(upto - given).unwrap_or_default());
            given = upto;
        }
        shares
    }
}

/// What a village is like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Character {
    /// Peoples, by weight.
    pub(super) peoples: [(Style, u32); 5],
    /// Work of a grown man, by weight.
    pub(super) work: [(Work, u32); 10],
    /// How poor the village is: added to the chance of a low decile, per mille.
    pub(super) hardship: u32,
    /// Reached by boat only: houses stand along the bank.
    pub(super) is_river_only: bool,
}

/// The character of a village, the same in each run.
pub(super) fn character(code: &str) -> Character {
    let mut draw = Draw::of(1, hash(code));
    let is_upriver = matches!(code, "64.02.10.2007" | "64.02.10.2008" | "64.02.10.2009" | "64.02.10.2011");
    let is_settlement = matches!(code, "64.02.10.2003" | "64.02.10.2010") || draw.chance(200);
    let (kutai, dayak, javanese) = match (is_upriver, is_settlement) {
        (true, _) => (120, 640, 120),
        (_, true) => (220, 80, 520),
        _ => (560, 90, 150),
    };
    Character {
        peoples: [
            (Style::Kutai, kutai),
            (Style::Dayak, dayak),
            (Style::Javanese, javanese),
            (Style::Bugis, 100),
            (Style::Banjar, 80),
        ],
        work: work(&mut draw),
        hardship: draw.below(180),
        is_river_only: draw.chance(350),
    }
}

/// About four in five live from oil palm, on their own land or a company's.
fn work(draw: &mut Draw) -> [(Work, u32); 10] {
    let palm = draw.between(300, 450);
    [
        (Work::OilPalmSmallholder, palm),
        (Work::PlantationLabourer, 750 - palm),
        (Work::Fisher, draw.between(30, 110)),
        (Work::Farmer, draw.between(40, 100)),
        (Work::Trader, 50),
        (Work::BoatOperator, 25),
        (Work::Craftsperson, 30),
        (Work::Driver, 30),
        (Work::DayLabourer, 60),
        (Work::PublicServant, 25),
    ]
}

/// FNV-1a: a small hash that stays the same in all releases.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_follow_the_weights() {
        let as_of = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        let mut plan = Plan { seed: 1, as_of, families: 9_000, villages: kembang_janggut() };
        assert_eq!(plan.shares().first(), Some(&820));
        plan.families = 1_007;
        assert_eq!(plan.shares().iter().sum::<u32>(), 1_007);
    }
}
