//! Writes parts out where they are read.
//!
//! A name is worth learning where it says what is sent or answered by itself, or what has an id. The legal basis of a
//! rule set or a line of a run is neither: it stands in the record that it is of. And a list writes its rows out, as
//! every page does.

use serde_json::Value;

use super::{Object, references, text};

const PREFIX: &str = "#/components/schemas/";

pub(super) fn complete(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    // A part whose own parts are written out points to nothing any more, and is written out in its turn.
    loop {
        let flat: Object = schemas
            .iter()
            .filter(|(_, schema)| is_flat(schema))
            .map(|(name, one)| (name.clone(), one.clone()))
            .collect();
        if schemas.values_mut().map(|schema| write_out(schema, &flat)).sum::<usize>() == 0 {
            break;
        }
    }
    references::drop_unused(document);
}

/// Tells whether a schema is an object, or a value of several kinds, that points to no other.
fn is_flat(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "object" || kind.is_array()) && !points(schema)
}

fn points(node: &Value) -> bool {
    match node {
        Value::Object(object) => object.contains_key("$ref") || object.values().any(points),
        Value::Array(list) => list.iter().any(points),
        _ => false,
    }
}

/// Visits every object below `node`; counts the parts that are written out. A choice keeps the names of its parts:
/// generators of clients name what stands in one by its place, and two get one name.
fn write_out(node: &mut Value, flat: &Object) -> usize {
    let mut written = 0;
    let properties = node.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        written += replace(property, flat, false);
        if let Some(row) = property.get_mut("items") {
            written += replace(row, flat, name == "items");
        }
    }
    let below = match node {
        Value::Object(object) => object
            .iter_mut()
            .filter(|(key, _)| !["oneOf", "anyOf"].contains(&key.as_str()))
            .map(|(_, child)| write_out(child, flat))
            .sum(),
        Value::Array(list) => list.iter_mut().map(|child| write_out(child, flat)).sum(),
        _ => 0,
    };
    written + below
}

/// What stands beside the reference is said of this use and wins over what the part says of itself.
fn replace(node: &mut Value, flat: &Object, is_row: bool) -> usize {
    let Some(node) = node.as_object_mut() else { return 0 };
    let part = text(node, "$ref").and_then(|path| flat.get(path.strip_prefix(PREFIX)?)?.as_object());
    let Some(part) = part.filter(|part| is_row || !has_id(part)) else { return 0 };
    node.remove("$ref");
    for (key, value) in part {
        node.entry(key).or_insert_with(|| value.clone());
    }
    1
}

fn has_id(schema: &Object) -> bool {
    schema.get("properties").is_some_and(|properties| properties.get("id").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_has_an_id_keeps_its_name() {
        let line = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
        let basis = json!({ "type": "object", "properties": { "title": { "type": "string" } } });
        let pledge = json!({ "type": "object", "properties": {
            "lines": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } },
            "basis": { "$ref": "#/components/schemas/Basis", "description": "What it rests on" } } });
        let list = json!({ "type": "object", "properties": {
            "items": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } } } });
        let mut document = json!({
            "paths": { "/a": { "get": { "a": { "$ref": "#/components/schemas/Pledge" }, "b": {
                "$ref": "#/components/schemas/Lines" } } } },
            "components": { "schemas": { "Line": line, "Basis": basis, "Pledge": pledge, "Lines": list } } });
        complete(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Pledge"]["properties"]["lines"]["items"]["$ref"], "#/components/schemas/Line");
        assert_eq!(schemas["Pledge"]["properties"]["basis"]["description"], "What it rests on");
        assert!(schemas["Pledge"]["properties"]["basis"]["properties"]["title"].is_object());
        assert!(schemas["Lines"]["properties"]["items"]["items"]["properties"]["id"].is_object());
        assert!(schemas.get("Basis").is_none());
    }
}
