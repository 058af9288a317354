//! How a sample is shared out, and what is estimated from it. Pure.
//!
//! A share among a part of the families (those on the program; the poor) is a combined ratio over the strata with
//! linearised variance and finite population correction (Cochran, Sampling Techniques, 3rd ed. 1977, 5.3 and 6.11). Its
//! interval is Wilson's (1927) with the effective sample size that this variance stands for, which keeps to 0..1 and
//! covers well where shares are small (Franco et al., J. Survey Statistics and Methodology 7, 2019).

use super::model::{Estimate, NewSample, Stratum, VillageCells};
use crate::domain::VillageCode;
use crate::error::{Code, Fault};

/// Of the standard normal distribution, for 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Families of a village that a variance can be told from.
const LEAST_DRAWN: i32 = 2;

/// All faults of a sample to draw.
pub(in crate::verification_rounds) fn faults_of(new: &NewSample) -> Vec<Fault> {
    let cases = [
        (new.size.is_some() == new.margin_percent.is_some(), "/sample/size", Code::SampleUnclear),
        (new.size.is_some_and(|size| !(2..=100_000).contains(&size)), "/sample/size", Code::WrongType),
        (
            new.margin_percent.is_some_and(|margin| !(1..=50).contains(&margin)),
            "/sample/margin_percent",
            Code::WrongType,
        ),
        (new.seed.is_some_and(|seed| seed < 0), "/sample/seed", Code::WrongType),
    ];
    cases.into_iter().filter(|case| case.0).map(|(_, pointer, code)| Fault::new(pointer, code)).collect()
}

/// How many families to draw of so many: as asked, or as the margin asks for the share that is hardest to tell, one half.
pub(in crate::verification_rounds) fn size_of(new: &NewSample, population: i32) -> i32 {
    let margin = f64::from(new.margin_percent.unwrap_or(50)) / 100.0;
    let endless = Z * Z / 4.0 / (margin * margin);
    let needed = endless / (1.0 + (endless - 1.0) / f64::from(population.max(1)));
    // The least whole number that is enough, found without a cast.
    let by_margin = (0..population).find(|size| f64::from(*size) >= needed).unwrap_or(population);
    new.size.unwrap_or(by_margin).min(population)
}

/// Shares a size out over villages in proportion to their families, the largest remainders first; a village gives at
/// least two where it has them.
pub(in crate::verification_rounds) fn allocate(villages: Vec<(VillageCode, i32)>, size: i32) -> Vec<Stratum> {
    let all: i64 = villages.iter().map(|(_, population)| i64::from(*population)).sum::<i64>().max(1);
    let part = |population: i32| {
        (i64::from(size) * i64::from(population) / all, i64::from(size) * i64::from(population) % all)
    };
    let mut strata: Vec<(Stratum, i64)> = villages
        .into_iter()
        .map(|(village_code, population)| {
            let (drawn, rest) = part(population);
            let drawn = i32::try_from(drawn).unwrap_or(population);
            (Stratum { village_code, population, drawn }, rest)
        })
        .collect();
    let short = size - strata.iter().map(|(stratum, _)| stratum.drawn).sum::<i32>();
    strata.sort_by(|(one, rest), (other, other_rest)| {
        other_rest.cmp(rest).then_with(|| one.village_code.cmp(&other.village_code))
    });
    for (stratum, _) in strata.iter_mut().take(usize::try_from(short).unwrap_or_default()) {
        stratum.drawn += 1;
    }
    for (stratum, _) in &mut strata {
        stratum.drawn = stratum.drawn.max(LEAST_DRAWN).min(stratum.population);
    }
    strata.sort_by(|(one, _), (other, _)| one.village_code.cmp(&other.village_code));
    strata.into_iter().map(|(stratum, _)| stratum).collect()
}

/// Of the families on the program, the share that is not poor.
pub(super) fn inclusion_error(strata: &[Stratum], cells: &[VillageCells]) -> Option<Estimate> {
    estimate(strata, cells, |cell| (cell.aided_not_poor, cell.aided_poor))
}

/// Of the poor families, the share that is not on the program.
pub(super) fn exclusion_error(strata: &[Stratum], cells: &[VillageCells]) -> Option<Estimate> {
    estimate(strata, cells, |cell| (cell.unaided_poor, cell.aided_poor))
}

/// What a village tells of a share.
struct Told {
    population: f64,
    answered: f64,
    /// Answered families in error, and in order, among those that the share is of.
    wrong: f64,
    right: f64,
}

