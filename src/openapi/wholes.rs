//! Joins what the code builds of parts: a struct that flattens another one is one object to a reader.

use serde_json::{Value, json};

use super::{Object, text};

const PREFIX: &str = "#/components/schemas/";

pub(super) fn complete(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let parts = schemas.clone();
    for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
        let whole = schema.get("allOf").and_then(Value::as_array).and_then(|all| join(all, &parts));
        if let Some(whole) = whole {
            schema.remove("allOf");
            for (key, value) in whole {
                schema.entry(key).or_insert(value);
            }
        }
    }
}

/// The one object that the parts make, or nothing where one of them is no object.
fn join(all: &[Value], schemas: &Object) -> Option<Object> {
    let (mut properties, mut required) = (Object::new(), Vec::new());
    for part in all {
        let part = part.as_object()?;
        let part = match text(part, "$ref") {
            Some(path) => schemas.get(path.strip_prefix(PREFIX)?)?.as_object()?,
            None => part,
        };
        properties.extend(part.get("properties")?.as_object()?.clone());
        let names = part.get("required").and_then(Value::as_array);
        required.extend(names.into_iter().flatten().cloned());
    }
    let whole = json!({ "type": "object", "properties": properties, "required": required });
    whole.as_object().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_one_object() {
        let mut document = json!({ "components": { "schemas": {
            "Order": { "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] },
            "OrderWithHolds": { "description": "Both", "allOf": [
                { "$ref": "#/components/schemas/Order" },
                { "type": "object", "properties": { "holds": { "type": "integer" } }, "required": ["holds"] } ] } } } });
        complete(&mut document);
        let whole = document.pointer("/components/schemas/OrderWithHolds").unwrap();
        assert_eq!(whole.get("required"), Some(&json!(["id", "holds"])));
        assert!(whole.pointer("/properties/id").is_some() && whole.get("allOf").is_none());
    }
}
