//! What a batch must be, and what a refusal of one delivery comes to. Pure.

use std::collections::BTreeMap;

use super::model::{Batch, ItemOutcome};
use crate::domain::{DeliveryId, Digest, has_plain_year};
use crate::error::{Code, Error, Fault, Refusal, Result};

/// Most deliveries of a batch.
const MOST_ITEMS: usize = 200;

/// Deliveries that were brought before, each with what it said and what became of it; nothing where the id is of
/// something that no device brought.
pub(super) type Brought = BTreeMap<DeliveryId, Option<(Digest, ItemOutcome)>>;

/// All faults of a batch that can be told without the database.
pub(super) fn faults_of(batch: &Batch) -> Vec<Fault> {
    let mut faults = Vec::new();
    if batch.sequence < 1 {
        faults.push(Fault::new("/batch/sequence", Code::WrongType));
    }
    if !has_plain_year(batch.made_at.date_naive()) {
        faults.push(Fault::new("/batch/made_at", Code::WrongType));
    }
    if batch.deliveries.is_empty() {
        faults.push(Fault::new("/batch/deliveries", Code::Required));
    }
    if batch.deliveries.len() > MOST_ITEMS {
        faults.push(Fault::new("/batch/deliveries", Code::RowsTooMany));
    }
    faults
}

/// What becomes of a delivery whose id was brought before: the same as then, where it says the same.
pub(super) fn again(brought: &Brought, id: DeliveryId, digest: Digest) -> Option<ItemOutcome> {
    let before = brought.get(&id)?;
    Some(match before {
        Some((said, outcome)) if *said == digest => *outcome,
        _ => ItemOutcome::Refused,
    })
}

/// The refusal of a delivery; a failure of the service stays one.
///
/// # Errors
/// What is no refusal.
pub(super) fn refusal_of(error: Error) -> Result<(Code, Option<String>, Option<String>)> {
    let Error::Refused(refusal) = error else { return Err(error) };
    let Refusal { code, faults, about, .. } = *refusal;
    // The first fault says more than that there are some.
    Ok(match faults.into_iter().next() {
        Some(fault) => (fault.code, Some(fault.pointer), about),
        None => (code, None, about),
    })
}
