//! Finishes the generated document, in one pass over its JSON.
//!
//! The routes say what only they know: their bodies, parameters, answers and rights. What holds for
//! every operation alike is said here once: the refusals and their headers, the limits of strings,
//! numbers and lists, who answers for the API, and an example where a route gave none.
//! Nothing here may promise what the service does not keep: the document is what clients are
//! generated from and what the service is tested against.

mod answers;
mod conventions;
mod examples;
mod headers;
mod info;
mod operations;
mod outcomes;
mod page;
mod parameters;
mod parts;
mod problems;
mod references;
mod refusals;
mod rows;
mod scalars;
mod schemas;
mod security;
mod tags;
mod webhooks;
mod wholes;
mod words;
mod written;

pub use page::page;
use serde_json::{Map, Value};
pub use written::Written;

/// A JSON object, the form of every node of the document that is changed here.
type Object = Map<String, Value>;

/// Brings a generated `OpenAPI` document to its published form.
///
/// Finishing a finished document changes nothing.
#[must_use]
pub fn polish(mut document: Value) -> Value {
    wholes::complete(&mut document);
    scalars::complete(&mut document);
    parts::complete(&mut document);
    outcomes::complete(&mut document);
    problems::complete(&mut document);
    info::complete(&mut document);
    tags::complete(&mut document);
    security::complete(&mut document);
    conventions::complete(&mut document);
    parameters::complete(&mut document);
    answers::complete(&mut document);
    refusals::complete(&mut document);
    headers::complete(&mut document);
    webhooks::complete(&mut document);
    schemas::complete(&mut document);
    words::complete(&mut document);
    rows::complete(&mut document);
    examples::complete(&mut document);
    document
}

/// Returns the object under `key`, made empty where there is none.
fn object_at<'a>(parent: &'a mut Object, key: &str) -> Option<&'a mut Object> {
    parent.entry(key).or_insert_with(|| Value::Object(Object::new())).as_object_mut()
}

/// Sets `key` unless the document already says something there.
fn set_default(node: &mut Object, key: &str, value: impl Into<Value>) {
    node.entry(key).or_insert_with(|| value.into());
}

/// Reads the string under `key`.
fn text<'a>(node: &'a Object, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Value::as_str)
}
