//! Who answers for the API, under which licence, and where it is served.

use serde_json::{Value, json};

use super::{object_at, set_default};

const DESCRIPTION: &str = "The shared record of poor families, aid programs and company pledges of \
a sub-district: who is registered, who is entitled to what, what was promised, received, allocated \
and handed over, and why. Every refusal is a problem document (RFC 9457) whose `type` is the address \
of a page that says what to do next. Lists are read page by page with `next`; a change names the \
version it saw with `If-Match`; a request that creates or moves something carries an `Idempotency-Key` \
and may be sent again without harm.";

pub(super) fn complete(document: &mut Value) {
    let Some(root) = document.as_object_mut() else {
        return;
    };
    if let Some(info) = object_at(root, "info") {
        info.insert("title".into(), json!("Sinergi"));
        info.insert("description".into(), json!(DESCRIPTION));
        info.insert("contact".into(), contact());
        info.insert("license".into(), json!({ "name": "Apache License 2.0", "identifier": "Apache-2.0" }));
        // The identifier never changes, whatever the API is called or wherever it is served.
        info.insert("x-api-id".into(), json!("9d2a6b1e-0c53-7e4f-8a41-5b7c0e6f2d18"));
        info.insert("x-audience".into(), json!("external-partner"));
    }
    set_default(root, "servers", servers());
}

fn contact() -> Value {
    json!({
        "name": "The maintainers of Sinergi",
        "url": "https://sinergi.example/",
        "email": "maintainers@sinergi.example",
    })
}

/// The document is served by the service that it describes, so its address is relative.
fn servers() -> Value {
    json!([{
        "url": "/",
        "description": "The service, production or sandbox, that serves this document",
        "x-internal": false,
    }])
}
