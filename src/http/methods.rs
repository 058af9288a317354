//! Methods that a path knows, read from the document.

use serde_json::Value;

/// Methods of the path, upper case; empty where no operation has such a path.
#[must_use]
pub fn methods_of(document: &Value, path: &str) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let matching = paths.filter(|(template, _)| has_form(template, path));
    // Where one path is written out and another has a parameter in its place, the first is meant.
    let closest = matching.min_by_key(|(template, _)| template.matches('{').count());
    let methods = closest.and_then(|(_, item)| item.as_object()).into_iter().flat_map(|item| item.keys());
    let known = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    methods.filter(|method| known.contains(&method.as_str())).map(|method| method.to_uppercase()).collect()
}

/// The methods of a path that is written out in the document, where the request's method is none of them.
///
/// Without this the request would be read as one of the path with a parameter in that place.
#[must_use]
pub fn methods_instead(document: &Value, method: &str, path: &str) -> Option<Vec<String>> {
    document.get("paths")?.get(path)?;
    let methods = methods_of(document, path);
    (!methods.iter().any(|known| known == method)).then_some(methods)
}

/// True where the path is one that the template stands for.
#[must_use]
pub fn has_form(template: &str, path: &str) -> bool {
    let (mut expected, mut sent) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), sent.next()) {
            (None, None) => return true,
            (Some(expected), Some(sent)) if expected == sent || (expected.starts_with('{') && !sent.is_empty()) => {}
            _ => return false,
        }
    }
}
