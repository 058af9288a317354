//! Which schemas are pointed to.

use std::collections::BTreeSet;

use serde_json::Value;

const PREFIX: &str = "#/components/schemas/";

/// Removes the schemas that nothing outside of the schemas leads to.
pub(super) fn drop_unused(document: &mut Value) {
    let mut named = BTreeSet::new();
    let parts = document.as_object().into_iter().flatten();
    for (_, part) in parts.filter(|(name, _)| *name != "components") {
        collect(part, &mut named);
    }
    // Every refusal is the one and every call of a webhook the other, though no route says so.
    named.extend(["Problem", "Event"].map(ToOwned::to_owned));
    let used = close(document, named);
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| used.contains(name));
    }
}

/// Adds what the named schemas point to themselves.
fn close(document: &Value, named: BTreeSet<String>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open: Vec<String> = named.into_iter().collect();
    while let Some(name) = open.pop() {
        let schema = document.pointer(&format!("/components/schemas/{name}"));
        if let (true, Some(schema)) = (all.insert(name), schema) {
            let mut next = BTreeSet::new();
            collect(schema, &mut next);
            open.extend(next);
        }
    }
    all
}

fn collect(node: &Value, named: &mut BTreeSet<String>) {
    match node {
        Value::Object(object) => {
            let path = object.get("$ref").and_then(Value::as_str);
            named.extend(path.and_then(|path| path.strip_prefix(PREFIX)).map(ToOwned::to_owned));
            object.values().for_each(|child| collect(child, named));
        }
        Value::Array(list) => list.iter().for_each(|child| collect(child, named)),
        _ => {}
    }
}
