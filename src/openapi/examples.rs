//! Makes an example for every body that its route gave none, out of the examples of its parts.
//!
//! What cannot be told apart from a wrong guess (a required text with a pattern and no example) is
//! left without an example, so that every example in the document is a valid one.

use serde_json::{Value, json};

use super::{Object, text};

/// Schemas nest no deeper than this in an example; a schema that holds itself ends here.
const DEPTH: u8 = 12;

pub(super) fn complete(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    for part in ["paths", "components", "webhooks"] {
        if let Some(part) = document.get_mut(part) {
            walk(part, &schemas);
        }
    }
}

/// Finds every media type object below `node`.
fn walk(node: &mut Value, schemas: &Object) {
    match node {
        Value::Object(object) => {
            for (key, child) in object.iter_mut() {
                match (key.as_str(), child) {
                    ("content", Value::Object(content)) => complete_content(content, schemas),
                    (_, child) => walk(child, schemas),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|child| walk(child, schemas)),
        _ => {}
    }
}

fn complete_content(content: &mut Object, schemas: &Object) {
    for media in content.values_mut().filter_map(Value::as_object_mut) {
        if media.contains_key("example") || media.contains_key("examples") {
            continue;
        }
        let made = media.get("schema").and_then(|schema| example_of(schema, schemas, DEPTH));
        if let Some(made) = made {
            media.insert("example".into(), made);
        }
    }
}

/// Makes a valid value of the schema, or nothing where only a guess would do.
fn example_of(schema: &Value, schemas: &Object, depth: u8) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let schema = schema.as_object()?;
    if let Some(stated) = stated(schema) {
        return Some(stated);
    }
    if let Some(name) = text(schema, "$ref").and_then(|path| path.strip_prefix("#/components/schemas/")) {
        return example_of(schemas.get(name)?, schemas, depth);
    }
    if let Some(choices) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array()) {
        return choices.iter().find_map(|choice| example_of(choice, schemas, depth));
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        return all_of(parts, schemas, depth);
    }
    match kind(schema)? {
        "object" => object_example(schema, schemas, depth),
        "array" => {
            let item = schema.get("items").and_then(|items| example_of(items, schemas, depth));
            let may_be_empty = schema.get("minItems").is_none_or(|least| least == 0);
            (item.is_some() || may_be_empty).then(|| Value::Array(item.into_iter().collect()))
        }
        "integer" => integer_example(schema),
        "boolean" => Some(json!(true)),
        "string" => string_example(schema),
        _ => None,
    }
}

/// The value that the schema names itself.
fn stated(schema: &Object) -> Option<Value> {
    let first = |key: &str| schema.get(key)?.as_array()?.first().cloned();
    let one = |key: &str| schema.get(key).cloned();
    one("example")
        .or_else(|| first("examples"))
        .or_else(|| one("const"))
        .or_else(|| one("default"))
        .or_else(|| first("enum"))
        .filter(|value| !value.is_null())
}

/// The type of the schema, not counting that it may be null.
fn kind(schema: &Object) -> Option<&str> {
    match schema.get("type")? {
        Value::String(only) => Some(only),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn object_example(schema: &Object, schemas: &Object, depth: u8) -> Option<Value> {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut object = Object::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        match example_of(property, schemas, depth) {
            Some(value) => {
                object.insert(name.clone(), value);
            }
            None if required.contains(&name.as_str()) => return None,
            None => {}
        }
    }
    Some(Value::Object(object))
}

fn all_of(parts: &[Value], schemas: &Object, depth: u8) -> Option<Value> {
    let mut whole = Object::new();
    for part in parts {
        match example_of(part, schemas, depth)? {
            Value::Object(object) => whole.extend(object),
            single => return Some(single),
        }
    }
    Some(Value::Object(whole))
}

fn integer_example(schema: &Object) -> Option<Value> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let least = bound("minimum").unwrap_or(1).max(1);
    bound("maximum").is_none_or(|most| least <= most).then(|| json!(least))
}

/// A text without a form of its own may say anything; one with a form must be told by its type.
fn string_example(schema: &Object) -> Option<Value> {
    let free = text(schema, "pattern").is_none_or(|pattern| pattern == super::schemas::ANY_TEXT);
    let short = schema.get("maxLength").and_then(Value::as_u64).is_some_and(|most| most < 4);
    let long = schema.get("minLength").and_then(Value::as_u64).is_some_and(|least| least > 4);
    (free && !short && !long && !schema.contains_key("format")).then(|| json!("text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(schema: &Value) -> Option<Value> {
        example_of(schema, &Object::new(), DEPTH)
    }

    #[test]
    fn an_object_is_made_of_its_parts() {
        let schema = json!({ "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string", "example": "Sumarni" },
            "decile": { "type": ["integer", "null"], "minimum": 1, "maximum": 10 } } });
        assert_eq!(made(&schema), Some(json!({ "name": "Sumarni", "decile": 1 })));
    }

    #[test]
    fn nothing_is_guessed() {
        let schema = json!({ "type": "object", "required": ["nik"], "properties": {
            "nik": { "type": "string", "pattern": "^[0-9]{16}$" } } });
        assert_eq!(made(&schema), None);
    }

    #[test]
    fn a_schema_that_holds_itself_comes_to_an_end() {
        let tree = json!({ "type": "object", "properties": { "left": { "$ref": "#/components/schemas/Tree" } } });
        let mut schemas = Object::new();
        schemas.insert("Tree".into(), tree.clone());
        assert!(example_of(&tree, &schemas, DEPTH).is_some());
    }
}
