//! What is not where it should be.

use std::collections::BTreeMap;

/// How many of some, with their repetitions, are not among others.
pub(crate) fn missing(some: &[String], others: &[String]) -> usize {
    let mut left = BTreeMap::<&String, usize>::new();
    for id in others {
        *left.entry(id).or_default() += 1;
    }
    let mut count = 0;
    for id in some {
        match left.get_mut(id) {
            Some(others) if *others > 0 => *others -= 1,
            _ => count += 1,
        }
    }
    count
}
