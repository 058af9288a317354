//! What a return must be. Pure.

use chrono::NaiveDate;

use super::model::{AllocationReturnReason, Handed, NewAllocationReturn};
use crate::error::{Code, Error, Fault, Result};

/// The handover that a return names, or the only one there is.
pub(super) fn handover(all: Vec<Handed>, new: &NewAllocationReturn) -> Result<Handed> {
    let pointer = "/allocation_delivery_id";
    if let Some(id) = new.allocation_delivery_id {
        let named = all.into_iter().find(|one| one.id == id);
        return named.ok_or_else(|| Error::invalid_field(pointer, Code::ReferenceUnknown));
    }
    let mut all = all.into_iter();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Error::invalid_field(pointer, Code::Required)),
        (None, _) => Err(Code::ReturnedMoreThanGiven.into()),
    }
}

/// All faults of a return of a handover.
pub(super) fn faults_of(new: &NewAllocationReturn, handed: &Handed, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.returned_on > today {
        faults.push(Fault::new("/returned_on", Code::DateInFuture));
    } else if new.returned_on < handed.delivered_on {
        faults.push(Fault::new("/returned_on", Code::DatesOutOfOrder));
    }
    if new.reason == AllocationReturnReason::Other && new.remark.is_none() {
        faults.push(Fault::new("/remark", Code::RemarkMissing));
    }
    if new.reason == AllocationReturnReason::Damaged && new.is_usable {
        faults.push(Fault::new("/is_usable", Code::GoodsUnusable));
    }
    faults
}
