//! What differs between two versions of a record. Pure.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::model::FieldDifference;

/// What every version changes, and what names the row and no fact of it.
const PLUMBING: [&str; 6] = ["area_id", "id", "version", "valid_from", "created_at", "updated_at"];
/// Columns that the API calls otherwise.
const RENAMED: [(&str, &str); 2] = [("ended_on", "left_on"), ("end_reason", "left_because")];

/// The fields that differ, by name. What is sealed or a digest is left out, whatever it is called.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<FieldDifference> {
    let nothing = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&nothing), after.as_object().unwrap_or(&nothing));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let told = names.into_iter().filter(|name| is_told(name));
    let changes = told.map(|name| FieldDifference {
        field: public_name(name).to_owned(),
        before: text_of(before.get(name)),
        after: text_of(after.get(name)),
    });
    changes.filter(|change| change.before != change.after).collect()
}

/// A number that changed, both masked: two numbers that are masked alike differ still.
pub(super) fn number_change<N: PartialEq>(
    field: &str,
    (before, after): (Option<N>, Option<N>),
    masked: fn(&N) -> String,
) -> Option<FieldDifference> {
    let told = |number: &Option<N>| number.as_ref().map(masked);
    (before != after).then(|| FieldDifference { field: field.to_owned(), before: told(&before), after: told(&after) })
}

fn is_told(name: &str) -> bool {
    !PLUMBING.contains(&name) && !name.ends_with("_sealed") && !name.ends_with("_digest")
}

fn public_name(name: &str) -> &str {
    RENAMED.iter().find(|(column, _)| *column == name).map_or(name, |(_, public)| public)
}

/// A value as people read it; nothing for null and for an empty list.
fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) if list.is_empty() => None,
        Value::Array(list) if list.iter().all(Value::is_string) => {
            Some(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told_and_nothing_sealed() {
        let before = json!({ "id": 1, "version": 1, "address": "RT 01", "phone": null, "warnings": [],
            "ended_on": null, "member_count": 2, "next_sealed": "a", "status": "live" });
        let after = json!({ "id": 2, "version": 2, "address": "RT 02", "phone": null, "warnings": ["a", "b"],
            "ended_on": "2026-01-05", "member_count": 3, "next_sealed": "b", "status": "live" });
        let told = differences(&before, &after);
        let fields: Vec<_> = told.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["address", "left_on", "member_count", "warnings"]);
        assert_eq!(told.last().and_then(|change| change.after.as_deref()), Some("a, b"));
        assert!(differences(&after, &after).is_empty());
    }

    #[test]
    fn a_number_is_told_masked() {
        let told = number_change("nik", (Some(1), Some(2)), |_| "m".to_owned()).unwrap();
        assert_eq!((told.before.as_deref(), told.after.as_deref()), (Some("m"), Some("m")));
        assert_eq!(number_change("nik", (Some(1), Some(1)), |_| "m".to_owned()), None);
    }
}
