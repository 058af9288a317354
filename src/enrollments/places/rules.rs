//! Who of several gets a place. Pure.

use super::model::{Claim, Obstacle, Room, Taken};
use crate::programs::Quota;

/// Of quotas of several days, the one with the fewest places of each village and of the sub-district.
pub(super) fn tightest(mut quotas: Vec<Quota>) -> Vec<Quota> {
    quotas.sort_by(|one, other| (&one.village_code, one.places).cmp(&(&other.village_code, other.places)));
    quotas.dedup_by(|one, kept| one.village_code == kept.village_code);
    quotas
}

/// What is left of each quota.
pub(super) fn rooms(quotas: &[Quota], (by_village, in_area): (&[Taken], i64)) -> Vec<Room> {
    let taken = |quota: &Quota| match &quota.village_code {
        Some(village) => by_village.iter().filter(|one| one.village_code == *village).map(|one| one.taken).sum(),
        None => in_area,
    };
    let room = |quota: &Quota| Room {
        quota_id: quota.id,
        village_code: quota.village_code.clone(),
        left: (i64::from(quota.places) - taken(quota)).max(0),
    };
    quotas.iter().map(room).collect()
}

/// What stands against each claim, in their order: who comes first takes the place.
pub(super) fn allot(claims: &[Claim], mut rooms: Vec<Room>) -> Vec<Option<Obstacle>> {
    let mut verdict = |claim: &Claim| {
        let is_asked = |room: &&mut Room| room.village_code.as_ref().is_none_or(|one| *one == claim.village_code);
        let mut asked: Vec<&mut Room> = rooms.iter_mut().filter(is_asked).collect();
        // The village is told before the sub-district.
        asked.sort_by_key(|room| room.village_code.is_none());
        if let Some(full) = asked.iter().find(|room| room.left == 0) {
            let is_village = full.village_code.is_some();
            let obstacle = if is_village { Obstacle::VillageFull } else { Obstacle::DistrictFull };
            return Some(obstacle(full.quota_id));
        }
        for room in asked {
            room.left -= 1;
        }
        None
    };
    claims.iter().map(&mut verdict).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{BeneficiaryId, QuotaId, VillageCode};

    fn village(number: usize) -> VillageCode {
        format!("64.02.10.{}", 2001 + number).parse().unwrap()
    }

    fn room(village_code: Option<VillageCode>, left: i64) -> Room {
        Room { quota_id: QuotaId::new(), village_code, left }
    }

    fn claims(villages: &[usize]) -> Vec<Claim> {
        let claim = |number: &usize| Claim { beneficiary_id: BeneficiaryId::new(), village_code: village(*number) };
        villages.iter().map(claim).collect()
    }

    #[test]
    fn without_a_quota_everybody_gets_a_place() {
        assert_eq!(allot(&claims(&[1, 2, 1]), Vec::new()), [None, None, None]);
    }

    #[test]
    fn the_first_take_what_is_left_of_both_quotas() {
        let rooms = vec![room(None, 3), room(Some(village(1)), 1)];
        let full = (Obstacle::DistrictFull(rooms[0].quota_id), Obstacle::VillageFull(rooms[1].quota_id));
        let verdicts = allot(&claims(&[1, 1, 2, 2, 2, 1]), rooms);
        assert_eq!(verdicts, [None, Some(full.1), None, None, Some(full.0), Some(full.1)]);
    }

    proptest! {
        #[test]
        fn no_quota_is_passed_and_nobody_is_sent_away_from_a_free_place(
            villages in prop::collection::vec(0_usize..4, 0..40),
            left in prop::collection::vec(0_i64..8, 4),
            of_district in 0_i64..30,
        ) {
            let mut rooms: Vec<Room> = left.iter().enumerate().map(|(n, left)| room(Some(village(n)), *left)).collect();
            rooms.push(room(None, of_district));
            let verdicts = allot(&claims(&villages), rooms);
            let given = |n: Option<usize>| {
                let of = villages.iter().zip(&verdicts).filter(|(at, _)| n.is_none_or(|n| **at == n));
                i64::try_from(of.filter(|(_, verdict)| verdict.is_none()).count()).unwrap()
            };
            prop_assert!(given(None) <= of_district);
            for (n, left) in left.iter().enumerate() {
                prop_assert!(given(Some(n)) <= *left);
                let was_full = villages.iter().zip(&verdicts).any(|(at, verdict)| {
                    *at == n && matches!(verdict, Some(Obstacle::VillageFull(_)))
                });
                prop_assert!(!was_full || given(Some(n)) == *left);
            }
            let was_full = verdicts.iter().any(|verdict| matches!(verdict, Some(Obstacle::DistrictFull(_))));
            prop_assert!(!was_full || given(None) == of_district);
        }
    }
}
