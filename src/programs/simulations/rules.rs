//! Sums of simulations. Pure.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use super::model::{Cell, DecileReach, ProgramOverlap, Reach, VillageReach};

impl AddAssign for Reach {
    fn add_assign(&mut self, more: Self) {
        self.families += more.families;
        self.eligible += more.eligible;
        self.eligible_before += more.eligible_before;
        self.gained += more.gained;
        self.lost += more.lost;
    }
}

/// The cells summed up each way.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) total: Reach,
    pub(super) villages: Vec<VillageReach>,
    pub(super) deciles: Vec<DecileReach>,
    pub(super) overlaps: Vec<ProgramOverlap>,
}

/// Sums up cells, so that villages, deciles and the total agree.
pub(super) fn sum_up(cells: Vec<Cell>) -> Sums {
    let mut sums = Sums::default();
    let mut villages = BTreeMap::new();
    // Families without a rank stand after the tenth decile.
    let mut deciles: BTreeMap<(bool, Option<i16>), Reach> = BTreeMap::new();
    for cell in cells {
        let Cell { families, eligible, eligible_before, gained, lost, .. } = cell;
        match (cell.program_code, cell.village_code) {
            (Some(program_code), _) => sums.overlaps.push(ProgramOverlap { program_code, families }),
            (None, Some(village_code)) => {
                let reach = Reach { families, eligible, eligible_before, gained, lost };
                sums.total += reach;
                *villages.entry(village_code).or_insert_with(Reach::default) += reach;
                *deciles.entry((cell.decile.is_none(), cell.decile)).or_default() += reach;
            }
            (None, None) => {}
        }
    }
    sums.villages = villages.into_iter().map(|(village_code, reach)| VillageReach { village_code, reach }).collect();
    sums.deciles = deciles.into_iter().map(|((_, decile), reach)| DecileReach { decile, reach }).collect();
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(village: &str, decile: Option<i16>, [families, eligible, before]: [i64; 3]) -> Cell {
        Cell {
            village_code: Some(village.parse().unwrap()),
            decile,
            program_code: None,
            families,
            eligible,
            eligible_before: before,
            gained: (eligible - before).max(0),
            lost: (before - eligible).max(0),
        }
    }

    #[test]
    fn villages_deciles_and_total_agree() {
        let overlap =
            Cell { village_code: None, program_code: Some("PKH".to_owned()), ..cell("64.02.10.2004", None, [2, 2, 0]) };
        let sums = sum_up(vec![
            cell("64.02.10.2005", None, [5, 0, 1]),
            cell("64.02.10.2005", Some(1), [4, 4, 3]),
            cell("64.02.10.2004", Some(1), [3, 2, 3]),
            overlap,
        ]);
        assert_eq!(sums.total, Reach { families: 12, eligible: 6, eligible_before: 7, gained: 1, lost: 2 });
        let villages: Vec<_> =
            sums.villages.iter().map(|one| (one.village_code.to_string(), one.reach.families)).collect();
        assert_eq!(villages, [("64.02.10.2004".to_owned(), 3), ("64.02.10.2005".to_owned(), 9)]);
        let deciles: Vec<_> = sums.deciles.iter().map(|one| (one.decile, one.reach.eligible)).collect();
        assert_eq!(deciles, [(Some(1), 6), (None, 0)]);
        assert_eq!(sums.overlaps, [ProgramOverlap { program_code: "PKH".to_owned(), families: 2 }]);
    }
}
