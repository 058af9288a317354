//! Walks the operations of a document.

use serde_json::Value;

use super::{Object, text};

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch"];

/// One operation of the document, with what decides how it can refuse.
pub(super) struct Operation<'a> {
    /// The path template, as in `/v1/families/{id}`.
    pub(super) path: &'a str,
    /// The method in lower case.
    pub(super) method: &'a str,
    /// The operation object itself.
    pub(super) node: &'a mut Object,
}

impl Operation<'_> {
    /// Tells whether a token is needed.
    pub(super) fn is_secured(&self) -> bool {
        let requirements = self.node.get("security").and_then(Value::as_array);
        requirements
            .is_some_and(|all| all.iter().filter_map(Value::as_object).any(|requirement| !requirement.is_empty()))
    }

    /// Tells whether the operation reads a body.
    pub(super) fn has_body(&self) -> bool {
        self.node.contains_key("requestBody")
    }

    /// Tells whether the path names one thing that may be unknown.
    pub(super) fn names_one(&self) -> bool {
        self.path.contains('{')
    }

    /// Tells whether a parameter of that name is read there: in the path, the query or a header.
    pub(super) fn reads(&self, place: &str, name: &str) -> bool {
        let parameters = self.node.get("parameters").and_then(Value::as_array);
        parameters
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .any(|parameter| text(parameter, "in") == Some(place) && text(parameter, "name") == Some(name))
    }

    /// The name of the schema that a granted request is answered with.
    pub(super) fn answer_name(&self) -> Option<&str> {
        let responses = self.node.get("responses")?.as_object()?;
        let (_, answer) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        answer.pointer("/content/application~1json/schema/$ref")?.as_str()?.strip_prefix("#/components/schemas/")
    }
}

/// The names of the schemas whose records have a version, which their `ETag` tells.
pub(super) fn versioned_schemas(document: &Value) -> Vec<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let versioned = schemas.into_iter().flatten().filter(|(_, schema)| schema.pointer("/properties/version").is_some());
    versioned.map(|(name, _)| name.clone()).collect()
}

/// Calls `change` with every operation, in the order of the document.
pub(super) fn for_each(document: &mut Value, mut change: impl FnMut(&mut Operation<'_>)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for (path, item) in paths.iter_mut() {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        for (method, node) in item.iter_mut().filter(|(key, _)| METHODS.contains(&key.as_str())) {
            if let Some(node) = node.as_object_mut() {
                change(&mut Operation { path, method, node });
            }
        }
    }
}
