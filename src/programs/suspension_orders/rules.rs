//! What an order and its release must say. Pure.

use chrono::NaiveDate;

use super::model::{NewOrder, NewRelease, Outcome, Part};
use crate::domain::Quantity;
use crate::error::{Code, Fault};
use crate::programs::model::ProgramKind;

/// Most villages, and most cycles, that an order names.
const MOST_NAMED: (usize, usize) = (300, 100);

/// All faults of an order that can be told without the database.
pub(super) fn order_faults(order: &NewOrder) -> Vec<Fault> {
    let named = [
        ("/scope/village_codes", order.scope.village_codes.len() > MOST_NAMED.0),
        ("/scope/cycle_ids", order.scope.cycle_ids.len() > MOST_NAMED.1),
    ];
    let too_many = named.into_iter().filter(|(_, is_beyond)| *is_beyond);
    let mut faults: Vec<Fault> = too_many.map(|(pointer, _)| Fault::new(pointer, Code::WrongType)).collect();
    if order.effective_to.is_some_and(|last| last < order.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    faults
}

/// All faults of the release of an order that began on a day; `is_whole` where the program counts in whole units.
pub(super) fn release_faults(release: &NewRelease, is_whole: bool, effective_from: NaiveDate) -> Vec<Fault> {
    reduction_fault(release, is_whole).into_iter().chain(arrears_fault(release, effective_from)).collect()
}

fn reduction_fault(release: &NewRelease, is_whole: bool) -> Option<Fault> {
    let each = release.released_quantity_each.as_ref();
    let factor = release.factor.as_ref();
    let is_clear = match release.outcome {
        Outcome::Reduced => each.is_some() != factor.is_some(),
        Outcome::Released | Outcome::Voided => each.is_none() && factor.is_none(),
    };
    if !is_clear || factor.is_some_and(|factor| !is_part(factor)) {
        return Some(Fault::new("/factor", Code::ReductionUnclear));
    }
    let pointer = "/released_quantity_each";
    match each {
        Some(each) if each.is_zero() => Some(Fault::new(pointer, Code::QuantityZero)),
        Some(each) if is_whole && !each.is_whole() => Some(Fault::new(pointer, Code::QuantityNotWhole)),
        _ => None,
    }
}

fn is_part(factor: &Quantity) -> bool {
    !factor.is_zero() && *factor < Quantity::whole(1)
}

fn arrears_fault(release: &NewRelease, effective_from: NaiveDate) -> Option<Fault> {
    if release.outcome == Outcome::Voided && release.pays_arrears.is_some() {
        return Some(Fault::new("/pays_arrears", Code::ArrearsUnclear));
    }
    match release.resumes_on {
        Some(_) if release.pays_arrears != Some(false) => Some(Fault::new("/resumes_on", Code::ArrearsUnclear)),
        Some(day) if day < effective_from => Some(Fault::new("/resumes_on", Code::DatesOutOfOrder)),
        _ => None,
    }
}

/// The day from which the program is paid again, where no arrears are.
pub(super) fn resumes_on(release: &NewRelease, today: NaiveDate) -> Option<NaiveDate> {
    (release.pays_arrears == Some(false)).then(|| release.resumes_on.unwrap_or(today))
}

/// How much of what is held a release leaves.
pub(super) fn part_of(release: &NewRelease, kind: ProgramKind, resumes_on: Option<NaiveDate>) -> Part {
    Part {
        each: release.released_quantity_each.clone(),
        factor: release.factor.clone(),
        digits: kind.digits().into(),
        resumes_on,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn codes(release: Value, is_whole: bool) -> Vec<Code> {
        let release: NewRelease = serde_json::from_value(release).unwrap();
        let began = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        release_faults(&release, is_whole, began).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_reduction_says_how_much_in_one_way() {
        let reduced = |more: (&str, &str)| json!({ "outcome": "reduced", "reason": "x", more.0: more.1 });
        assert_eq!(codes(reduced(("factor", "0.5")), true), []);
        assert_eq!(codes(reduced(("released_quantity_each", "2.5")), false), []);
        assert_eq!(codes(reduced(("released_quantity_each", "2.5")), true), [Code::QuantityNotWhole]);
        assert_eq!(codes(reduced(("released_quantity_each", "0")), false), [Code::QuantityZero]);
        for unclear in ["0", "1", "2"] {
            assert_eq!(codes(reduced(("factor", unclear)), false), [Code::ReductionUnclear]);
        }
        assert_eq!(codes(json!({ "outcome": "reduced", "reason": "x" }), false), [Code::ReductionUnclear]);
        let both = json!({ "outcome": "reduced", "reason": "x", "factor": "0.5", "released_quantity_each": "1" });
        assert_eq!(codes(both, false), [Code::ReductionUnclear]);
        let voided = json!({ "outcome": "voided", "reason": "x", "factor": "0.5" });
        assert_eq!(codes(voided, false), [Code::ReductionUnclear]);
    }
    #[test]
    fn arrears_are_paid_or_lapse_before_a_day_of_the_order() {
        let released = |arrears: Value, day: Value| {
            let (outcome, reason) = ("released", "x");
            json!({ "outcome": outcome, "reason": reason, "pays_arrears": arrears, "resumes_on": day })
        };
        assert_eq!(codes(released(json!(true), Value::Null), true), []);
        assert_eq!(codes(released(json!(false), json!("2026-01-15")), true), []);
        assert_eq!(codes(released(json!(false), json!("2026-01-14")), true), [Code::DatesOutOfOrder]);
        for paid in [json!(true), Value::Null] {
            assert_eq!(codes(released(paid, json!("2026-02-01")), true), [Code::ArrearsUnclear]);
        }
        let voided = json!({ "outcome": "voided", "reason": "x", "pays_arrears": false });
        assert_eq!(codes(voided, false), [Code::ArrearsUnclear]);
        let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        let release: NewRelease = serde_json::from_value(released(json!(false), Value::Null)).unwrap();
        assert_eq!(resumes_on(&release, day), Some(day));
    }
}
