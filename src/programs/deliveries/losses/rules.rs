//! What a loss must be. Pure.

use chrono::NaiveDate;

use super::model::{LossReason, NewLoss};
use crate::error::{Code, Fault};
use crate::programs::deliveries::rules::stock_fault;

/// All faults of a loss that can be told without the database.
pub(super) fn faults_of(new: &NewLoss, is_whole: bool, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.quantity.is_zero() {
        faults.push(Fault::new("/quantity", Code::QuantityZero));
    }
    if is_whole && !new.quantity.is_whole() {
        faults.push(Fault::new("/quantity", Code::QuantityNotWhole));
    }
    if new.lost_on > today {
        faults.push(Fault::new("/lost_on", Code::DateInFuture));
    }
    if new.reason == LossReason::Other && new.remark.is_none() {
        faults.push(Fault::new("/remark", Code::RemarkMissing));
    }
    faults.extend(stock_fault(new.stock_lot_id, new.stock_site_id));
    if new.stock_lot_id.is_some() && new.handover_number.is_none() {
        faults.push(Fault::new("/handover_number", Code::Required));
    }
    faults
}
