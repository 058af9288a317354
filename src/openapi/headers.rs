//! The headers that answers carry, described once.

use serde_json::{Value, json};

/// The headers that every answer carries, refusals as well.
pub(super) const EVERYWHERE: [&str; 3] = ["RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin"];

/// Points to the shared description of a header.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The shared descriptions: name, what it tells, and its form.
pub(super) fn components() -> [(&'static str, &'static str, Value); 5] {
    let field = |pattern: &str, example: &str| json!({ "type": "string", "maxLength": 500, "pattern": pattern, "example": example });
    [
        (
            "RateLimit",
            "How many requests are left in the present window, and the seconds until it ends.",
            field("^[\\x20-\\x7e]*$", "\"client\";r=598;t=41"),
        ),
        (
            "RateLimit-Policy",
            "The quota: requests a window, and the window's length in seconds.",
            field("^[\\x20-\\x7e]*$", "\"client\";q=600;w=60"),
        ),
        (
            "Access-Control-Allow-Origin",
            "The one origin whose pages may read the answer: the service's own.",
            field("^https?://", "https://sinergi.example"),
        ),
        (
            "WWW-Authenticate",
            "The scheme to sign in with, and what was wrong with the token that was sent.",
            field("^Bearer", "Bearer error=\"invalid_token\""),
        ),
        (
            "Retry-After",
            "Seconds to wait before the same request can succeed.",
            json!({ "type": "integer", "format": "int32", "minimum": 0, "maximum": 86400, "example": 12 }),
        ),
    ]
}
