//! The events, each as the call that tells it.

use serde_json::{Value, json};

use super::Object;

/// Kind of each event and what it means.
const EVENTS: &[(&str, &str)] = &[
    ("beneficiary.registered", "A family was registered."),
    ("beneficiary.updated", "A family's record was corrected."),
    ("beneficiary.verified", "An officer confirmed a family."),
    ("member.added", "A person joined a family."),
    ("member.updated", "A person's record was corrected."),
    ("member.departed", "A person left a family."),
    ("import.applied", "A file of families was taken in."),
    ("program.defined", "A program was defined."),
    ("program.updated", "A program was changed."),
    ("program.families_enrolled", "Families were enrolled in a program."),
    ("rule_set.added", "A program got a new rule set."),
    ("enrollment.suspended", "A family's enrollment was suspended."),
    ("enrollment.resumed", "A suspended enrollment goes on."),
    ("enrollment.exited", "A family left a program."),
    ("cycle.opened", "A cycle of a program was opened."),
    ("cycle.approved", "A cycle was approved: its list is frozen."),
    ("cycle.closed", "A cycle was closed."),
    ("delivery.recorded", "Aid was handed over."),
    ("suspension_order.laid", "A program was suspended by an order."),
    ("suspension_order.released", "An order of suspension was released."),
    ("company.added", "A company was added."),
    ("need.recorded", "A family's need was recorded."),
    ("need.withdrawn", "A need was withdrawn."),
    ("pledge.drafted", "A company drafted a pledge."),
    ("pledge.changed", "A draft was changed."),
    ("pledge.submitted", "A company submitted a pledge."),
    ("pledge.accepted_first", "A first officer accepted a pledge."),
    ("pledge.committed", "A second officer accepted a pledge: it binds."),
    ("pledge.returned", "A pledge was returned to its company."),
    ("pledge.rejected", "A pledge was rejected."),
    ("pledge.withdrawn", "A company withdrew a pledge."),
    ("pledge.received", "What a company gave was received."),
    ("pledge.allocated", "Received aid was allocated to families."),
    ("pledge.released", "An allocation was released."),
    ("pledge.delivered", "Allocated aid was handed over."),
];

/// Describes each event. Its place is the feed; a call to a subscriber's address would have the same body.
pub(super) fn complete(document: &mut Value) {
    let has_events = document.pointer("/components/schemas/Event").is_some();
    if let Some(root) = document.as_object_mut().filter(|_| has_events) {
        let webhooks: Object = EVENTS.iter().map(|(kind, tells)| ((*kind).to_owned(), call(kind, tells))).collect();
        root.insert("webhooks".into(), Value::Object(webhooks));
    }
}

fn call(kind: &str, tells: &str) -> Value {
    json!({ "post": {
        "tags": ["events"],
        "operationId": format!("told_{}", kind.replace('.', "_")),
        "summary": tells.trim_end_matches('.'),
        "description": format!("{tells} Read it from the feed at `/v1/events`, where its `kind` is `{kind}`."),
        "security": [{}],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Event" } } },
        },
        "responses": {
            "204": { "description": "Taken in." },
            "4XX": { "description": "Not taken in." },
        },
    } })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

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
        let nouns: Vec<String> = EVENTS.iter().map(|(kind, _)| noun_of(kind)).collect();
        for kind in found.iter().filter(|word| nouns.contains(&noun_of(word))) {
            assert!(EVENTS.iter().any(|(known, _)| known == kind), "{kind} is not described");
        }
    }
}
