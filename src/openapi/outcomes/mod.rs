//! Says of each command what is so once it is done.
//!
//! A command answers the record as it is then, and more is known of that record than of one that is only read: an
//! approved cycle has its status, and by whom and when it was approved is never missing. Each such answer has a schema
//! of its own, so that a client that got one need not ask again, and a command that does not do so is found out.

mod table;

use serde_json::{Value, json};

use super::operations::{self, Operation};
use super::{Object, object_at, parameters, references};
use table::OUTCOMES;

/// What is known of a property then.
enum Known {
    /// One of these.
    Is(&'static [&'static str]),
    /// It holds.
    Holds,
    /// It does not hold.
    Not,
    /// It is told.
    Told,
    /// There is nothing to tell.
    Untold,
    /// It is a number of at least so much.
    From(u8),
}

use Known::{From, Holds, Is, Not, Told, Untold};

type Facts = &'static [(&'static str, Known)];

pub(super) fn complete(document: &mut Value) {
    let records = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut made = Object::new();
    operations::for_each(document, |operation| {
        let id = operation.node.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let outcome = OUTCOMES.iter().find(|(known, ..)| *known == id);
        if let Some((id, name, facts)) = outcome
            && let Some(record) = operation.answer_name().filter(|answer| answer != name)
            && let Some(record) = records.get(record)
        {
            made.insert((*name).into(), narrow(record.clone(), id, facts));
            answer_with(operation, name);
        }
    });
    let schemas = document.get_mut("components").and_then(Value::as_object_mut);
    if let Some(schemas) = schemas.and_then(|components| object_at(components, "schemas")) {
        schemas.extend(made);
    }
    references::drop_unused(document);
}

/// The schema of the record with what is known of it after the command.
fn narrow(mut record: Value, id: &str, facts: Facts) -> Value {
    let Some(schema) = record.as_object_mut() else { return record };
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    schema.insert("description".into(), format!("{description} As `{id}` leaves it.").into());
    for (name, known) in facts {
        let property = schema.get_mut("properties").and_then(|all| all.get_mut(name)).and_then(Value::as_object_mut);
        if let Some(property) = property {
            tell(property, known);
        }
        // What is never told may as well be left out.
        let required = schema.entry("required").or_insert_with(|| json!([])).as_array_mut();
        let is_new = |required: &&mut Vec<Value>| !required.iter().any(|one| one == name);
        if let Some(required) = required.filter(|_| !matches!(known, Untold)).filter(is_new) {
            required.push((*name).into());
        }
    }
    record
}

fn tell(property: &mut Object, known: &Known) {
    match known {
        Is([only]) => {
            property.remove("enum");
            property.insert("const".into(), (*only).into());
        }
        Is(values) => {
            property.insert("enum".into(), json!(values));
        }
        Holds | Not => {
            property.insert("const".into(), matches!(known, Holds).into());
        }
        From(least) => {
            property.insert("minimum".into(), (*least).into());
        }
        Told => parameters::rule_out_null(property),
        Untold => {
            property.retain(|key, _| key == "description");
            property.insert("type".into(), "null".into());
        }
    }
}

fn answer_with(operation: &mut Operation<'_>, name: &str) {
    let responses = operation.node.get_mut("responses").and_then(Value::as_object_mut);
    for (_, answer) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
        if let Some(schema) = answer.pointer_mut("/content/application~1json/schema") {
            *schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "paths": { "/v1/cycles/{id}": { "get": { "responses": { "200": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Cycle" } } } } } } },
                "/v1/cycles/{id}/approvals": { "post": { "operationId": "approve_cycle", "responses": { "200": {
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cycle" } } } } } } } },
            "components": { "schemas": { "Cycle": {
                "type": "object", "description": "A period.", "required": ["status"], "properties": {
                    "status": { "type": "string", "enum": ["planned", "approved"] },
                    "approved_at": { "type": ["string", "null"], "format": "date-time" } } } } } })
    }

    #[test]
    fn a_command_tells_what_is_so_then() {
        let mut document = document();
        complete(&mut document);
        let approved = document.pointer("/components/schemas/ApprovedCycle").unwrap();
        assert_eq!(approved["properties"]["status"]["const"], "approved");
        assert_eq!(approved["properties"]["approved_at"]["type"], "string");
        assert!(approved["required"].as_array().unwrap().contains(&json!("approved_at")));
        assert_eq!(document.pointer("/components/schemas/Cycle/properties/status/const"), None);
        let told = document.pointer("/paths/~1v1~1cycles~1{id}~1approvals/post/responses/200/content");
        assert_eq!(told.unwrap()["application/json"]["schema"]["$ref"], "#/components/schemas/ApprovedCycle");
    }

    #[test]
    fn a_second_pass_changes_nothing() {
        let mut document = document();
        complete(&mut document);
        let once = document.clone();
        complete(&mut document);
        assert_eq!(document, once);
    }
}
