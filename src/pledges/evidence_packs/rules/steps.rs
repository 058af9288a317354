//! Counts of families too coarse to tell of one, as in the anonymous list of needs.

use crate::needs::FAMILIES_SHOWN_FROM;
pub(super) use crate::needs::at_least as families_at_least;

/// People are counted in steps of more than a family has, so that a step never tells the size of one.
const PEOPLE_STEP: i64 = 20;

/// People at least, in steps of twenty; nothing where their families are fewer than five.
pub(super) fn people_at_least(families: i64, people: i64) -> Option<i64> {
    families_at_least(families).map(|_| people / PEOPLE_STEP * PEOPLE_STEP)
}

/// Trainees at least, in steps of five; nothing where they are of fewer than five families, so that none is told alone.
pub(super) fn trainees_at_least((people, families): (i64, i64)) -> Option<i64> {
    families_at_least(families).and(families_at_least(people))
}

/// Share in whole percent that holds whatever the counts behind the steps are: of parts and their wholes, added up.
///
/// A whole of fewer than five families is left out with its part, and a part of fewer than five counts as none, so that
/// the sum tells no more of either than the share of that one alone.
pub(super) fn share_at_least(counts: impl Iterator<Item = (i64, i64)>) -> Option<i64> {
    let told = counts.filter_map(|(part, whole)| {
        let most = families_at_least(whole)? + FAMILIES_SHOWN_FROM - 1;
        Some((families_at_least(part).unwrap_or_default(), most))
    });
    let (part, most) = told.fold((0, 0), |(parts, wholes), (part, whole)| (parts + part, wholes + whole));
    (part > 0).then(|| part * 100 / most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_five_are_not_told() {
        assert!((0..5).all(|families| families_at_least(families).is_none()));
        assert!((0..5).all(|families| people_at_least(families, 60).is_none()));
        assert_eq!([5, 9, 10, 27].map(families_at_least), [Some(5), Some(5), Some(10), Some(25)]);
    }

    #[test]
    fn one_family_more_moves_a_count_by_nothing_or_one_step() {
        for families in 5..200 {
            let (before, after) = (families_at_least(families).unwrap(), families_at_least(families + 1).unwrap());
            assert!([0, 5].contains(&(after - before)));
        }
    }

    fn share(part: i64, whole: i64) -> Option<i64> {
        share_at_least([(part, whole)].into_iter())
    }

    #[test]
    fn a_share_is_made_of_what_is_told_anyway() {
        for whole in 5..60 {
            for part in 5..=whole {
                let told = share(part, whole).unwrap();
                assert!(told * whole <= part * 100, "{part} of {whole} is not {told} %");
                assert_eq!(Some(told), share(part / 5 * 5, whole / 5 * 5));
            }
        }
        assert_eq!([share(4, 9), share(4, 4), share(0, 20)], [None, None, None]);
    }

    #[test]
    fn a_share_of_a_year_holds_and_tells_nothing_of_a_few() {
        let large = [(5, 8), (9, 14), (12, 12)];
        let told = share_at_least(large.into_iter()).unwrap();
        assert!(told * 34 <= 26 * 100 && told > 50, "{told}");
        for whole in 0..5 {
            for part in 0..=whole {
                let with_few = large.into_iter().chain([(part, whole)]);
                assert_eq!(share_at_least(with_few), Some(told), "{part} of {whole} shows");
            }
        }
        let with_small_part = |part| share_at_least(large.into_iter().chain([(part, 30)]));
        assert_eq!(with_small_part(0), with_small_part(4));
    }
}
