//! What a schema of attributes must be, and what attributes must be by one. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use super::model::{ATTRIBUTES, AttributeName, LIST_LENGTH, TEXT_LENGTH};
use crate::domain::{Text, has_plain_year};
use crate::error::{Code, Error, Fault, Result};

/// Longest schema.
const SCHEMA_BYTES: usize = 16 << 10;
/// Deepest schema.
const SCHEMA_DEPTH: usize = 8;
/// Keywords that would send the reader elsewhere, or in circles.
const REFERRING: [&str; 6] = ["$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor"];
/// The one dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Numbers that every JSON reader keeps exactly.
const SAFE_NUMBER: f64 = 9_007_199_254_740_991.0;
/// Most faults that are told at once.
const FAULTS: usize = 50;

/// All that keeps a schema from being registered.
pub(super) fn faults_of_schema(schema: &Value) -> Vec<Fault> {
    if schema.to_string().len() > SCHEMA_BYTES || depth(schema) > SCHEMA_DEPTH {
        return vec![Fault::new("/definition", Code::SchemaTooLarge)];
    }
    if refers(schema) {
        return vec![Fault::new("/definition", Code::SchemaRefers)];
    }
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return vec![Fault::new("/definition/type", Code::SchemaNotObject)];
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return vec![Fault::new("/definition/properties", Code::Required)];
    };
    let mut faults = faults_of_properties(properties);
    if faults.is_empty() && compile(schema).is_err() {
        faults.push(Fault::new("/definition", Code::SchemaMalformed));
    }
    faults
}

fn faults_of_properties(properties: &Map<String, Value>) -> Vec<Fault> {
    if properties.is_empty() || properties.len() > ATTRIBUTES {
        return vec![Fault::new("/definition/properties", Code::SchemaTooLarge)];
    }
    if !properties.keys().all(|name| AttributeName::fits(name)) {
        return vec![Fault::new("/definition/properties", Code::AttributeNameMalformed)];
    }
    let unbounded = properties.iter().filter(|(_, property)| !is_bounded(property, true));
    unbounded
        .map(|(name, _)| Fault::new(format!("/definition/properties/{name}"), Code::SchemaUnbounded))
        .take(FAULTS)
        .collect()
}

/// A list at the top counts one, what it holds two.
fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Object(object) => object.values().map(depth).max(),
        Value::Array(list) => list.iter().map(depth).max(),
        _ => return 0,
    };
    1 + below.unwrap_or_default()
}

/// True where a schema points to another or to itself: one that holds itself could be read for ever.
fn refers(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            let is_other = object.get("$schema").is_some_and(|dialect| dialect != DIALECT);
            is_other || object.iter().any(|(key, value)| REFERRING.contains(&key.as_str()) || refers(value))
        }
        Value::Array(list) => list.iter().any(refers),
        _ => false,
    }
}

/// True where a value of the property is of one kind and of limited size, whatever else the schema says: all
/// keywords that may stand beside only narrow it.
fn is_bounded(property: &Value, may_be_list: bool) -> bool {
    let number = |name: &str| property.get(name).and_then(Value::as_f64).filter(|limit| limit.abs() <= SAFE_NUMBER);
    let length = |name: &str| property.get(name).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
    let at_most = |name: &str, most: usize| length(name).is_some_and(|it| it <= most);
    match property.get("type").and_then(Value::as_str) {
        Some("boolean") => true,
        Some("integer" | "number") => number("minimum").is_some() && number("maximum").is_some(),
        Some("string") => at_most("maxLength", TEXT_LENGTH) || property.get("enum").is_some_and(is_short_choice),
        Some("array") if may_be_list => {
            at_most("maxItems", LIST_LENGTH) && property.get("items").is_some_and(|items| is_bounded(items, false))
        }
        _ => false,
    }
}

fn is_short_choice(choice: &Value) -> bool {
    let is_short = |text: &str| text.chars().count() <= TEXT_LENGTH;
    choice.as_array().is_some_and(|texts| texts.iter().all(|text| text.as_str().is_some_and(is_short)))
}

/// Patterns are matched in linear time, and nothing is fetched: the reader is built without a way to do so.
fn compile(schema: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex().size_limit(1 << 20))
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| error.to_string())
}

/// A registered schema, read once to check many records.
#[derive(Debug)]
pub(in crate::beneficiaries) struct Checker {
    names: HashSet<String>,
    validator: Validator,
}

