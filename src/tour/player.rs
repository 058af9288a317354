//! Plays the clients: sends requests as one of them, and stops the tour where an answer is not as told.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, SecondsFormat, Utc};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

use super::teller::Teller;
use crate::db;
use crate::sandbox::SandboxClient;

/// Longest that the tour waits for work in the background.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the tour stopped.
#[derive(Debug)]
pub enum Untrue {
    /// An answer was not as told.
    Answer(String),
    /// The service could not be reached.
    Http(reqwest::Error),
    /// The telling could not be written.
    Io(io::Error),
}

impl std::fmt::Display for Untrue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer(what) => write!(f, "not as told: {what}"),
            Self::Http(error) => write!(f, "the service cannot be reached: {error}"),
            Self::Io(error) => write!(f, "the tour cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Untrue {}

impl From<reqwest::Error> for Untrue {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl From<io::Error> for Untrue {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Shorthand for a result of the tour.
pub(super) type Told<T = ()> = Result<T, Untrue>;

/// What came back.
pub(super) struct Reply {
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Reply {
    /// A member of the body by JSON pointer, as text; numbers are written out, what is absent is empty.
    pub(super) fn text(&self, pointer: &str) -> String {
        match self.body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    /// The rows of a list.
    pub(super) fn items(&self) -> &[Value] {
        self.body.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A body to send, with its media type.
pub(super) enum Sent<'a> {
    /// Nothing.
    Nothing,
    /// JSON, with a fresh `Idempotency-Key`.
    Json(&'a Value),
    /// A merge patch for the version that the `ETag` names.
    Patch(&'a str, &'a Value),
    /// CSV, with a fresh `Idempotency-Key`.
    Csv(&'a str),
}

/// A write that was sent and taken.
#[derive(Clone)]
pub(super) struct Written {
    /// Chapter that it is of.
    pub(super) chapter: u32,
    /// Method and path.
    pub(super) request: String,
    /// `X-Request-Id` of it.
    pub(super) request_id: String,
}

/// The clients of the tour on one service.
pub(super) struct Player<W> {
    http: reqwest::Client,
    url: String,
    tokens: HashMap<String, (String, String)>,
    /// The day of the story.
    pub(super) today: NaiveDate,
    /// When the story began, as RFC 3339 in UTC.
    pub(super) began_at: String,
    /// What was written.
    pub(super) writes: Vec<Written>,
    pub(super) teller: Teller<W>,
}

impl<W: Write> Player<W> {
    /// Signs every client in.
    pub(super) async fn sign_in(url: &str, clients: &[SandboxClient], out: W) -> Told<Self> {
        let http = reqwest::Client::new();
        let mut tokens = HashMap::new();
        for client in clients {
            let request = http.post(format!("{url}/oauth2/token"));
            let request = request.basic_auth(&client.client_id, Some(&client.client_secret));
            let answer = request.form(&[("grant_type", "client_credentials")]).send().await?;
            let body: Value = answer.error_for_status()?.json().await?;
            let token = body.get("access_token").and_then(Value::as_str).unwrap_or_default();
            tokens.insert(client.client_id.clone(), (client.title.clone(), token.to_owned()));
        }
        Ok(Self {
            http,
            url: url.to_owned(),
            tokens,
            today: db::today(),
            began_at: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            writes: Vec::new(),
            teller: Teller::new(out),
        })
    }

    /// First day of the month of the story.
    pub(super) fn month(&self) -> NaiveDate {
        self.today.with_day(1).unwrap_or(self.today)
    }

    /// Year of the story.
    pub(super) fn year(&self) -> i32 {
        self.today.year()
    }

    /// Reads, as a client.
    pub(super) async fn get(&mut self, who: &str, path: &str) -> Told<Reply> {
        self.send(who, Method::GET, path, Sent::Nothing, 200).await
    }

    /// Writes JSON that creates something, as a client.
    pub(super) async fn post(&mut self, who: &str, path: &str, body: &Value) -> Told<Reply> {
        self.send(who, Method::POST, path, Sent::Json(body), 201).await
    }

    /// Writes JSON that moves something on, as a client.
    pub(super) async fn command(&mut self, who: &str, path: &str, body: &Value) -> Told<Reply> {
        self.send(who, Method::POST, path, Sent::Json(body), 200).await
    }

    /// Writes JSON that must be refused with this status and code; the reply is the problem.
    pub(super) async fn refused(&mut self, who: &str, path: &str, body: &Value, told: (u16, &str)) -> Told<Reply> {
        let reply = self.send(who, Method::POST, path, Sent::Json(body), told.0).await?;
        let code = reply.text("/code");
        check(code == told.1, &format!("the code is {code}, not {}", told.1))?;
        self.teller.shows(&format!("problem {code}: {}", reply.text("/detail")))?;
        Ok(reply)
    }

    /// Reads until a member of the body has a value, and tells the last reading.
    pub(super) async fn wait_until(&mut self, who: &str, path: &str, pointer: &str, value: &str) -> Told<Reply> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (_, request) = self.request(who, &Method::GET, path, &Sent::Nothing)?;
            let body: Value = request.send().await?.error_for_status()?.json().await?;
            let reply = Reply { headers: HeaderMap::new(), body };
            if reply.text(pointer) == value {
                return self.get(who, path).await;
            }
            check(Instant::now() < deadline, &format!("{path} did not get {value}: {}", reply.body))?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends one request and tells it.
    pub(super) async fn send(
        &mut self,
        who: &str,
        method: Method,
        path: &str,
        sent: Sent<'_>,
        expected: u16,
    ) -> Told<Reply> {
        let (title, request) = self.request(who, &method, path, &sent)?;
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await?;
        self.teller.request(&title, &format!("{method} {path}"), status)?;
        check(status == expected, &format!("{method} {path} answered {status}, not {expected}: {text}"))?;
        if method != Method::GET && status < 300 {
            let request_id = headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
            let (chapter, request) = (self.teller.chapter, format!("{method} {path}"));
            self.writes.push(Written { chapter, request, request_id });
        }
        Ok(Reply { headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    fn request(&self, who: &str, method: &Method, path: &str, sent: &Sent<'_>) -> Told<(String, RequestBuilder)> {
        let client = self.tokens.get(who).ok_or_else(|| Untrue::Answer(format!("there is no client {who}")))?;
        let (title, token) = client;
        let request = self.http.request(method.clone(), format!("{}{path}", self.url)).bearer_auth(token);
        let key = Uuid::now_v7().to_string();
        let request = match sent {
            Sent::Nothing => request,
            Sent::Json(body) => request.header("Idempotency-Key", key).json(body),
            Sent::Csv(text) => {
                request.header("Idempotency-Key", key).header("Content-Type", "text/csv").body((*text).to_owned())
            }
            Sent::Patch(etag, changes) => request
                .header("If-Match", *etag)
                .header("Content-Type", "application/merge-patch+json")
                .body(changes.to_string()),
        };
        Ok((title.clone(), request))
    }
}

/// Stops the tour unless something holds.
pub(super) fn check(holds: bool, otherwise: &str) -> Told {
    if holds { Ok(()) } else { Err(Untrue::Answer(otherwise.to_owned())) }
}
