//! What a return must be. Pure.

use chrono::NaiveDate;

use super::model::{NewReturn, ReturnReason};
use crate::error::{Code, Fault};
use crate::programs::deliveries::Delivery;

/// All faults of a return of a delivery.
pub(super) fn faults_of(new: &NewReturn, delivery: &Delivery, is_whole: bool, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.quantity.is_zero() {
        faults.push(Fault::new("/quantity", Code::QuantityZero));
    }
    if is_whole && !new.quantity.is_whole() {
        faults.push(Fault::new("/quantity", Code::QuantityNotWhole));
    }
    if new.returned_on > today {
        faults.push(Fault::new("/returned_on", Code::DateInFuture));
    } else if new.returned_on < delivery.delivered_on {
        faults.push(Fault::new("/returned_on", Code::DatesOutOfOrder));
    }
    if new.reason == ReturnReason::Other && new.remark.is_none() {
        faults.push(Fault::new("/remark", Code::RemarkMissing));
    }
    if new.stock_site_id.is_some() {
        faults.extend(stock_faults(new));
    }
    faults
}

/// Only what is usable goes back to stock, and by minutes.
fn stock_faults(new: &NewReturn) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.handover_number.is_none() {
        faults.push(Fault::new("/handover_number", Code::Required));
    }
    if new.reason == ReturnReason::Damaged {
        faults.push(Fault::new("/stock_site_id", Code::GoodsUnusable));
    }
    faults
}
