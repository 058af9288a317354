//! The headers that answers carry, described once.

use serde_json::{Value, json};

use super::object_at;

/// The headers that every answer carries, refusals as well.
pub(super) const EVERYWHERE: [&str; 3] = ["RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin"];

const PREFIX: &str = "#/components/headers/";

/// Name, what it tells, form and example of each header.
const TEXTS: &[(&str, &str, &str, &str)] = &[
    (
        "RateLimit",
        "How many requests are left in the present window, and the seconds until it ends.",
        "^[ -~]*$",
        "\"client\";r=598;t=41",
    ),
    (
        "RateLimit-Policy",
        "The quota: requests a window, and the window's length in seconds.",
        "^[ -~]*$",
        "\"client\";q=600;w=60",
    ),
    (
        "Access-Control-Allow-Origin",
        "The one origin whose pages may read the answer: the service's own.",
        "^https?://",
        "https://sinergi.example",
    ),
    (
        "WWW-Authenticate",
        "The scheme to sign in with, and what was wrong with the token that was sent.",
        "^Bearer",
        "Bearer error=\"invalid_token\"",
    ),
    (
        "ETag",
        "The version of the record, for `If-Match` and `If-None-Match`; of its content where it has no version.",
        "^\"[A-Za-z0-9_-]{1,43}\"$",
        "\"1\"",
    ),
    ("Location", "The address of what was made.", "^/", "/v1/beneficiaries/0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01"),
    ("Link", "The address of the next page, where there is one.", "^<", "</v1/beneficiaries?limit=50>; rel=\"next\""),
    ("Idempotency-Replayed", "`true` where this is the first answer to the key, given again.", "^true$", "true"),
];

/// Points to the shared description of a header.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// Describes the headers that the document points to.
pub(super) fn complete(document: &mut Value) {
    let written = document.to_string();
    let Some(components) = document.as_object_mut().and_then(|root| object_at(root, "components")) else {
        return;
    };
    let Some(headers) = object_at(components, "headers") else {
        return;
    };
    let is_used = |name: &str| written.contains(&format!("\"{PREFIX}{name}\""));
    for (name, tells, pattern, example) in TEXTS.iter().filter(|(name, ..)| is_used(name)) {
        let schema = json!({ "type": "string", "maxLength": 700, "pattern": pattern, "example": example });
        headers.insert((*name).into(), json!({ "description": tells, "schema": schema }));
    }
    if is_used("Retry-After") {
        headers.insert("Retry-After".into(), retry_after());
    }
}

fn retry_after() -> Value {
    json!({
        "description": "Seconds to wait before the same request can succeed.",
        "schema": { "type": "integer", "format": "int32", "minimum": 0, "maximum": 86400, "example": 12 },
    })
}
