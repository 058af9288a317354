//! How a caller signs in, and which operations need no sign-in.

use serde_json::{Value, json};

use super::{Object, object_at, operations, set_default};
use crate::auth::PERMISSIONS;

const DESCRIPTION: &str = "OAuth 2.0 client credentials. The client signs in at the token endpoint by \
HTTP Basic and receives a JWT access token (RFC 9068) that lasts 15 minutes and is sent as \
`Authorization: Bearer`. Tokens are signed with EdDSA and checked as RFC8725 asks: one allowed \
algorithm, type, issuer, audience and times; there is no refresh token, a client signs in again.";

const TOKEN_ADDRESS: &str = "/oauth2/token";

pub(super) fn complete(document: &mut Value) {
    if let Some(components) = document.as_object_mut().and_then(|root| object_at(root, "components")) {
        components.insert("securitySchemes".into(), json!({ "oauth2": scheme() }));
    }
    operations::for_each(document, |operation| {
        // An empty requirement says in words what leaving the member out would leave open:
        // that nobody has to sign in here.
        set_default(operation.node, "security", json!([{}]));
        let summary = operation.node.get("summary").and_then(Value::as_str);
        if let Some(summary) = summary.map(|summary| format!("{}.", summary.trim_end_matches('.'))) {
            set_default(operation.node, "description", summary);
        }
    });
}

fn scheme() -> Value {
    let scopes: Object =
        PERMISSIONS.iter().map(|(scope, allows, _)| ((*scope).to_owned(), Value::from(*allows))).collect();
    json!({
        "type": "oauth2",
        "description": DESCRIPTION,
        // A client renews its token where it got it.
        "flows": { "clientCredentials": {
            "tokenUrl": TOKEN_ADDRESS,
            "refreshUrl": TOKEN_ADDRESS,
            "scopes": scopes,
        } },
    })
}
