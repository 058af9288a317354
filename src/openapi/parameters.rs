//! What every parameter of the same name means, told once.

use serde_json::{Value, json};

use super::{Object, object_at, operations, set_default, text};

/// A parameter that is the same wherever it is read.
struct Known {
    place: &'static str,
    name: &'static str,
    description: &'static str,
    limits: fn() -> Value,
}

const KNOWN: &[Known] = &[
    Known {
        place: "header",
        name: "Idempotency-Key",
        description: "A key of the caller's choice that makes the request safe to send again: \
            the same key and body give the first answer again for 24 hours.",
        limits: || {
            json!({
                "minLength": 8,
                "maxLength": 64,
                "pattern": "^[A-Za-z0-9_-]{8,64}$",
                "example": "0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01",
            })
        },
    },
    Known {
        place: "header",
        name: "If-Match",
        description: "The `ETag` of the version that is to change.",
        limits: || json!({ "minLength": 3, "maxLength": 12, "pattern": "^\"[0-9]{1,10}\"$", "example": "\"1\"" }),
    },
    Known {
        place: "query",
        name: "limit",
        description: "How many items a page holds at most.",
        limits: || json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 200, "default": 50 }),
    },
    Known {
        place: "query",
        name: "cursor",
        description: "The `next` of the page before; valid with the same filter and sort only.",
        limits: || json!({ "type": "string", "minLength": 23, "maxLength": 600, "pattern": "^[A-Za-z0-9_-]{23,600}$" }),
    },
    Known {
        place: "query",
        name: "fields",
        description: "Names of fields of an item, separated by commas, such as `id,updated_at`: each item then has \
            these and no others, in its own order, whatever its schema requires of a whole one. A name that an item \
            does not have is refused.",
        limits: || {
            json!({
                "type": "string", "minLength": 1, "maxLength": 1000, "pattern": "^[a-z_]+(,[a-z_]+)*$",
                "examples": ["id,created_at"],
            })
        },
    },
    Known {
        place: "query",
        name: "count",
        description: "`exact` adds `total`, the number of items on all pages together. It costs a count of all that \
            the filter leaves.",
        limits: || json!({ "type": "string", "enum": ["exact"] }),
    },
];

const PREFIX: &str = "#/components/parameters/";

/// Names of the parameters that every list reads; they are described once and referred to.
pub(super) const OF_LISTS: [&str; 4] = ["limit", "cursor", "fields", "count"];

/// Points to the shared description of a parameter.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// Describes what [`reference`] points to, where there is a list.
fn share(document: &mut Value) {
    let is_used = document.to_string().contains(PREFIX);
    let components = document.as_object_mut().filter(|_| is_used).and_then(|root| object_at(root, "components"));
    let Some(shared) = components.and_then(|components| object_at(components, "parameters")) else { return };
    for known in KNOWN.iter().filter(|known| OF_LISTS.contains(&known.name)) {
        let Known { place, name, description, limits } = known;
        set_default(
            shared,
            name,
            json!({ "in": place, "name": name, "required": false, "description": description, "schema": limits() }),
        );
    }
}

pub(super) fn complete(document: &mut Value) {
    share(document);
    operations::for_each(document, |operation| {
        let parameters = operation.node.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
            explain(parameter);
        }
    });
}

fn explain(parameter: &mut Object) {
    settle_null(parameter);
    let known = KNOWN
        .iter()
        .find(|known| text(parameter, "in") == Some(known.place) && text(parameter, "name") == Some(known.name));
    let Some(known) = known else {
        return;
    };
    set_default(parameter, "description", known.description);
    let schema = parameter.get_mut("schema").and_then(Value::as_object_mut);
    // A type that is told once for all states its limits there.
    let own = schema.filter(|schema| !schema.contains_key("$ref"));
    if let (Some(own), Value::Object(limits)) = (own, (known.limits)()) {
        for (key, limit) in limits {
            // Zero is what an unsigned type says of itself, not a limit somebody chose.
            if key == "minimum" {
                own.insert(key, limit);
            } else {
                set_default(own, &key, limit);
            }
        }
    }
}

/// An absent parameter is left out, never sent as `null`, whatever the type behind it allows.
fn settle_null(parameter: &mut Object) {
    if let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) {
        rule_out_null(schema);
    }
}

/// Takes `null` out of what a schema allows.
pub(super) fn rule_out_null(schema: &mut Object) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.retain(|value| !value.is_null());
    }
    let choices = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    if let Some(choices) = choices {
        choices.retain(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("oneOf");
            schema.extend(only);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_never_null() {
        let mut parameter = json!({ "in": "query", "name": "village", "schema": { "type": ["string", "null"] } });
        explain(parameter.as_object_mut().unwrap());
        assert_eq!(parameter.pointer("/schema/type"), Some(&json!("string")));
    }

    #[test]
    fn a_limit_that_the_route_states_is_kept() {
        let mut parameter =
            json!({ "in": "query", "name": "limit", "schema": { "type": "integer", "maximum": 20, "minimum": 0 } });
        explain(parameter.as_object_mut().unwrap());
        assert_eq!(parameter.pointer("/schema/maximum"), Some(&json!(20)));
        assert_eq!(parameter.pointer("/schema/minimum"), Some(&json!(1)));
    }
}