impl Checker {
    /// Reads a schema.
    ///
    /// # Errors
    /// Where a registered schema cannot be read any more.
    pub(in crate::beneficiaries) fn of(schema: &Value) -> Result<Self> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let names = properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default();
        Ok(Self { names, validator: compile(schema).map_err(Error::internal)? })
    }

    /// All that is wrong with the attributes of a record that stands at `at` in the body; never the values themselves.
    pub(in crate::beneficiaries) fn faults_of(
        &self,
        attributes: &Map<String, Value>,
        today: NaiveDate,
        at: &str,
    ) -> Vec<Fault> {
        let (mut faults, mut values) = (Vec::new(), Map::new());
        for (name, attribute) in attributes {
            if !self.names.contains(name) {
                faults.push(Fault::new(format!("{at}/attributes/{name}"), Code::AttributeUnknown));
                continue;
            }
            let observed_on = attribute.get("observed_on").and_then(Value::as_str);
            if let Some(code) = observed_on.and_then(|day| day.parse().ok()).and_then(|day| fault_of_day(day, today)) {
                faults.push(Fault::new(format!("{at}/attributes/{name}/observed_on"), code));
            }
            values.insert(name.clone(), attribute.get("value").cloned().unwrap_or_default());
        }
        let values = Value::Object(values);
        faults.extend(self.validator.iter_errors(&values).map(|error| fault(&error, at)).take(FAULTS));
        faults
    }
}

/// The value that a cell of a file stands for, of the type that the schema of its attribute says: a list stands between
/// semicolons. Whether the value fits the schema is not looked at.
///
/// # Errors
/// `attribute_misfit`; what a text may not be.
pub(in crate::beneficiaries) fn value_of(property: &Value, cell: &str) -> Result<Value, Code> {
    match property.get("type").and_then(Value::as_str) {
        Some("boolean") => cell.parse().map(Value::Bool).map_err(|_| Code::AttributeMisfit),
        Some("integer" | "number") => serde_json::from_str(cell).map(Value::Number).map_err(|_| Code::AttributeMisfit),
        Some("array") => {
            let items = property.get("items").unwrap_or(&Value::Null);
            let told = cell.split(';').map(str::trim).filter(|item| !item.is_empty());
            // No schema allows more; a cell may hold half a million.
            let values: Vec<Value> =
                told.take(LIST_LENGTH + 1).map(|item| value_of(items, item)).collect::<Result<_, _>>()?;
            if values.len() > LIST_LENGTH { Err(Code::AttributeMisfit) } else { Ok(Value::Array(values)) }
        }
        _ => match Text::<TEXT_LENGTH>::parse(cell) {
            Ok(text) => Ok(Value::String(text.to_string())),
            Err(code) => Err(Code::parse(code).unwrap_or(Code::AttributeMisfit)),
        },
    }
}

/// A year of other than four digits is none that Postgres reads in text as it is written here.
fn fault_of_day(day: NaiveDate, today: NaiveDate) -> Option<Code> {
    if !has_plain_year(day) {
        return Some(Code::DateMalformed);
    }
    (day > today).then_some(Code::DateInFuture)
}

