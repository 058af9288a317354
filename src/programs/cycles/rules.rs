//! Whether a list keeps to its quotas. Pure.

use super::model::Listed;
use crate::programs::Quota;

/// Quotas that a refusal tells of.
const MOST_TOLD: usize = 10;

/// The quotas that a list has more families than, each with how many they are.
pub(super) fn over_quota<'a>(quotas: &'a [Quota], listed: &[Listed]) -> Vec<(&'a Quota, i64)> {
    let asks = |quota: &Quota, one: &Listed| quota.village_code.as_ref().is_none_or(|code| *code == one.village_code);
    let families = |quota: &Quota| listed.iter().filter(|one| asks(quota, one)).map(|one| one.families).sum::<i64>();
    let with_families = quotas.iter().map(|quota| (quota, families(quota)));
    with_families.filter(|(quota, families)| *families > i64::from(quota.places)).collect()
}

/// How many families there are and may be, by village; the sub-district as a whole is the total. It reads the same in
/// every language.
pub(super) fn tell(over: &[(&Quota, i64)]) -> String {
    let told = over.iter().take(MOST_TOLD).map(|(quota, families)| {
        let village = quota.village_code.as_ref().map_or_else(|| "total".to_owned(), ToString::to_string);
        format!("{village}: {families} > {}", quota.places)
    });
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::domain::{ProgramId, QuotaId, VillageCode};

    fn village(number: i64) -> VillageCode {
        format!("64.02.10.200{number}").parse().unwrap()
    }

    fn quota(village_code: Option<VillageCode>, places: i32) -> Quota {
        Quota {
            id: QuotaId::new(),
            program_id: ProgramId::new(),
            village_code,
            places,
            decree_number: "1/2026".to_owned(),
            effective_from: chrono::NaiveDate::MIN,
            effective_to: None,
            set_by: "officer".to_owned(),
            created_at: Utc::now(),
        }
    }

    #[test]
    fn a_list_is_held_to_the_quota_of_each_village_and_of_all() {
        let listed = [(1, 3), (2, 1)].map(|(number, families)| Listed { village_code: village(number), families });
        let fits = [quota(Some(village(1)), 3), quota(Some(village(3)), 0), quota(None, 4)];
        assert!(over_quota(&fits, &listed).is_empty());
        let tight = [quota(Some(village(1)), 2), quota(Some(village(2)), 1), quota(None, 3)];
        assert_eq!(tell(&over_quota(&tight, &listed)), "64.02.10.2001: 3 > 2; total: 4 > 3");
    }
}
