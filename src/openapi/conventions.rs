//! What a kind of operation reads by convention, wherever it stands.
//!
//! A POST of a signed-in client carries an `Idempotency-Key`, a PATCH is a merge patch under
//! `If-Match`, a DELETE stands under it as well, and a list is read page by page with the parameters that all lists
//! share.

use serde_json::{Value, json};

use super::operations::{self, Operation};
use super::{parameters, text};

/// POSTs that only read begin so; they need no key.
const READS: &[&str] = &["search_", "preview_", "check_", "simulate_", "explain_", "disclose_"];

const MERGE_PATCH: &str = "application/merge-patch+json";

pub(super) fn complete(document: &mut Value) {
    operations::for_each(document, |operation| match operation.method {
        "post" if operation.is_secured() && !is_read(operation) => {
            read(operation, "Idempotency-Key");
        }
        "patch" => {
            read(operation, "If-Match");
            read_merge_patch(operation);
        }
        "delete" => read(operation, "If-Match"),
        "get" if operation.answer_name().is_some_and(|name| name.starts_with("Page_")) => {
            add(operation, parameters::OF_LISTS.map(parameters::reference));
        }
        _ => {}
    });
}

fn is_read(operation: &Operation<'_>) -> bool {
    let id = text(operation.node, "operationId").unwrap_or_default();
    READS.iter().any(|start| id.starts_with(start))
}

/// Adds a header that is required, unless the route names it itself.
fn read(operation: &mut Operation<'_>, name: &str) {
    if !operation.reads("header", name) {
        let header = json!({ "in": "header", "name": name, "required": true, "schema": { "type": "string" } });
        add(operation, [header]);
    }
}

/// Adds the parameters that are not there yet.
fn add(operation: &mut Operation<'_>, parameters: impl IntoIterator<Item = Value>) {
    let own = operation.node.entry("parameters").or_insert_with(|| json!([]));
    if let Some(own) = own.as_array_mut() {
        for parameter in parameters {
            if !own.contains(&parameter) {
                own.push(parameter);
            }
        }
    }
}

fn read_merge_patch(operation: &mut Operation<'_>) {
    let content = operation.node.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    if let Some(content) = content.and_then(Value::as_object_mut)
        && let Some(media) = content.remove("application/json")
    {
        content.entry(MERGE_PATCH).or_insert(media);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_merge_patch_of_a_version() {
        let mut document = json!({ "paths": { "/a/{id}": { "patch": {
            "requestBody": { "content": { "application/json": {} } } } } } });
        complete(&mut document);
        assert!(document.pointer("/paths/~1a~1{id}/patch/requestBody/content/application~1merge-patch+json").is_some());
        assert_eq!(document.pointer("/paths/~1a~1{id}/patch/parameters/0/name"), Some(&json!("If-Match")));
    }

    #[test]
    fn a_search_needs_no_key() {
        let mut document = json!({ "paths": { "/a": { "post": {
            "operationId": "search_families", "security": [{ "oauth2": [] }] } } } });
        complete(&mut document);
        assert!(document.pointer("/paths/~1a/post/parameters").is_none());
    }
}
