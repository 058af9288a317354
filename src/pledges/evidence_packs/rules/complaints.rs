//! What people of villages complained of: numbers, and no word of it.

use super::{fact, given};
use crate::pledges::evidence_packs::model::{Inputs, PackFact};

/// How many came, how many are answered, and in how many days half of these were.
pub(super) fn facts(inputs: &Inputs) -> Vec<PackFact> {
    let told = &inputs.complaints;
    vec![
        fact("received", "Complaints received", &told.received),
        fact("answered", "Answered", &told.days.len()),
        given("median_days", "Median days to the answer", median(&told.days), "No complaint is answered yet"),
    ]
}

/// The days that half of them took no more than.
fn median(days: &[i32]) -> Option<i32> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.get(days.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_days() {
        assert_eq!(
            [&[][..], &[4], &[9, 1], &[9, 1, 4], &[3, 1, 2, 4]].map(median),
            [None, Some(4), Some(1), Some(4), Some(2)]
        );
    }
}
