//! What installments must be, and which of them are late. Pure.

use chrono::{Days, NaiveDate};

use super::model::{DueInstallment, LineSchedule};
use crate::domain::{Document, Quantity};
use crate::error::{Code, Fault};
use crate::pledges::model::{Installment, PledgeLine};

/// Most installments of a line.
const INSTALLMENTS: usize = 24;

/// Faults of the installments of a line.
pub(in crate::pledges) fn faults(pointer: &str, installments: &[Installment], quantity: &Quantity) -> Vec<Fault> {
    let pointer = format!("{pointer}/installments");
    if installments.is_empty() {
        return Vec::new();
    }
    if installments.len() > INSTALLMENTS {
        return vec![Fault::new(pointer, Code::WrongType)];
    }
    if let Some(at) = installments.iter().position(|one| one.quantity.is_zero()) {
        return vec![Fault::new(format!("{pointer}/{at}/quantity"), Code::QuantityZero)];
    }
    let is_in_order = installments.is_sorted_by(|one, next| one.due_on < next.due_on);
    let sum = installments.iter().fold(Quantity::zero(), |sum, one| sum.plus(&one.quantity));
    if is_in_order && sum == *quantity { Vec::new() } else { vec![Fault::new(pointer, Code::InstallmentsDiffer)] }
}

/// What is due of a line of a pledge for a year, with so much of it outstanding at the end of a day.
pub(in crate::pledges) fn schedule(line: &PledgeLine, year: i16, outstanding: Quantity, on: NaiveDate) -> LineSchedule {
    let mut covered = line.quantity.beyond(&outstanding);
    let mut due = |one: &Installment| {
        let left = one.quantity.beyond(&covered);
        covered = covered.beyond(&one.quantity);
        let is_overdue = one.due_on < on && !left.is_zero();
        DueInstallment { due_on: one.due_on, quantity: one.quantity.clone(), outstanding: left, is_overdue }
    };
    let installments: Vec<DueInstallment> = planned(line, year).iter().map(&mut due).collect();
    let late = installments.iter().filter(|one| one.is_overdue);
    let next = installments.iter().find(|one| !one.outstanding.is_zero());
    LineSchedule {
        pledge_line_id: line.id,
        kind: line.kind.clone(),
        unit: line.unit.clone(),
        outstanding,
        overdue: late.fold(Quantity::zero(), |sum, one| sum.plus(&one.outstanding)),
        next_due_on: next.map(|one| one.due_on),
        next_due: next.map(|one| one.outstanding.clone()),
        installments,
    }
}

/// A line as it was while another plan held; `None` where nothing was promised of it yet.
pub(super) fn as_planned(line: PledgeLine, plan: Option<(Quantity, Document<Vec<Installment>>)>) -> Option<PledgeLine> {
    match plan {
        None => Some(line),
        Some((quantity, _)) if quantity.is_zero() => None,
        Some((quantity, installments)) => Some(PledgeLine { quantity, installments, ..line }),
    }
}

/// The installments that were agreed, or all of it by the last day of the year; none where nothing is promised any more.
fn planned(line: &PledgeLine, year: i16) -> Vec<Installment> {
    if line.quantity.is_zero() {
        return Vec::new();
    }
    if !line.installments.0.is_empty() {
        return line.installments.0.clone();
    }
    let due_on = NaiveDate::from_ymd_opt(year.into(), 12, 31).unwrap_or_default();
    vec![Installment { due_on, quantity: line.quantity.clone() }]
}

/// True where, with so much of a line of a pledge for a year outstanding at the end of a day, some of it is late for more
/// than so many days by then.
pub(in crate::pledges) fn is_late(
    (line, year): (&PledgeLine, i16),
    outstanding: Quantity,
    (on, days): (NaiveDate, u64),
) -> bool {
    let late_from = on.checked_sub_days(Days::new(days)).unwrap_or_default();
    schedule(line, year, outstanding, on).installments.iter().any(|one| one.is_overdue && one.due_on < late_from)
}

/// The installments of a line without a quantity that was received of it: the earliest are covered first.
pub(in crate::pledges) fn taken_off(installments: &[Installment], quantity: &Quantity) -> Vec<Installment> {
    let mut taken = quantity.clone();
    let mut rest = Vec::new();
    for one in installments {
        let left = one.quantity.beyond(&taken);
        taken = taken.beyond(&one.quantity);
        if !left.is_zero() {
            rest.push(Installment { due_on: one.due_on, quantity: left });
        }
    }
    rest
}