/// What the villages with an answer tell. Those without one are taken to be like them, so each stands for its part of their
/// families as well (a weighting class adjustment: Kalton and Flores-Cervantes, J. Official Statistics 19, 2003): nobody
/// went there, and the interval must not be that of a whole count.
fn told_by(strata: &[Stratum], cells: &[VillageCells], of: impl Fn(&VillageCells) -> (i32, i32)) -> Vec<Told> {
    let visited = |stratum: &Stratum| {
        cells.iter().find(|cell| cell.village_code == stratum.village_code).filter(|cell| cell.answered() > 0)
    };
    let families =
        |strata: &mut dyn Iterator<Item = &Stratum>| strata.map(|stratum| f64::from(stratum.population)).sum::<f64>();
    let known = families(&mut strata.iter().filter(|stratum| visited(stratum).is_some()));
    let weight = families(&mut strata.iter()) / known.max(1.0);
    let told = strata.iter().filter_map(|stratum| {
        let cell = visited(stratum)?;
        let (wrong, right) = of(cell);
        Some(Told {
            population: weight * f64::from(stratum.population),
            answered: f64::from(cell.answered()),
            wrong: f64::from(wrong),
            right: f64::from(right),
        })
    });
    told.collect()
}

fn estimate(strata: &[Stratum], cells: &[VillageCells], of: impl Fn(&VillageCells) -> (i32, i32)) -> Option<Estimate> {
    let told = told_by(strata, cells, &of);
    let families: i32 = cells.iter().map(|cell| of(cell).0 + of(cell).1).sum();
    if families == 0 {
        return None;
    }
    let total =
        |count: fn(&Told) -> f64| told.iter().map(|one| one.population * count(one) / one.answered).sum::<f64>();
    let (wrong, all) = (total(|one| one.wrong), total(|one| one.wrong + one.right));
    let rate = wrong / all;
    let variance = told.iter().map(|one| variance_of(one, rate)).sum::<f64>() / (all * all);
    let (low, high) = interval(rate, variance, f64::from(families), &told);
    Some(Estimate { rate, low, high, families })
}

/// Variance of the village's total of what each family's error is beyond the share.
fn variance_of(village: &Told, rate: f64) -> f64 {
    let Told { population, answered, wrong, right } = *village;
    let sum = wrong * (1.0 - rate) - right * rate;
    let squares = wrong * (1.0 - rate).powi(2) + right * rate.powi(2);
    // Of one family alone the spread is taken to be as wide as it can be: its square.
    let spread = if answered > 1.0 { (squares - sum * sum / answered) / (answered - 1.0) } else { squares };
    let correction = (1.0 - answered / population).max(0.0);
    population * population * correction * spread.max(0.0) / answered
}

/// Wilson's interval for the sample size that the variance stands for.
fn interval(rate: f64, variance: f64, families: f64, told: &[Told]) -> (f64, f64) {
    let is_census = told.iter().all(|one| one.answered >= one.population);
    if is_census {
        return (rate, rate);
    }
    let binomial = rate * (1.0 - rate);
    // Where all or none are in error there is no spread to see: the families count as drawn one by one.
    let effective = if variance > 0.0 && binomial > 0.0 { binomial / variance } else { families };
    wilson(rate, effective)
}

