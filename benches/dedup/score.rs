//! How well found pairs agree with the true ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Pairs of identities, the lower first.
pub(crate) type Pairs = BTreeSet<(String, String)>;

/// What is found of the truth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) precision: f64,
    pub(crate) f1: f64,
}

pub(crate) fn ordered(one: String, other: String) -> (String, String) {
    if one < other { (one, other) } else { (other, one) }
}

/// The pairs in the first two columns of a file.
pub(crate) fn pairs(path: &Path) -> Pairs {
    let text = std::fs::read_to_string(path).unwrap();
    let pair = |line: &str| {
        let mut cells = line.split(',').map(ToOwned::to_owned);
        ordered(cells.next().unwrap(), cells.next().unwrap())
    };
    text.lines().skip(1).map(pair).filter(|(one, other)| one != other).collect()
}

pub(crate) fn f1(found: &Pairs, truth: &Pairs) -> Score {
    let right = found.intersection(truth).count() as f64;
    let precision = right / (found.len() as f64).max(1.0);
    let recall = right / (truth.len() as f64).max(1.0);
    Score { precision, f1: 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE) }
}

/// Of each kind of pairs that are two persons, how many were found, and how many there are.
pub(crate) fn kinds_found(found: &Pairs, hard: &Path) -> BTreeMap<String, (usize, usize)> {
    let mut kinds = BTreeMap::new();
    for line in std::fs::read_to_string(hard).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (joined, all): &mut (usize, usize) = kinds.entry(cells[2].to_owned()).or_default();
        *joined += usize::from(found.contains(&ordered(cells[0].to_owned(), cells[1].to_owned())));
        *all += 1;
    }
    kinds
}

/// A part of the measuring kit, beside the project or where `SINERGI_SHARED` says; told where it is absent.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("SINERGI_SHARED").map_or_else(beside, PathBuf::from).join(part);
    if !path.exists() {
        eprintln!("left out: there is no {part} beside the project");
        return None;
    }
    Some(path)
}
