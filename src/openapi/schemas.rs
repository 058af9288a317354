//! States the limits of every string, number and list.
//!
//! A limit that the type states itself always stands. What is filled in here is what the service
//! keeps everywhere: the shape of its ids and times, the reach of a 32-bit and a JSON-safe integer,
//! and the ceilings that the request readers put on text and lists.

use serde_json::{Value, json};

use super::{Object, operations, set_default, text};

/// The longest text without a limit of its own that a request may carry or an answer holds.
const TEXT_LIMIT: u32 = 2000;
/// The longest list without a limit of its own.
const LIST_LIMIT: u32 = 1000;
/// The longest file that is read as it comes.
const FILE_LIMIT: u32 = 512 << 20;
/// The most items of a page.
const PAGE_LIMIT: u32 = 200;
/// The largest integer that every JSON reader keeps exactly.
const SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// The pattern of a text that may say anything: the database takes every character but one.
pub(super) const ANY_TEXT: &str = "^[^\\u0000]*$";

/// What a format says of a string besides its name.
struct Format {
    name: &'static str,
    max_length: u32,
    example: &'static str,
}

const FORMATS: &[Format] = &[
    Format { name: "uuid", max_length: 36, example: "0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01" },
    Format { name: "date", max_length: 10, example: "2026-03-14" },
    Format { name: "date-time", max_length: 40, example: "2026-03-14T02:30:00Z" },
    Format { name: "uri", max_length: 2000, example: "https://sinergi.example/problems/not_found" },
];

pub(super) fn complete(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (_, page) in schemas.into_iter().flatten().filter(|(name, _)| name.starts_with("Page_")) {
        if let Some(items) = page.pointer_mut("/properties/items").and_then(Value::as_object_mut) {
            set_default(items, "maxItems", PAGE_LIMIT);
        }
    }
    operations::for_each(document, |operation| {
        let content = operation.node.get_mut("requestBody").and_then(|body| body.get_mut("content")?.as_object_mut());
        let files =
            content.into_iter().flatten().filter(|(name, _)| !name.ends_with("json") || name.ends_with("ndjson"));
        for file in files.filter_map(|(_, media)| media.get_mut("schema")?.as_object_mut()) {
            if text(file, "type") == Some("string") {
                set_default(file, "maxLength", FILE_LIMIT);
            }
        }
    });
    for part in ["paths", "components", "webhooks"] {
        if let Some(part) = document.get_mut(part) {
            walk(part);
        }
    }
}

/// Visits every schema below `node`; examples are data and left alone.
fn walk(node: &mut Value) {
    match node {
        Value::Object(object) => {
            bound(object);
            for (key, child) in object.iter_mut() {
                match (key.as_str(), child) {
                    // A property may be called anything, `example` as well.
                    ("properties", Value::Object(properties)) => properties.values_mut().for_each(walk),
                    ("example" | "examples" | "default" | "enum" | "const", _) => {}
                    (_, child) => walk(child),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(walk),
        _ => {}
    }
}

fn bound(schema: &mut Object) {
    if is(schema, "string") {
        bound_string(schema);
    }
    if is(schema, "integer") {
        bound_integer(schema);
    }
    if is(schema, "array") {
        set_default(schema, "maxItems", LIST_LIMIT);
    }
}

/// Tells whether a schema allows the type, alone or among others.
fn is(schema: &Object, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|one| one == kind),
        _ => false,
    }
}

fn bound_string(schema: &mut Object) {
    if schema.contains_key("const") {
        return;
    }
    if schema.contains_key("enum") {
        // A closed list says all there is to say; its type follows from its values.
        schema.remove("type");
        return;
    }
    let format = FORMATS.iter().find(|format| text(schema, "format") == Some(format.name));
    if let Some(format) = format {
        set_default(schema, "maxLength", format.max_length);
        // Older readers know only the single example. A form of its own needs an example of its own.
        let told = schema.get("examples").and_then(|told| told.get(0)).cloned();
        let made = (!schema.contains_key("pattern")).then(|| json!(format.example));
        if let Some(example) = told.or(made) {
            set_default(schema, "example", example);
        }
    } else {
        set_default(schema, "maxLength", TEXT_LIMIT);
        if !schema.contains_key("format") {
            set_default(schema, "pattern", ANY_TEXT);
        }
    }
}

fn bound_integer(schema: &mut Object) {
    let (least, most) = match text(schema, "format") {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (-SAFE_INTEGER, SAFE_INTEGER),
    };
    set_default(schema, "format", "int64");
    set_default(schema, "minimum", json!(least));
    set_default(schema, "maximum", json!(most));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounded(mut schema: Value) -> Value {
        walk(&mut schema);
        schema
    }

    #[test]
    fn a_limit_of_the_type_stands() {
        let schema = bounded(json!({ "type": "string", "maxLength": 16, "pattern": "^[0-9]{16}$" }));
        assert_eq!(schema, json!({ "type": "string", "maxLength": 16, "pattern": "^[0-9]{16}$" }));
    }

    #[test]
    fn every_part_of_an_object_is_bounded() {
        let schema = bounded(json!({ "type": "object", "properties": {
            "type": { "type": ["integer", "null"], "format": "int32" },
            "names": { "type": "array", "items": { "type": "string" } } } }));
        assert_eq!(schema.pointer("/properties/type/maximum"), Some(&json!(i32::MAX)));
        assert_eq!(schema.pointer("/properties/names/maxItems"), Some(&json!(LIST_LIMIT)));
        assert_eq!(schema.pointer("/properties/names/items/maxLength"), Some(&json!(TEXT_LIMIT)));
    }

    #[test]
    fn examples_are_not_taken_for_schemas() {
        let example = json!({ "example": { "type": "string" } });
        assert_eq!(bounded(example.clone()), example);
    }
}
