//! The log: lines for eyes or JSON lines, each with the id of the request it belongs to.
//!
//! What is logged names no person: no NIK, family card number, name, phone or token, and no body.

use std::io::{self, Write};

use chrono::{SecondsFormat, Utc};
use env_logger::fmt::Formatter;
use log::kv::{Error, Key, Value, VisitSource};
use log::{LevelFilter, Record};
use serde_json::{Map, json};
use uuid::Uuid;

/// The name of the field with a request's id.
const REQUEST_ID: &str = "request_id";

tokio::task_local! {
    static REQUEST: Uuid;
}

/// Runs something of a request, so that every line logged by it carries the request's id.
pub async fn within_request<F: Future>(id: Uuid, future: F) -> F::Output {
    REQUEST.scope(id, future).await
}

/// Starts logging to standard error; a second call changes nothing.
pub fn start(level: LevelFilter, in_json: bool) {
    let write = if in_json { write_json } else { write_text };
    // Crates below us log what they were given, which may be a person's data, in their details.
    let theirs = level.min(LevelFilter::Warn);
    let started = env_logger::Builder::new()
        .filter_level(theirs)
        .filter_module("sinergi", level)
        .filter_module("postgres", level)
        .format(move |line, record| write(line, record, &fields(record)))
        .try_init();
    // A process that runs several tests starts logging once.
    drop(started);
}

/// The fields of a record, the request's id among them where there is one.
fn fields(record: &Record<'_>) -> Map<String, serde_json::Value> {
    let mut fields = Fields(Map::new());
    let _ = record.key_values().visit(&mut fields);
    if !fields.0.contains_key(REQUEST_ID) {
        let id = REQUEST.try_with(Uuid::to_string);
        id.ok().and_then(|id| fields.0.insert(REQUEST_ID.to_owned(), id.into()));
    }
    fields.0
}

/// Collects fields as JSON values.
struct Fields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let value = match (value.to_u64(), value.to_i64(), value.to_bool()) {
            (Some(number), _, _) => json!(number),
            (_, Some(number), _) => json!(number),
            (_, _, Some(is_so)) => json!(is_so),
            _ => json!(value.to_string()),
        };
        self.0.insert(key.as_str().to_owned(), value);
        Ok(())
    }
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `2026-11-24T19:30:00.000Z INFO  message name=value`
fn write_text(line: &mut Formatter, record: &Record<'_>, fields: &Map<String, serde_json::Value>) -> io::Result<()> {
    write!(line, "{} {:<5} {}", now(), record.level(), one_line(&record.args().to_string()))?;
    for (name, value) in fields {
        match value.as_str() {
            Some(text) => write!(line, " {name}={}", one_line(text))?,
            None => write!(line, " {name}={value}")?,
        }
    }
    writeln!(line)
}

/// One JSON object a line: the fields stand beside what every line has.
fn write_json(line: &mut Formatter, record: &Record<'_>, fields: &Map<String, serde_json::Value>) -> io::Result<()> {
    let mut object = Map::new();
    object.insert("at".to_owned(), now().into());
    object.insert("level".to_owned(), record.level().as_str().to_lowercase().into());
    object.insert("target".to_owned(), record.target().into());
    object.insert("message".to_owned(), record.args().to_string().into());
    for (name, value) in fields {
        object.entry(name.as_str()).or_insert_with(|| value.clone());
    }
    writeln!(line, "{}", serde_json::Value::Object(object))
}

/// Keeps a message from ending its line, and so from passing off its rest as another line.
fn one_line(text: &str) -> String {
    if text.contains(char::is_control) { text.escape_debug().to_string() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a line logged with one of each kind.
    fn logged() -> Map<String, serde_json::Value> {
        let pairs = [("status", Value::from(200)), ("offset", (-1).into()), ("route", "/v1/needs".into())];
        fields(&Record::builder().key_values(&pairs.as_slice()).build())
    }

    #[tokio::test]
    async fn a_line_carries_the_id_of_its_request() {
        let id = Uuid::now_v7();
        let expected = json!({ "status": 200, "offset": -1, "route": "/v1/needs", "request_id": id });
        assert_eq!(within_request(id, async { json!(logged()) }).await, expected);
        assert!(!logged().contains_key(REQUEST_ID));
    }

    #[test]
    fn a_message_cannot_forge_a_second_line() {
        assert_eq!(one_line("a\n2026 ERROR b"), "a\\n2026 ERROR b");
        assert_eq!(one_line("Kecamatan \"A\""), "Kecamatan \"A\"");
    }
}
