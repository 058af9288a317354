//! What a release must say. Pure.

use super::model::{NewRelease, Outcome, Part};
use crate::domain::Quantity;
use crate::error::{Code, Fault};

/// Digits after the point of quantities that can be divided.
const DIGITS: i32 = 3;

/// All faults of a release; `is_whole` where the program counts in whole units.
pub(super) fn faults_of(release: &NewRelease, is_whole: bool) -> Vec<Fault> {
    let each = release.released_quantity_each.as_ref();
    let factor = release.factor.as_ref();
    let is_clear = match release.outcome {
        Outcome::Reduced => each.is_some() != factor.is_some(),
        Outcome::Released | Outcome::Voided => each.is_none() && factor.is_none(),
    };
    if !is_clear || factor.is_some_and(|factor| !is_part(factor)) {
        return vec![Fault::new("/factor", Code::ReductionUnclear)];
    }
    let pointer = "/released_quantity_each";
    match each {
        Some(each) if each.is_zero() => vec![Fault::new(pointer, Code::QuantityZero)],
        Some(each) if is_whole && !each.is_whole() => vec![Fault::new(pointer, Code::QuantityNotWhole)],
        _ => Vec::new(),
    }
}

fn is_part(factor: &Quantity) -> bool {
    !factor.is_zero() && *factor < Quantity::whole(1)
}

/// How much of each hold a release leaves.
pub(super) fn part_of(release: &NewRelease, is_whole: bool) -> Part {
    Part {
        each: release.released_quantity_each.clone(),
        factor: release.factor.clone(),
        digits: if is_whole { 0 } else { DIGITS },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn codes(release: Value, is_whole: bool) -> Vec<Code> {
        let release: NewRelease = serde_json::from_value(release).unwrap();
        faults_of(&release, is_whole).into_iter().map(|fault| fault.code).collect()
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
}
