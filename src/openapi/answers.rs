//! What the answers to a request that was granted carry.

use serde_json::Value;

use super::operations::{self, Operation};
use super::{Object, headers, object_at, set_default};

pub(super) fn complete(document: &mut Value) {
    let versioned = operations::versioned_schemas(document);
    operations::for_each(document, |operation| answer(operation, &versioned));
}

fn answer(operation: &mut Operation<'_>, versioned: &[String]) {
    let extra = extra_headers(operation, versioned);
    let is_conditional = operation.method == "get" && extra.contains(&"ETag");
    let Some(responses) = object_at(operation.node, "responses") else {
        return;
    };
    if is_conditional {
        responses.entry("304").or_insert_with(|| Value::Object(Object::new()));
    }
    for (status, response) in responses.iter_mut() {
        let (Some(description), Some(response)) = (description(status), response.as_object_mut()) else {
            continue;
        };
        if response.get("description").and_then(Value::as_str).unwrap_or_default().is_empty() {
            response.insert("description".into(), description.into());
        }
        if status.starts_with('2')
            && let Some(own) = object_at(response, "headers")
        {
            let made = matches!(status.as_str(), "201" | "202").then_some("Location");
            for name in headers::EVERYWHERE.into_iter().chain(made).chain(extra.iter().copied()) {
                set_default(own, name, headers::reference(name));
            }
        }
    }
}

/// The headers that follow from what the operation reads and answers.
fn extra_headers(operation: &Operation<'_>, versioned: &[String]) -> Vec<&'static str> {
    let answers = operation.answer_name().unwrap_or_default();
    let mut extra = Vec::new();
    let is_conditional = operation.node.get("responses").is_some_and(|responses| responses.get("304").is_some());
    if is_conditional || versioned.iter().any(|name| name == answers) {
        extra.push("ETag");
    }
    if answers.starts_with("Page_") {
        extra.push("Link");
    }
    if operation.reads("header", "Idempotency-Key") {
        extra.push("Idempotency-Replayed");
    }
    extra
}

fn description(status: &str) -> Option<&'static str> {
    Some(match status {
        "200" => "Done: the answer, or the record as it is now.",
        "201" => "Made; `Location` is its address.",
        "202" => "Taken in; `Location` tells how far it is.",
        "204" => "Done; there is nothing to tell.",
        "304" => "The version that `If-None-Match` names is still the newest: nothing has changed.",
        _ => return None,
    })
}
