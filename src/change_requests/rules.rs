//! What a proposal changes, and who may decide it. Pure.

use super::model::{ChangeRow, ChangeStatus, Patch, SeenRequest};
use crate::domain::Evidence;
use crate::error::{Code, Error, Fault, Result};

/// These say how or why other fields are changed; they are no fields of the record.
const MODIFIERS: [&str; 2] = ["former_head_becomes", "change_reason"];

/// The changes that differ from the record, with what their fields are now.
///
/// A NIK is compared when it is applied: shown it is masked.
pub(super) fn differing(changes: &Patch, shown: &Patch) -> (Patch, Patch) {
    let differs = |(field, value): &(&String, &serde_json::Value)| {
        *field == "nik" || is_modifier(field) || shown.get(*field) != Some(*value)
    };
    let kept: Patch = changes.iter().filter(differs).map(|(field, value)| (field.clone(), value.clone())).collect();
    let before = kept.keys().filter(|field| !is_modifier(field));
    let before = before.map(|field| (field.clone(), shown.get(field).cloned().unwrap_or_default())).collect();
    (kept, before)
}

fn is_modifier(field: &str) -> bool {
    MODIFIERS.contains(&field)
}

/// The faults of a proposal besides those of its changes; `before` holds what it changes.
pub(super) fn faults_of(pointer: &str, before: &Patch, evidence: &[Evidence]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if before.is_empty() {
        faults.push(Fault::new(pointer, Code::NothingChanges));
    }
    if evidence.len() > Evidence::MOST {
        faults.push(Fault::new("/evidence", Code::WrongType));
    } else {
        let twice = Evidence::twice(evidence);
        faults.extend(twice.map(|at| Fault::new(format!("/evidence/{at}/digest"), Code::ValueTwice)));
    }
    faults
}

/// Refuses a decision by who asked, and one that was made already.
///
/// # Errors
/// `change_request_decided`, `second_person_needed`.
pub(super) fn check_decision(row: &ChangeRow, client_id: &str) -> Result<()> {
    if row.status != ChangeStatus::Pending {
        return Err(Code::ChangeRequestDecided.into());
    }
    if row.requested_by == client_id { Err(Code::SecondPersonNeeded.into()) } else { Ok(()) }
}

/// Refuses to apply what is stale, and what stands against another one unless that is said to be meant.
///
/// # Errors
/// `change_request_stale`, `change_request_in_conflict`.
pub(super) fn check_application(seen: &SeenRequest, despite_conflicts: bool) -> Result<()> {
    if seen.is_stale {
        return Err(Code::ChangeRequestStale.into());
    }
    match seen.conflicts_with.first() {
        Some(other) if !despite_conflicts => {
            Err(Error::from(Code::ChangeRequestInConflict).related("change_requests", other.0))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(value: serde_json::Value) -> Patch {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn only_what_differs_is_proposed() {
        let shown = patch(json!({ "work": "petani", "phone": null, "nik": "6402********0001", "in_school": false }));
        let changes = patch(json!({ "work": "petani", "phone": "0811", "nik": "6402104101909001" }));
        let (kept, before) = differing(&changes, &shown);
        assert_eq!(kept, patch(json!({ "phone": "0811", "nik": "6402104101909001" })));
        assert_eq!(before, patch(json!({ "phone": null, "nik": "6402********0001" })));
    }

    #[test]
    fn a_modifier_alone_changes_nothing() {
        let (kept, before) = differing(&patch(json!({ "former_head_becomes": "child" })), &Patch::new());
        assert_eq!((kept.len(), before.len()), (1, 0));
        assert_eq!(faults_of("/changes", &before, &[]), [Fault::new("/changes", Code::NothingChanges)]);
    }
}
