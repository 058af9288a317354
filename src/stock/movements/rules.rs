//! What a movement must be. Pure.

use chrono::NaiveDate;

use crate::domain::{ProgramId, Quantity};
use crate::error::{Code, Error, Fault, Result};
use crate::stock::lots::StockLot;

/// All faults of a quantity of a lot on a day, at the field that names the day.
pub(in crate::stock) fn faults_of(
    lot: &StockLot,
    quantity: &Quantity,
    (on, pointer): (NaiveDate, &str),
    today: NaiveDate,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if quantity.is_zero() {
        faults.push(Fault::new("/quantity", Code::QuantityZero));
    }
    if lot.counts_whole_units && !quantity.is_whole() {
        faults.push(Fault::new("/quantity", Code::QuantityNotWhole));
    }
    faults.extend(faults_of_day(lot, (on, pointer), today));
    faults
}

/// The fault of a day before the lot came, or of one that is still to come.
pub(super) fn faults_of_day(lot: &StockLot, (on, pointer): (NaiveDate, &str), today: NaiveDate) -> Option<Fault> {
    if on > today {
        Some(Fault::new(pointer, Code::DateInFuture))
    } else if on < lot.received_on {
        Some(Fault::new(pointer, Code::DatesOutOfOrder))
    } else {
        None
    }
}

/// Refuses goods that are for another program, or that count in another unit.
pub(in crate::stock) fn be_for(lot: &StockLot, (program_id, unit): (ProgramId, &str)) -> Result<()> {
    if lot.program_id.is_some_and(|own| own != program_id) || lot.unit != unit {
        let about = if lot.unit == unit { "for another program".to_owned() } else { format!("in {}", lot.unit) };
        return Err(Error::from(Code::LotNotForProgram).about(about));
    }
    Ok(())
}

/// Refuses goods that do not fit a program, or that are past their last day.
pub(super) fn be_fit(lot: &StockLot, program: (ProgramId, &str), on: NaiveDate) -> Result<()> {
    be_for(lot, program)?;
    match lot.expires_on {
        Some(last) if last < on => Err(Error::from(Code::LotExpired).about(format!("on {last}"))),
        _ => Ok(()),
    }
}