/// The fault of an error: the attribute by its pointer, and the part of the schema that it does not hold.
fn fault(error: &ValidationError<'_>, at: &str) -> Fault {
    if let ValidationErrorKind::Required { property } = error.kind() {
        let name = property.as_str().filter(|name| AttributeName::fits(name)).unwrap_or_default();
        return Fault::new(format!("{at}/attributes/{name}"), Code::Required);
    }
    let place = error.instance_path().as_str().trim_start_matches('/');
    let pointer = match place.split_once('/') {
        _ if place.is_empty() => format!("{at}/attributes"),
        None => format!("{at}/attributes/{place}/value"),
        Some((name, item)) => format!("{at}/attributes/{name}/value/{item}"),
    };
    Fault::new(pointer, Code::AttributeMisfit).with_detail(format!("Schema: {}", error.schema_path()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(schema: &Value) -> Vec<(String, Code)> {
        faults_of_schema(schema).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    fn of_property(property: &Value) -> Vec<(String, Code)> {
        codes(&json!({ "type": "object", "properties": { "roof": property } }))
    }

    #[test]
    fn a_schema_bounds_every_value() {
        for bounded in [
            json!({ "type": "string", "maxLength": 500 }),
            json!({ "type": "string", "enum": ["zinc"] }),
            json!({ "type": "boolean" }),
            json!({ "type": "integer", "minimum": 0, "maximum": 10 }),
            json!({ "type": "array", "maxItems": 50, "items": { "type": "string", "maxLength": 10 } }),
            json!({ "type": "string", "maxLength": 10, "pattern": "^[a-z]+$", "format": "date" }),
        ] {
            assert_eq!(of_property(&bounded), [], "{bounded}");
        }
        for unbounded in [
            json!(true),
            json!({}),
            json!({ "type": "string" }),
            json!({ "type": "string", "maxLength": 501 }),
            json!({ "type": ["string", "null"], "maxLength": 5 }),
            json!({ "type": "integer", "minimum": 0 }),
            json!({ "type": "number", "minimum": 0, "maximum": 1e300 }),
            json!({ "type": "object" }),
            json!({ "type": "array", "maxItems": 5 }),
            json!({ "type": "array", "maxItems": 5, "items": { "type": "array", "maxItems": 5, "items": {} } }),
            json!({ "enum": ["zinc"] }),
        ] {
            let expected = [("/definition/properties/roof".to_owned(), Code::SchemaUnbounded)];
            assert_eq!(of_property(&unbounded), expected, "{unbounded}");
        }
    }

    #[test]
    fn a_schema_stands_alone_and_is_small() {
        let roof = json!({ "type": "boolean" });
        let with = |key: &str, value: Value| {
            let mut schema = json!({ "type": "object", "properties": { "roof": roof } });
            schema[key] = value;
            codes(&schema).into_iter().map(|(_, code)| code).collect::<Vec<_>>()
        };
        assert_eq!(with("$schema", json!(DIALECT)), []);
        assert_eq!(with("$schema", json!("https://example.com/mine")), [Code::SchemaRefers]);
        assert_eq!(with("$id", json!("https://example.com/mine")), [Code::SchemaRefers]);
        assert_eq!(with("allOf", json!([{ "$ref": "#" }])), [Code::SchemaRefers]);
        assert_eq!(with("allOf", json!([{ "$ref": "https://example.com/x" }])), [Code::SchemaRefers]);
        assert_eq!(with("type", json!("array")), [Code::SchemaNotObject]);
        assert_eq!(with("required", json!("roof")), [Code::SchemaMalformed]);
        assert_eq!(with("title", json!("x".repeat(SCHEMA_BYTES))), [Code::SchemaTooLarge]);
        assert_eq!(with("not", json!([[[[[[[[[1]]]]]]]]])), [Code::SchemaTooLarge]);
        assert_eq!(with("properties", json!({ "Roof 1": roof })), [Code::AttributeNameMalformed]);
        assert_eq!(with("properties", json!({})), [Code::SchemaTooLarge]);
        let pattern = json!({ "type": "string", "maxLength": 9, "pattern": "(" });
        assert_eq!(with("properties", json!({ "roof": pattern })), [Code::SchemaMalformed]);
        let looking_back = json!({ "type": "string", "maxLength": 9, "pattern": "(a)\\1" });
        assert_eq!(with("properties", json!({ "roof": looking_back })), [Code::SchemaMalformed]);
    }

    #[test]
    fn each_attribute_at_fault_is_pointed_at_and_no_value_is_told() {
        let schema = json!({ "type": "object", "required": ["wall"], "properties": {
            "roof": { "type": "string", "enum": ["zinc"] },
            "rooms": { "type": "integer", "minimum": 1, "maximum": 9 },
            "beds": { "type": "array", "maxItems": 2, "items": { "type": "integer", "minimum": 0, "maximum": 9 } },
            "wall": { "type": "boolean" },
            "built_on": { "type": "string", "maxLength": 10, "format": "date" }
        } });
        let fact = |value: Value| json!({ "value": value, "source": "visit", "observed_on": "2026-11-01" });
        let attributes = json!({
            "roof": fact(json!("secret")), "rooms": fact(json!(77)), "beds": fact(json!([1, 88])),
            "colour": fact(json!("secret")), "built_on": fact(json!("secret")),
        });
        let today = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let found = Checker::of(&schema).unwrap().faults_of(attributes.as_object().unwrap(), today, "/members/1");
        let told: Vec<_> = found.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        for expected in [
            ("/members/1/attributes/colour", Code::AttributeUnknown),
            ("/members/1/attributes/roof/value", Code::AttributeMisfit),
            ("/members/1/attributes/rooms/value", Code::AttributeMisfit),
            ("/members/1/attributes/beds/value/1", Code::AttributeMisfit),
            ("/members/1/attributes/built_on/value", Code::AttributeMisfit),
            ("/members/1/attributes/wall", Code::Required),
            ("/members/1/attributes/roof/observed_on", Code::DateInFuture),
        ] {
            assert!(told.contains(&expected), "{expected:?} not in {told:?}");
        }
        let words = format!("{found:?}");
        assert!(!["secret", "77", "88"].iter().any(|value| words.contains(value)), "{words}");
    }

    #[test]
    fn a_cell_is_read_as_the_type_that_the_schema_says() {
        let list = json!({ "type": "array", "maxItems": 5, "items": { "type": "integer" } });
        for (property, cell, value) in [
            (&json!({ "type": "boolean" }), "true", json!(true)),
            (&json!({ "type": "integer" }), "12", json!(12)),
            (&json!({ "type": "number" }), "-0.5", json!(-0.5)),
            (&json!({ "type": "string" }), "12", json!("12")),
            (&list, "1; 2;;3", json!([1, 2, 3])),
        ] {
            assert_eq!(value_of(property, cell), Ok(value), "{cell}");
        }
        for (property, cell) in [
            (&json!({ "type": "boolean" }), "ya"),
            (&json!({ "type": "integer" }), "012"),
            (&json!({ "type": "number" }), "0,5"),
            (&json!({ "type": "number" }), "NaN"),
            (&list, "1;dua"),
        ] {
            assert_eq!(value_of(property, cell), Err(Code::AttributeMisfit), "{cell}");
        }
        assert_eq!(value_of(&json!({ "type": "string" }), &"x".repeat(501)), Err(Code::TextTooLong));
    }
}