/// The interval of a share of so many.
fn wilson(rate: f64, count: f64) -> (f64, f64) {
    let whole = 1.0 + Z * Z / count;
    let middle = (rate + Z * Z / (2.0 * count)) / whole;
    let half = Z / whole * (rate * (1.0 - rate) / count + Z * Z / (4.0 * count * count)).sqrt();
    // The ends hold the share itself, whatever the last digit says.
    ((middle - half).max(0.0).min(rate), (middle + half).min(1.0).max(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(number: i32) -> VillageCode {
        VillageCode::parse(&format!("64.02.10.{}", 2000 + number)).unwrap()
    }

    #[test]
    fn wilson_gives_the_published_intervals() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        let published = [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ];
        for (wrong, count, low, high) in published {
            let found = wilson(wrong / count, count);
            assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{wrong}/{count}: {found:?}");
        }
    }

    #[test]
    fn a_size_is_shared_out_by_families_and_no_village_is_left_out() {
        let villages = vec![(village(1), 600), (village(2), 301), (village(3), 98), (village(4), 1)];
        let drawn: Vec<i32> = allocate(villages, 100).iter().map(|stratum| stratum.drawn).collect();
        assert_eq!(drawn, [60, 30, 10, 1]);
        let few: Vec<i32> =
            allocate(vec![(village(1), 5), (village(2), 500)], 10).iter().map(|one| one.drawn).collect();
        assert_eq!(few, [2, 10]);
    }

    #[test]
    fn a_margin_asks_for_the_size_of_the_textbook() {
        let new = |margin| NewSample {
            program_id: crate::domain::ProgramId::new(),
            size: None,
            margin_percent: Some(margin),
            seed: None,
        };
        assert_eq!(size_of(&new(5), 1_000_000), 384);
        assert_eq!(size_of(&new(5), 1_000), 278);
        assert_eq!(size_of(&new(10), 20), 17);
    }

    #[test]
    fn a_village_counts_by_its_families() {
        let strata = [(1, 900, 10), (2, 100, 10)].map(|(number, population, drawn)| Stratum {
            village_code: village(number),
            population,
            drawn,
        });
        let cell = |number, wrong, right| VillageCells {
            village_code: village(number),
            aided_poor: right,
            aided_not_poor: wrong,
            unaided_poor: 0,
            unaided_not_poor: 10 - wrong - right,
        };
        // 900 x 1/10 and 100 x 5/10 in error, of 900 x 5/10 and 100 x 10/10 on the program.
        let found = inclusion_error(&strata, &[cell(1, 1, 4), cell(2, 5, 5)]).unwrap();
        assert!((found.rate - 140.0 / 550.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.families, 15);
        assert_eq!(inclusion_error(&strata, &[cell(1, 0, 0), cell(2, 0, 0)]), None);
        let census = [Stratum { village_code: village(1), population: 10, drawn: 10 }];
        let all = inclusion_error(&census, &[cell(1, 2, 8)]).unwrap();
        assert_eq!((all.rate, all.low, all.high), (0.2, 0.2, 0.2));
    }

    #[test]
    fn a_village_that_nobody_went_to_leaves_a_count_unsure() {
        let census = [1, 2].map(|number| Stratum { village_code: village(number), population: 10, drawn: 10 });
        let cell = |number, wrong, right| VillageCells {
            village_code: village(number),
            aided_poor: right,
            aided_not_poor: wrong,
            unaided_poor: 0,
            unaided_not_poor: 0,
        };
        let half = inclusion_error(&census, &[cell(1, 2, 8), cell(2, 0, 0)]).unwrap();
        assert_eq!(half, inclusion_error(&census, &[cell(1, 2, 8)]).unwrap(), "no answer is as no village");
        assert!((half.rate - 0.2).abs() < 1e-12 && half.low < 0.1 && half.high > 0.3, "{half:?}");
        let all = inclusion_error(&census, &[cell(1, 2, 8), cell(2, 0, 10)]).unwrap();
        assert_eq!((all.rate, all.low, all.high), (0.1, 0.1, 0.1));
    }

    /// Numbers that are random enough for a test, and the same each time.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, most: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % most
        }
    }

    #[test]
    fn ninety_five_of_a_hundred_intervals_hold_the_truth() {
        let mut chance = Chance(7);
        // Three villages; of each family whether it is aided and whether it is poor.
        let villages: Vec<Vec<(bool, bool)>> = [(1_200, 40), (500, 60), (300, 25)]
            .iter()
            .map(|(families, poor)| {
                (0..*families)
                    .map(|_| {
                        let is_poor = chance.below(100) < *poor;
                        (chance.below(100) < if is_poor { 80 } else { 12 }, is_poor)
                    })
                    .collect()
            })
            .collect();
        let all: Vec<&(bool, bool)> = villages.iter().flatten().collect();
        let count = |of: fn(&(bool, bool)) -> bool| u32::try_from(all.iter().filter(|one| of(one)).count()).unwrap();
        let inclusion = f64::from(count(|one| one.0 && !one.1)) / f64::from(count(|one| one.0));
        let exclusion = f64::from(count(|one| !one.0 && one.1)) / f64::from(count(|one| one.1));
        let sizes = villages.iter().zip(1..).map(|(one, number)| (village(number), i32::try_from(one.len()).unwrap()));
        let strata = allocate(sizes.collect(), 200);
        let (mut held, runs) = ([0, 0], 1_000);
        for _ in 0..runs {
            let cells: Vec<VillageCells> = villages
                .iter()
                .zip(&strata)
                .map(|(families, stratum)| {
                    let mut left: Vec<(bool, bool)> = families.clone();
                    let drawn: Vec<(bool, bool)> = (0..stratum.drawn)
                        .map(|_| {
                            let place = chance.below(u64::try_from(left.len()).unwrap());
                            left.swap_remove(usize::try_from(place).unwrap())
                        })
                        .collect();
                    let of =
                        |aided, poor| i32::try_from(drawn.iter().filter(|one| **one == (aided, poor)).count()).unwrap();
                    VillageCells {
                        village_code: stratum.village_code.clone(),
                        aided_poor: of(true, true),
                        aided_not_poor: of(true, false),
                        unaided_poor: of(false, true),
                        unaided_not_poor: of(false, false),
                    }
                })
                .collect();
            let found = [(inclusion_error(&strata, &cells), inclusion), (exclusion_error(&strata, &cells), exclusion)];
            for (held, (estimate, truth)) in held.iter_mut().zip(found) {
                let Estimate { low, high, .. } = estimate.unwrap();
                *held += i32::from(low <= truth && truth <= high);
            }
        }
        for held in held {
            assert!((930..=975).contains(&held), "{held} of {runs} intervals hold the truth");
        }
    }
}
