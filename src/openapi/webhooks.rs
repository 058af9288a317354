//! The events, each as the call that a webhook gets.

use serde_json::{Value, json};

use super::Object;
use crate::events::KINDS;

/// Name, what it tells, form and example of each header that goes along (Standard Webhooks 1.0).
const HEADERS: [(&str, &str, &str, &str); 3] = [
    (
        "webhook-id",
        "Id of the event, the same at each attempt: what was seen before is not taken in twice.",
        "^[0-9a-f-]{36}$",
        "0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01",
    ),
    (
        "webhook-timestamp",
        "When the attempt was made, in seconds since 1970; refuse what is older than five minutes.",
        "^[0-9]{1,12}$",
        "1774060200",
    ),
    (
        "webhook-signature",
        "Signatures of `webhook-id`, `webhook-timestamp` and the body as it came, with full stops between them: `v1` \
            by each secret (HMAC-SHA-256), `v1a` by the private key (Ed25519). One that verifies is enough.",
        "^v1a?,[A-Za-z0-9+/=]{44,88}( v1a?,[A-Za-z0-9+/=]{44,88})*$",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
];

/// Describes each event as the call that a webhook gets, with the same body as in the feed, and names their types
/// where a webhook is asked for.
pub(super) fn complete(document: &mut Value) {
    let has_events = document.pointer("/components/schemas/Event").is_some();
    for schema in ["NewWebhook", "WebhookChanges"] {
        if let Some(types) = document.pointer_mut(&format!("/components/schemas/{schema}/properties/event_types/items"))
        {
            *types = json!({ "enum": KINDS.iter().map(|(kind, _)| kind).collect::<Vec<_>>() });
        }
    }
    if let Some(root) = document.as_object_mut().filter(|_| has_events) {
        let webhooks: Object = KINDS.iter().map(|(kind, tells)| ((*kind).to_owned(), call(kind, tells))).collect();
        root.insert("webhooks".into(), Value::Object(webhooks));
    }
}

fn call(kind: &str, tells: &str) -> Value {
    json!({ "post": {
        "tags": ["events"],
        "operationId": format!("told_{}", kind.replace('.', "_")),
        "summary": tells.trim_end_matches('.'),
        "description": format!(
            "{tells} Sent to the webhooks that ask for it; the feed at `/v1/events` tells it with the `type` `{kind}`."
        ),
        "security": [{}],
        "parameters": HEADERS.map(header),
        "requestBody": {
            "required": true,
            "content": {
                "application/cloudevents+json": { "schema": { "$ref": "#/components/schemas/Event" } },
            },
        },
        "responses": {
            "2XX": { "description": "Taken in." },
            "410": { "description": "Nothing is wanted any more: the webhook is disabled." },
            "default": { "description": "Not taken in: it comes again, ten times in all." },
        },
    } })
}

fn header((name, tells, pattern, example): (&str, &str, &str, &str)) -> Value {
    json!({
        "in": "header", "name": name, "required": true, "description": tells,
        "schema": { "type": "string", "maxLength": 700, "pattern": pattern, "example": example },
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::programs::eligibility::facts;

    /// The quoted words of the form `noun.verb` in the files below a folder.
    fn quoted(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                quoted(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let code = fs::read_to_string(path).unwrap();
                let words = code.split('"').filter(|word| word.len() < 60 && word.matches('.').count() == 1);
                found.extend(words.map(ToOwned::to_owned));
            }
        }
    }

    #[test]
    fn every_event_that_the_code_tells_is_described() {
        let mut found = Vec::new();
        quoted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        let noun_of = |kind: &str| kind.split('.').next().unwrap_or_default().to_owned();
        let nouns: Vec<String> = KINDS.iter().map(|(kind, _)| noun_of(kind)).collect();
        // Rules are written of `member.` as well: by the facts that there are.
        let facts = facts();
        let is_fact = |word: &str| facts.iter().any(|fact| word.split(' ').next() == Some(fact.name.as_str()));
        for kind in found.iter().filter(|word| nouns.contains(&noun_of(word)) && !is_fact(word)) {
            assert!(KINDS.iter().any(|(known, _)| known == kind), "{kind} is not described");
        }
    }
}
