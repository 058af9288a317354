//! What a quantity must be, and what the anonymous list may show. Pure.

use super::model::NeedKind;
use crate::domain::Quantity;
use crate::error::{Code, Fault};

/// Cells of fewer families are hidden, and families are counted in steps of it.
pub const FAMILIES_SHOWN_FROM: i64 = 5;

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

/// Faults of what one family says it needs.
pub(super) fn need_faults(kind: &NeedKind, quantity: &Quantity) -> Vec<Fault> {
    if *quantity > kind.family_quantity_max {
        return vec![Fault::new("/quantity", Code::QuantityTooLarge)];
    }
    quantity_faults("/quantity", kind, quantity)
}
