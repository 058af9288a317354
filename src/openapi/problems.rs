//! What refusals say: three schemas, and an example of its own for each status.

use serde_json::{Value, json};

use super::Object;
use crate::error::{Code, Kind};

/// A refusal that may name fields at fault, the record in the way, or what is possible instead.
pub(super) const PROBLEM: &str = "#/components/schemas/Problem";
/// A refusal of what stands in the request, which tells each fault.
const REQUEST_PROBLEM: &str = "#/components/schemas/RequestProblem";
/// A refusal that its code says all of.
const PLAIN_PROBLEM: &str = "#/components/schemas/PlainProblem";

/// The narrower problems: name, what they are, an example of them, and what of the whole one they never tell.
const NARROWER: &[(&str, &str, Code, &[&str])] = &[
    (
        "RequestProblem",
        "What is wrong with a request, fault by fault, as RFC 9457 asks.",
        Code::InvalidFields,
        &["related", "possible", "lacking", "overlap"],
    ),
    (
        "PlainProblem",
        "What went wrong where the code says all of it, as RFC 9457 asks.",
        Code::NotFound,
        &["errors", "related", "possible", "lacking", "overlap"],
    ),
];
/// An id of a request, for examples.
const REQUEST: &str = "0190a6a0-5b9e-7c3a-9d2f-0c1d2e3f4a5b";

/// Makes the narrower problems of the whole one, so that all keep saying the same.
pub(super) fn complete(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(whole) = schemas.get("Problem").and_then(Value::as_object).cloned() else { return };
    for (name, description, code, untold) in NARROWER {
        let mut narrower = whole.clone();
        narrower.insert("description".into(), (*description).into());
        narrower.insert("example".into(), example(*code));
        if let Some(properties) = narrower.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, _| !untold.contains(&name.as_str()));
        }
        schemas.insert((*name).into(), narrower.into());
    }
}

/// The schema of what a code is answered with.
pub(super) fn schema_of(code: Code) -> &'static str {
    match code.kind() {
        // What the default stands for can be any refusal.
        Kind::Conflict | Kind::Unavailable => PROBLEM,
        Kind::Malformed | Kind::Invalid => REQUEST_PROBLEM,
        _ => PLAIN_PROBLEM,
    }
}

/// A refusal with the code, as it is answered.
pub(super) fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": format!("https://sinergi.example/problems/{}", code.as_str()),
        "title": code.title(false),
        "status": crate::http::status_of(code.kind()).as_u16(),
        "detail": code.advice(false),
        "code": code.as_str(),
        "instance": format!("urn:uuid:{REQUEST}"),
        "trace_id": REQUEST,
    });
    if let Some(problem) = problem.as_object_mut() {
        problem.extend(extras(code));
    }
    problem
}

fn extras(code: Code) -> Object {
    let at_fault = |pointer: &str, fault: Code| {
        let detail = format!("{}. {}", fault.title(false), fault.advice(false));
        json!({ "errors": [{ "pointer": pointer, "code": fault.as_str(), "detail": detail }] })
    };
    let extras = match code {
        Code::InvalidParameters => at_fault("limit", Code::WrongType),
        Code::InvalidFields => at_fault("/quantity", Code::QuantityZero),
        Code::CommandNotPossible => json!({ "possible": ["submit", "withdraw"] }),
        _ => json!({}),
    };
    extras.as_object().cloned().unwrap_or_default()
}
