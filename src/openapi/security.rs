//! How a caller signs in, and which operations need no sign-in.

use serde_json::{Value, json};

use super::{operations, set_default};

const DESCRIPTION: &str = "OAuth 2.0 client credentials. The client signs in at the token endpoint by \
HTTP Basic and receives a JWT access token (RFC 9068) that lasts 15 minutes and is sent as \
`Authorization: Bearer`. Tokens are signed with EdDSA and checked as RFC8725 asks: one allowed \
algorithm, type, issuer, audience and times; there is no refresh token, a client signs in again.";

pub(super) fn complete(document: &mut Value) {
    let schemes = document.pointer_mut("/components/securitySchemes").and_then(Value::as_object_mut);
    for scheme in schemes.into_iter().flat_map(|schemes| schemes.values_mut()) {
        complete_scheme(scheme);
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

fn complete_scheme(scheme: &mut Value) {
    let Some(scheme) = scheme.as_object_mut() else {
        return;
    };
    scheme.insert("description".into(), json!(DESCRIPTION));
    let flows = scheme.get_mut("flows").and_then(Value::as_object_mut);
    for flow in flows.into_iter().flat_map(|flows| flows.values_mut()) {
        // A client renews its token where it got it.
        let renewal = flow.get("tokenUrl").cloned();
        if let (Some(flow), Some(renewal)) = (flow.as_object_mut(), renewal) {
            set_default(flow, "refreshUrl", renewal);
        }
    }
}
