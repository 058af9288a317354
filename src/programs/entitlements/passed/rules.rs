//! How much passes. Pure.

use chrono::NaiveDate;

use super::model::{Portion, Standing};
use crate::domain::Quantity;

/// What passes of an entitlement to a family whose first day is `on`; nothing where its months are over or it is used up.
///
/// Each month that it is due for has an equal part, rounded in favour of the months before that day. What was handed over
/// counts for the first months. What is held passes in the proportion in which all of it does.
pub(super) fn portion(standing: &Standing, on: NaiveDate, digits: u8) -> Option<Portion> {
    let due = standing.quantity.beyond(&standing.withdrawn);
    let left = due.beyond(&standing.used);
    let months_from = |day: NaiveDate| standing.benefit_period.months_from(standing.period, day);
    let (ahead, of_period) = months_from(on);
    let all = standing.since.map_or(of_period, |since| months_from(since).0);
    let ahead = ahead.min(all);
    let ahead = due.part(&Quantity::whole(ahead), &Quantity::whole(all), digits);
    let quantity = left.clone().min(ahead);
    if quantity.is_zero() {
        return None;
    }
    let held = held_part(&standing.held, (&quantity, &left), digits);
    Some(Portion { left, quantity, held })
}

/// Of what is held, the part of what passes; the rest of it has room in what stays.
fn held_part(held: &Quantity, (quantity, left): (&Quantity, &Quantity), digits: u8) -> Quantity {
    let stays = left.beyond(quantity);
    let least = held.beyond(&stays);
    held.part(quantity, left, digits).max(least).min(quantity.clone()).min(held.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{CycleId, EntitlementId, Period, RuleSetId};
    use crate::programs::benefits::BenefitPeriod;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(benefit_period: BenefitPeriod, [quantity, withdrawn, used, held]: [u32; 4]) -> Standing {
        Standing {
            id: EntitlementId::new(),
            period: Period::starting(day("2026-10-01")).unwrap(),
            cycle_id: CycleId::new(),
            rule_set_id: RuleSetId::new(),
            benefit_period,
            since: None,
            quantity: Quantity::whole(quantity),
            withdrawn: Quantity::whole(withdrawn),
            used: Quantity::whole(used),
            held: Quantity::whole(held),
        }
    }

    fn passes(benefit_period: BenefitPeriod, sums: [u32; 4], on: &str) -> Option<(String, String)> {
        let portion = portion(&standing(benefit_period, sums), day(on), 0)?;
        Some((portion.quantity.to_string(), portion.held.to_string()))
    }

    #[test]
    fn the_months_from_that_of_the_first_day_pass() {
        let told = |quantity: &str, held: &str| Some((quantity.to_owned(), held.to_owned()));
        let (month, quarter) = (BenefitPeriod::Month, BenefitPeriod::Quarter);
        assert_eq!(passes(month, [300, 0, 0, 0], "2026-10-31"), told("300", "0"));
        assert_eq!(passes(month, [300, 0, 0, 0], "2026-11-01"), None);
        assert_eq!(passes(month, [300, 0, 0, 0], "2026-09-30"), told("300", "0"));
        assert_eq!(passes(quarter, [900, 0, 0, 0], "2026-11-20"), told("600", "0"));
        assert_eq!(passes(quarter, [901, 0, 0, 0], "2026-12-01"), told("300", "0"));
        // What was handed over was for the first months.
        assert_eq!(passes(quarter, [900, 0, 300, 0], "2026-11-20"), told("600", "0"));
        assert_eq!(passes(quarter, [900, 0, 500, 0], "2026-11-20"), told("400", "0"));
        assert_eq!(passes(quarter, [900, 0, 900, 0], "2026-11-20"), None);
        // What was withdrawn was of each month alike.
        assert_eq!(passes(quarter, [900, 300, 0, 0], "2026-11-20"), told("400", "0"));
        // What an order holds passes with the rest, whole where it holds all.
        assert_eq!(passes(quarter, [900, 0, 0, 900], "2026-11-20"), told("600", "600"));
        assert_eq!(passes(quarter, [900, 0, 0, 450], "2026-11-20"), told("600", "300"));
        // What is given once is for no month.
        assert_eq!(passes(BenefitPeriod::Once, [1, 0, 0, 0], "2027-03-20"), told("1", "0"));
    }

    #[test]
    fn what_passed_before_is_for_the_months_since() {
        // Of 900 of a quarter 600 passed in November, for November and December.
        let since = Some(day("2026-11-20"));
        let passed = Standing { since, ..standing(BenefitPeriod::Quarter, [600, 0, 0, 0]) };
        let due_from = |on: &str| portion(&passed, day(on), 0).map(|portion| portion.quantity.to_string());
        assert_eq!(due_from("2026-11-25").as_deref(), Some("600"));
        assert_eq!(due_from("2026-12-05").as_deref(), Some("300"));
        assert_eq!(due_from("2027-01-01"), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_made_or_let_go(
            quantity in 1_u32..2_000_000,
            parts in [0_u32..=100, 0_u32..=100, 0_u32..=100],
            month in 9_u32..=12,
        ) {
            let [withdrawn, used, held] = parts;
            let withdrawn = u32::try_from(u64::from(quantity) * u64::from(withdrawn) / 100).unwrap();
            let used = u32::try_from(u64::from(quantity - withdrawn) * u64::from(used) / 100).unwrap();
            let held = u32::try_from(u64::from(quantity - withdrawn - used) * u64::from(held) / 100).unwrap();
            let standing = standing(BenefitPeriod::Quarter, [quantity, withdrawn, used, held]);
            let on = NaiveDate::from_ymd_opt(2026, month, 17).unwrap();
            if let Some(portion) = portion(&standing, on, 0) {
                let left = Quantity::whole(quantity - withdrawn - used);
                prop_assert_eq!(&portion.left, &left);
                let stays = left.minus(&portion.quantity).unwrap();
                // What stays held has room in what stays, and what passes held in what passes.
                let held_on = standing.held.minus(&portion.held).unwrap();
                prop_assert!(portion.held <= portion.quantity && held_on <= stays);
                prop_assert!(portion.held.is_whole() && portion.quantity.is_whole());
            }
        }
    }
}
