//! What a delivery must be. Pure.

use chrono::NaiveDate;

use super::model::{Due, NewDelivery};
use crate::beneficiaries;
use crate::db;
use crate::domain::{Quantity, StockLotId, StockSiteId, has_plain_year};
use crate::error::{Code, Fault};

/// All faults of a delivery that can be told without the database.
pub(super) fn faults_of(new: &NewDelivery, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.quantity.is_zero() {
        faults.push(Fault::new("/quantity", Code::QuantityZero));
    }
    if new.delivered_on > today {
        faults.push(Fault::new("/delivered_on", Code::DateInFuture));
    } else if !has_plain_year(new.delivered_on) {
        // The database would refuse it too, and with it the whole batch of a device.
        faults.push(Fault::new("/delivered_on", Code::WrongType));
    }
    let (paper, receiver) = (new.power_of_attorney.as_ref(), new.receiver_name.as_ref());
    faults.extend(beneficiaries::collector_of(new.collector_member_id, paper, receiver).err());
    match (&new.proof_digest, &new.proof_media_type) {
        (Some(_), None) => faults.push(Fault::new("/proof_media_type", Code::Required)),
        (None, Some(_)) => faults.push(Fault::new("/proof_digest", Code::Required)),
        _ => {}
    }
    faults.extend(stock_fault(new.stock_lot_id, new.stock_site_id));
    faults
}

/// A handover before aid of the period can have been: before its first day, and before the list was approved as well.
///
/// Aid goes out before its period where a list is ready early, and before the approval where that was typed in later.
pub(super) fn early_fault(due: &Due, delivered_on: NaiveDate) -> Option<Fault> {
    let first = due.period.first_day();
    let first = due.listed_at.map_or(first, |at| first.min(db::day_of(at)));
    (delivered_on < first).then(|| Fault::new("/delivered_on", Code::HandoverTooEarly))
}

/// Lot and site are both named, or neither.
pub(super) fn stock_fault(lot_id: Option<StockLotId>, site_id: Option<StockSiteId>) -> Option<Fault> {
    match (lot_id, site_id) {
        (Some(_), None) => Some(Fault::new("/stock_site_id", Code::Required)),
        (None, Some(_)) => Some(Fault::new("/stock_lot_id", Code::Required)),
        _ => None,
    }
}

/// What is left of what is due; nothing where more was taken away than was due.
pub(super) fn left(due: &Quantity, delivered: &Quantity, withdrawn: &Quantity) -> Quantity {
    due.minus(delivered).and_then(|left| left.minus(withdrawn)).unwrap_or_else(Quantity::zero)
}
