//! The log: lines for eyes or JSON lines, each with the id of the request it belongs to.
//!
//! What is logged names no person: no NIK, family card number, name, phone or token, and no body.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::{SecondsFormat, Utc};
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
    // Crates below us log what they were given, which may be a person's data, in their details.
    let theirs = level.min(LevelFilter::Warn);
    let started = env_logger::Builder::new()
        .filter_level(theirs)
        .filter_module("sinergi", level)
        .filter_module("postgres", level)
        .format(move |line, record| if in_json { write_json(line, record) } else { write_text(line, record) })
        .try_init();
    // A process that runs several tests starts logging once.
    drop(started);
}

/// Adds the request's id where the record does not name one itself.
fn id_of_request(is_named: bool) -> Option<Uuid> {
    if is_named { None } else { REQUEST.try_with(|id| *id).ok() }
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `2026-11-24T19:30:00.000Z INFO  message name=value`
fn write_text(line: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    write!(line, "{} {:<5} {}", now(), record.level(), one_line(&record.args().to_string()))?;
    let mut fields = TextFields { line, names_request: false };
    record.key_values().visit(&mut fields).map_err(io::Error::other)?;
    if let Some(id) = id_of_request(fields.names_request) {
        write!(line, " {REQUEST_ID}={id}")?;
    }
    writeln!(line)
}

/// Writes fields as they come: a line is written for every request, so nothing is gathered first.
struct TextFields<'a, W> {
    line: &'a mut W,
    names_request: bool,
}

impl<'kvs, W: Write> VisitSource<'kvs> for TextFields<'_, W> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.names_request |= key.as_str() == REQUEST_ID;
        write!(self.line, " {key}={}", one_line(&value.to_string())).map_err(Error::from)
    }
}

/// One JSON object a line: the fields stand beside what every line has.
fn write_json(line: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    let mut fields = JsonFields(Map::new());
    fields.0.insert("at".to_owned(), now().into());
    fields.0.insert("level".to_owned(), record.level().as_str().to_lowercase().into());
    fields.0.insert("target".to_owned(), record.target().into());
    fields.0.insert("message".to_owned(), record.args().to_string().into());
    record.key_values().visit(&mut fields).map_err(io::Error::other)?;
    if let Some(id) = id_of_request(fields.0.contains_key(REQUEST_ID)) {
        fields.0.insert(REQUEST_ID.to_owned(), id.to_string().into());
    }
    writeln!(line, "{}", serde_json::Value::Object(fields.0))
}

/// Collects fields as JSON values beside those that are there.
struct JsonFields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for JsonFields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let json = match (value.to_u64(), value.to_i64(), value.to_bool()) {
            (Some(number), _, _) => json!(number),
            (_, Some(number), _) => json!(number),
            (_, _, Some(is_so)) => json!(is_so),
            _ => json!(value.to_string()),
        };
        self.0.entry(key.as_str()).or_insert(json);
        Ok(())
    }
}

/// Keeps a message from ending its line, and so from passing off its rest as another line.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.escape_debug().to_string().into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line logged with a field of each kind.
    fn logged(write: fn(&mut Vec<u8>, &Record<'_>) -> io::Result<()>) -> String {
        let pairs = [("status", Value::from(200)), ("offset", (-1).into()), ("route", "/v1/needs".into())];
        let mut line = Vec::new();
        write(&mut line, &Record::builder().key_values(&pairs.as_slice()).args(format_args!("told")).build()).unwrap();
        String::from_utf8(line).unwrap()
    }

    #[tokio::test]
    async fn a_line_carries_the_id_of_its_request() {
        let id = Uuid::now_v7();
        let text = within_request(id, async { logged(write_text) }).await;
        assert!(
            text.ends_with(&format!("INFO  told status=200 offset=-1 route=/v1/needs request_id={id}\n")),
            "{text}"
        );
        let json: serde_json::Value = within_request(id, async { logged(write_json) }).await.parse().unwrap();
        assert_eq!((&json["status"], &json["offset"], &json["message"]), (&json!(200), &json!(-1), &json!("told")));
        assert_eq!(json["request_id"], json!(id));
        assert!(!logged(write_text).contains(REQUEST_ID));
    }

    #[test]
    fn a_message_cannot_forge_a_second_line() {
        assert_eq!(one_line("a\n2026 ERROR b"), "a\\n2026 ERROR b");
        assert_eq!(one_line("Kecamatan \"A\""), "Kecamatan \"A\"");
    }
}
