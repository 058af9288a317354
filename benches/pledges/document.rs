//! The document, as a client reads it.

use serde_json::Value;

/// Follows a reference inside the document.
pub(crate) fn resolve<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let reference = node.get("$ref").and_then(Value::as_str);
    reference.map_or(node, |reference| document.pointer(reference.trim_start_matches('#')).unwrap())
}

/// What Swagger UI fills in for a parameter before anybody types.
pub(crate) fn filled_in(document: &Value, parameter: &Value) -> Option<String> {
    let schema = resolve(document, &parameter["schema"]);
    let value = [parameter.get("example"), schema.get("example"), schema.get("default")];
    let value = value.into_iter().flatten().find(|value| !value.is_null())?;
    Some(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
}

/// Scopes that an operation asks for.
pub(crate) fn scopes_of(node: &Value) -> Vec<String> {
    let requirements = node["security"].as_array().unwrap();
    let scopes = requirements.iter().filter_map(|one| one.get("oauth2")?.as_array()).flatten();
    scopes.map(|scope| scope.as_str().unwrap().to_owned()).collect()
}
