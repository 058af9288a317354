//! The refusals that follow from what an operation is.

use serde_json::{Value, json};

use super::operations::{self, Operation};
use super::{Object, headers, object_at, problems, set_default};
use crate::error::Code;

/// A refusal that follows from what an operation is, not from what it does.
struct Refusal {
    status: &'static str,
    name: &'static str,
    /// The code of the example.
    code: Code,
    description: &'static str,
    applies: fn(&Operation<'_>) -> bool,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        status: "400",
        name: "BadRequest",
        code: Code::InvalidParameters,
        description: "The request cannot be read: a parameter, header or body has the wrong shape.",
        applies: |_| true,
    },
    Refusal {
        status: "401",
        name: "Unauthenticated",
        code: Code::TokenMissing,
        description: "No valid access token was sent; `WWW-Authenticate` says why.",
        applies: |_| true,
    },
    Refusal {
        status: "403",
        name: "Forbidden",
        code: Code::InsufficientScope,
        description: "The token does not carry the scope or the role that this takes.",
        applies: |operation| operation.is_secured(),
    },
    Refusal {
        status: "404",
        name: "NotFound",
        code: Code::NotFound,
        description: "There is no such thing, or it lies outside the caller's area or company.",
        applies: |operation| operation.names_one(),
    },
    Refusal {
        status: "406",
        name: "NotAcceptable",
        code: Code::NotAcceptable,
        description: "None of the media types in `Accept` can be answered; the detail names those that can.",
        applies: |_| true,
    },
    Refusal {
        status: "409",
        name: "Conflict",
        code: Code::CommandNotPossible,
        description: "The state of things does not allow it, or the same request is still running.",
        applies: |operation| operation.reads("header", "Idempotency-Key"),
    },
    Refusal {
        status: "412",
        name: "PreconditionFailed",
        code: Code::VersionStale,
        description: "The thing has changed since the version named in `If-Match`: read it again.",
        applies: |operation| operation.reads("header", "If-Match"),
    },
    Refusal {
        status: "415",
        name: "UnsupportedMediaType",
        code: Code::MediaTypeUnsupported,
        description: "The body has another media type than this operation reads.",
        applies: |operation| operation.has_body(),
    },
    Refusal {
        status: "422",
        name: "Unprocessable",
        code: Code::InvalidFields,
        description: "The request is well formed and breaks a rule; `errors` tells each one.",
        applies: |operation| operation.has_body(),
    },
    Refusal {
        status: "428",
        name: "PreconditionRequired",
        code: Code::VersionMissing,
        description: "`If-Match` is missing: send the `ETag` of the version that is to change.",
        applies: |operation| operation.reads("header", "If-Match"),
    },
    Refusal {
        status: "429",
        name: "TooManyRequests",
        code: Code::TooManyRequests,
        description: "The caller's quota is used up; `Retry-After` tells when to try again.",
        applies: |_| true,
    },
    Refusal {
        status: "500",
        name: "InternalError",
        code: Code::InternalError,
        description: "The service failed; the failure is logged under `trace_id`.",
        applies: |_| true,
    },
    Refusal {
        status: "default",
        name: "Refusal",
        code: Code::ServiceUnavailable,
        description: "Any other refusal, such as 405, 408, 413 or 503, with what to do next.",
        applies: |_| true,
    },
];

pub(super) fn complete(document: &mut Value) {
    let mut used = Vec::new();
    operations::for_each(document, |operation| refuse(operation, &mut used));
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else {
        return;
    };
    if let Some(responses) = object_at(components, "responses") {
        for refusal in REFUSALS.iter().filter(|refusal| used.contains(&refusal.name)) {
            set_default(responses, refusal.name, shared(refusal));
        }
    }
}

/// Gives one operation the refusals it lacks.
fn refuse(operation: &mut Operation<'_>, used: &mut Vec<&'static str>) {
    let applicable: Vec<_> = REFUSALS.iter().filter(|refusal| (refusal.applies)(operation)).collect();
    let Some(responses) = object_at(operation.node, "responses") else {
        return;
    };
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        if let Some(response) = response.as_object_mut().filter(|node| !node.contains_key("$ref")) {
            complete_own(status, response);
        }
    }
    for refusal in applicable {
        if !responses.contains_key(refusal.status) {
            let shared = format!("#/components/responses/{}", refusal.name);
            responses.insert(refusal.status.into(), json!({ "$ref": shared }));
            used.push(refusal.name);
        }
    }
}

/// Completes a refusal that the route describes itself.
fn complete_own(status: &str, response: &mut Object) {
    let general = REFUSALS.iter().find(|refusal| refusal.status == status);
    let description = general.map_or("Refused; `detail` says what to do next.", |refusal| refusal.description);
    set_default(response, "description", description);
    if let Some(content) = object_at(response, "content") {
        let code = general.map_or(Code::ServiceUnavailable, |refusal| refusal.code);
        set_default(content, "application/problem+json", problem(code));
    }
    if let Some(headers) = object_at(response, "headers") {
        for name in headers::EVERYWHERE {
            set_default(headers, name, headers::reference(name));
        }
    }
}

fn shared(refusal: &Refusal) -> Value {
    let mut headers = Object::new();
    for name in headers::EVERYWHERE {
        headers.insert(name.into(), headers::reference(name));
    }
    match refusal.status {
        "401" => headers.insert("WWW-Authenticate".into(), headers::reference("WWW-Authenticate")),
        "429" => headers.insert("Retry-After".into(), headers::reference("Retry-After")),
        _ => None,
    };
    json!({
        "description": refusal.description,
        "headers": headers,
        "content": { "application/problem+json": problem(refusal.code) },
    })
}

fn problem(code: Code) -> Value {
    json!({ "schema": { "$ref": problems::schema_of(code) }, "example": problems::example(code) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polished(mut document: Value) -> Value {
        complete(&mut document);
        document
    }

    #[test]
    fn a_change_can_be_refused_for_its_precondition() {
        let document = polished(json!({ "components": {}, "paths": { "/a/{id}": { "patch": {
            "parameters": [{ "in": "header", "name": "If-Match" }],
            "requestBody": {}, "responses": { "200": { "description": "Changed" } } } } } }));
        let responses = document.pointer("/paths/~1a~1{id}/patch/responses").and_then(Value::as_object).unwrap();
        let statuses: Vec<_> = responses.keys().map(String::as_str).collect();
        assert_eq!(statuses, ["200", "400", "401", "404", "406", "412", "415", "422", "428", "429", "500", "default"]);
        assert!(document.pointer("/components/responses/PreconditionFailed").is_some());
        assert!(document.pointer("/components/responses/Forbidden").is_none());
    }

    #[test]
    fn a_routes_own_refusal_is_kept_and_becomes_a_problem() {
        let document = polished(json!({ "components": {}, "paths": { "/a": { "get": {
            "responses": { "404": { "description": "No such village" } } } } } }));
        let own = document.pointer("/paths/~1a/get/responses/404").unwrap();
        assert_eq!(own.get("description"), Some(&json!("No such village")));
        assert!(own.pointer("/content/application~1problem+json/schema").is_some());
        assert!(own.pointer("/headers/RateLimit").is_some());
    }
}
