//! Writes small types out where they are used, and says "or nothing" in the simplest way.
//!
//! In the code an id, a name or a quantity is a type of its own. For a reader of the document a
//! string stays a string: its form stands where it is read. What may be `null` says so in its
//! `type` instead of in a choice between two schemas.

use serde_json::{Value, json};

use super::{Object, references, text};

const PREFIX: &str = "#/components/schemas/";

pub(super) fn complete(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let scalars: Object = schemas
        .iter()
        .filter(|(_, schema)| is_scalar(schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    schemas.retain(|_, schema| !is_scalar(schema));
    write_out(document, &scalars);
    let objects = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (_, schema) in schemas.into_iter().flatten() {
        allow_null(schema, &objects);
    }
    references::drop_unused(document);
}

fn is_scalar(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    matches!(kind, Some("string" | "integer" | "number" | "boolean"))
}

fn write_out(node: &mut Value, scalars: &Object) {
    match node {
        Value::Object(object) => {
            replace_reference(object, scalars);
            object.values_mut().for_each(|child| write_out(child, scalars));
            settle_remark(object);
            settle_choice(object);
        }
        Value::Array(list) => list.iter_mut().for_each(|child| write_out(child, scalars)),
        _ => {}
    }
}

/// What stands beside a reference is said of this use and wins over what the type says of itself.
fn replace_reference(object: &mut Object, scalars: &Object) {
    let scalar =
        text(object, "$ref").and_then(|path| path.strip_prefix(PREFIX)).and_then(|name| scalars.get(name)?.as_object());
    if let Some(scalar) = scalar {
        object.remove("$ref");
        for (key, value) in scalar {
            object.entry(key).or_insert_with(|| value.clone());
        }
    }
}

/// The derive puts what a field says of its scalar into a second schema, of an object that is none.
fn settle_remark(object: &mut Object) {
    let Some([scalar, remark]) = object.get("allOf").and_then(Value::as_array).map(Vec::as_slice) else {
        return;
    };
    let is_remark = remark.get("type").is_some_and(|kind| kind == "object") && remark.get("properties").is_none();
    let (true, true, Value::Object(scalar), Value::Object(remark)) = (is_scalar(scalar), is_remark, scalar, remark)
    else {
        return;
    };
    let mut whole = scalar.clone();
    whole.extend(remark.clone().into_iter().filter(|(key, _)| key != "type"));
    object.remove("allOf");
    for (key, value) in whole {
        object.entry(key).or_insert(value);
    }
}

/// Turns "a scalar or null" into one schema of two types.
fn settle_choice(object: &mut Object) {
    if let Some(scalar) = or_null(object).filter(|one| is_scalar(one)).cloned() {
        become_nullable(object, scalar);
    }
}

/// Does the same to objects.
fn allow_null(schema: &mut Value, objects: &Object) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flatten().filter_map(|(_, property)| property.as_object_mut()) {
        let Some(choice) = or_null(property).and_then(Value::as_object) else { continue };
        let target = text(choice, "$ref").and_then(|path| objects.get(path.strip_prefix(PREFIX)?));
        if let Some(target) = target.filter(|target| target.get("type").is_some_and(|kind| kind == "object")) {
            let mut target = target.clone();
            if let (Some(target), Some(description)) = (target.as_object_mut(), choice.get("description")) {
                target.insert("description".into(), description.clone());
            }
            become_nullable(property, target);
        }
    }
}

/// The one schema that a choice with `null` leaves.
fn or_null(object: &Object) -> Option<&Value> {
    let is_null = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("null");
    match object.get("oneOf")?.as_array()?.as_slice() {
        [one, null] | [null, one] if is_null(null) => Some(one),
        _ => None,
    }
}

fn become_nullable(object: &mut Object, one: Value) {
    object.remove("oneOf");
    if let Value::Object(one) = one {
        for (key, value) in one {
            object.entry(key).or_insert(value);
        }
    }
    if let Some(kind) = object.get("type").cloned() {
        object.insert("type".into(), json!([kind, "null"]));
    }
    if let Some(values) = object.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_that_may_be_missing_is_one_schema() {
        let mut document = json!({ "paths": { "/a": { "post": { "requestBody": { "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Family" } } } } } } }, "components": { "schemas": {
            "Name": { "type": "string", "maxLength": 120 },
            "Family": { "type": "object", "properties": { "head": { "oneOf": [
                { "$ref": "#/components/schemas/Name", "description": "Head of the family" }, { "type": "null" } ] } } } } } });
        complete(&mut document);
        assert_eq!(
            document.pointer("/components/schemas/Family/properties/head"),
            Some(&json!({ "type": ["string", "null"], "maxLength": 120, "description": "Head of the family" }))
        );
        assert!(document.pointer("/components/schemas/Name").is_none());
    }

    #[test]
    fn a_closed_list_that_may_be_missing_has_null_among_its_values() {
        let mut document = json!({ "paths": { "/a": { "get": { "schema": { "oneOf": [
            { "$ref": "#/components/schemas/Sex" }, { "type": "null" } ] } } } },
            "components": { "schemas": { "Sex": { "type": "string", "enum": ["female", "male"] } } } });
        complete(&mut document);
        assert_eq!(document.pointer("/paths/~1a/get/schema/enum"), Some(&json!(["female", "male", null])));
    }
}
