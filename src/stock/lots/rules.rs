//! What a lot must be. Pure.

use chrono::NaiveDate;

use super::model::{GoodsOfProgram, NewStockLot};
use crate::error::{Code, Fault};

/// True where half a unit of it means nothing.
pub(super) fn counts_whole_units(new: &NewStockLot, program: Option<&GoodsOfProgram>) -> bool {
    match program {
        Some(program) => program.kind == "equipment",
        None => new.counts_whole_units.unwrap_or_default(),
    }
}

/// All faults of a lot for a program, or for none.
pub(super) fn faults_of(new: &NewStockLot, program: Option<&GoodsOfProgram>, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    match program {
        Some(program) if !matches!(program.kind.as_str(), "goods" | "equipment") => {
            faults.push(Fault::new("/program_id", Code::ProgramWithoutGoods));
        }
        Some(program) if program.unit != new.unit.as_str() => {
            faults.push(Fault::new("/unit", Code::UnitDiffers).with_detail(program.unit.clone()));
        }
        _ => {}
    }
    if new.quantity.is_zero() {
        faults.push(Fault::new("/quantity", Code::QuantityZero));
    }
    if counts_whole_units(new, program) && !new.quantity.is_whole() {
        faults.push(Fault::new("/quantity", Code::QuantityNotWhole));
    }
    if new.received_on > today {
        faults.push(Fault::new("/received_on", Code::DateInFuture));
    }
    if new.expires_on.is_some_and(|last| last < new.received_on) {
        faults.push(Fault::new("/expires_on", Code::DatesOutOfOrder));
    }
    faults
}
