//! What a quantity must be, and what the anonymous list may show. Pure.

use super::model::{NeedKind, NeedReach, Reach, ReachFilter};
use crate::domain::Quantity;
use crate::error::{Code, Fault};

/// Cells of fewer families are hidden, and families are counted in steps of it.
pub const FAMILIES_SHOWN_FROM: i64 = 5;

/// A count at least, in steps of five; nothing where it is fewer than five.
#[must_use]
pub fn at_least(count: i64) -> Option<i64> {
    (count >= FAMILIES_SHOWN_FROM).then(|| count / FAMILIES_SHOWN_FROM * FAMILIES_SHOWN_FROM)
}

/// Faults of a quantity of a kind: nothing at all, or a part of what cannot be divided.
pub(crate) fn quantity_faults(pointer: &str, kind: &NeedKind, quantity: &Quantity) -> Vec<Fault> {
    if quantity.is_zero() {
        return vec![Fault::new(pointer, Code::QuantityZero)];
    }
    if kind.is_whole && !quantity.is_whole() {
        return vec![Fault::new(pointer, Code::QuantityNotWhole)];
    }
    Vec::new()
}

/// What one family gets of a kind at a turn: one unit of what lasts, as much as it can need of goods and money.
pub(crate) fn usual_portion(kind: &NeedKind) -> Quantity {
    match kind.category.as_str() {
        "goods" | "money" => kind.family_quantity_max.clone(),
        _ => Quantity::whole(1),
    }
}

/// How far a quantity goes by portions, once the list has told what is lacking.
pub(super) fn reach_of(kind: NeedKind, filter: &ReachFilter, portion: Quantity, reach: Reach) -> NeedReach {
    NeedReach {
        kind: kind.code,
        unit: kind.unit,
        quantity: filter.quantity.clone(),
        portion,
        families_at_least: reach.families,
        unmet_quantity: reach.unmet,
        families_reached: reach.reached,
        unused_quantity: reach.unused,
    }
}

/// Faults of what one family says it needs.
pub(super) fn need_faults(kind: &NeedKind, quantity: &Quantity) -> Vec<Fault> {
    if *quantity > kind.family_quantity_max {
        return vec![Fault::new("/quantity", Code::QuantityTooLarge)];
    }
    quantity_faults("/quantity", kind, quantity)
}
