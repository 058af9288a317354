//! Request bodies: read with a deadline and a limit, then into a type, with the field named where that fails.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tokio::time::{Instant, timeout, timeout_at};

use super::receiving::Receiving;
use crate::error::{Code, Error, Fault, Result};

/// Largest body that is read whole.
pub const BODY_LIMIT_BYTES: usize = 1 << 20;
/// A body has to be here by then; actix itself would wait for ever.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// U+0000 as JSON writes it.
const NUL: &[u8] = br"\u0000";

/// A JSON body, parsed.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_json, payload) = (has_media_type(request, &["application/json"]), Unread::take(request, payload));
        Box::pin(async move {
            if !is_json {
                return Err(Code::MediaTypeUnsupported.into());
            }
            parse(&read(payload).await?).map(Self)
        })
    }
}

/// True where the body's type is one of `accepted`, whatever its charset says of UTF-8.
#[must_use]
pub fn has_media_type(request: &HttpRequest, accepted: &[&str]) -> bool {
    let Some(sent) = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let (essence, parameters) = sent.split_once(';').unwrap_or((sent, ""));
    let is_utf8 = parameters.trim().is_empty() || parameters.trim().eq_ignore_ascii_case("charset=utf-8");
    is_utf8 && accepted.iter().any(|media_type| essence.trim().eq_ignore_ascii_case(media_type))
}

/// A body that nobody has read yet, with the length that its sender states.
pub(super) struct Unread {
    payload: Payload,
    stated_length: Option<usize>,
}

impl Unread {
    /// Takes the body of a request.
    pub(super) fn take(request: &HttpRequest, payload: &mut Payload) -> Self {
        let stated = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        Self { payload: payload.take(), stated_length: stated.map(|text| text.parse().unwrap_or(usize::MAX)) }
    }
}

/// Reads a body to its end.
///
/// # Errors
/// `body_timed_out`, `body_too_large`, or `malformed_request` where the connection broke.
pub(super) async fn read(unread: Unread) -> Result<web::BytesMut> {
    let Unread { mut payload, stated_length } = unread;
    if stated_length.is_some_and(|length| length > BODY_LIMIT_BYTES) {
        return Err(Code::BodyTooLarge.into());
    }
    let deadline = Instant::now() + BODY_DEADLINE;
    let mut body = web::BytesMut::new();
    while let Some(chunk) = timeout_at(deadline, payload.next()).await.map_err(|_| Error::from(Code::BodyTimedOut))? {
        let chunk = chunk.map_err(|_| Error::from(Code::MalformedRequest))?;
        if body.len() + chunk.len() > BODY_LIMIT_BYTES {
            return Err(Code::BodyTooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Parses JSON into a type.
///
/// # Errors
/// `malformed_request` where it is not JSON, `invalid_fields` where it does not fit: the first misfit, by pointer.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| misfit("", &error))?;
    json.end().map_err(|_| Error::from(Code::MalformedRequest))?;
    // serde would take a list of an object's values for the object.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::invalid(vec![Fault::new("", Code::WrongType)]));
    }
    match place_of_nul(body) {
        Some(pointer) => Err(Error::invalid_field(&pointer, Code::TextHasHiddenCharacters)),
        None => Ok(parsed),
    }
}

/// Where the body has U+0000, which JSON can say and no text in the database can be. Types refuse it in what they read;
/// this is for what is taken as it came.
fn place_of_nul(body: &[u8]) -> Option<String> {
    let may_have = body.windows(NUL.len()).any(|part| part == NUL);
    let whole = may_have.then(|| serde_json::from_slice(body).ok()).flatten()?;
    nul_below(String::new(), &whole)
}

fn nul_below(at: String, value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then_some(at),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| nul_below(format!("{at}/{index}"), item))
        }
        Value::Object(fields) if fields.keys().any(|name| name.contains('\0')) => Some(at),
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            let below = if is_field_name(name) { format!("{at}/{name}") } else { at.clone() };
            nul_below(below, field)
        }),
        _ => None,
    }
}

/// Reads a part of a body that was taken as it came, such as a merge patch to keep; `pointer` is its place in the body.
///
/// # Errors
/// `invalid_fields`: the first misfit.
pub fn read_part<T: DeserializeOwned>(pointer: &str, part: &serde_json::Map<String, serde_json::Value>) -> Result<T> {
    let part = serde_json::Value::Object(part.clone());
    serde_path_to_error::deserialize(part).map_err(|error| misfit(pointer, &error))
}

fn misfit(of: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    if !error.inner().is_data() {
        return Code::MalformedRequest.into();
    }
    let words = error.inner().to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let (code, field) = read_words(words);
    let mut pointer = format!("{of}{}", pointer_of(error.path()));
    if let Some(field) = field.filter(|field| !pointer.ends_with(&format!("/{field}"))) {
        pointer = format!("{pointer}/{field}");
    }
    Error::invalid(vec![Fault::new(pointer, code)])
}

/// What serde's words mean: the code, and the field where they name one. The words themselves may hold the value.
pub(super) fn read_words(words: &str) -> (Code, Option<&str>) {
    let named = words.split('`').nth(1).filter(|name| is_field_name(name));
    match words {
        _ if Code::parse(words).is_some() => (Code::parse(words).unwrap_or(Code::WrongType), None),
        _ if words.starts_with("missing field") => (Code::Required, named),
        _ if words.starts_with("unknown field") => (Code::UnknownField, named),
        _ if words.starts_with("unknown variant") => (Code::ValueUnknown, None),
        _ => (Code::WrongType, None),
    }
}

/// Only what looks like a field of ours is told back: a key can hold anything.
pub(super) fn is_field_name(name: &str) -> bool {
    name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let parts = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } if is_field_name(key) => Some(format!("/{key}")),
        Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => None,
    });
    parts.collect()
}

/// Tells a field that is `null` from one that is absent: for members of a merge patch that may be cleared.
///
/// # Errors
/// As `T` fails.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Refuses `null`: for members of a merge patch that may be left out but not removed.
///
/// # Errors
/// As `T` fails.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A body that is read as it comes, for imports.
pub struct BodyStream {
    payload: Payload,
    began: Instant,
    waited: Duration,
    taken_bytes: usize,
    limit_bytes: usize,
    _place: Receiving,
}

impl BodyStream {
    /// Longest that a streamed body may take.
    const DEADLINE: Duration = Duration::from_mins(15);
    /// How long it may be slower than the least rate.
    const GRACE: Duration = Duration::from_secs(30);
    /// Least rate: what a village's line carries on a bad day.
    const BYTES_A_SECOND: u64 = 1024;

    /// The next part of the body; `None` at its end.
    ///
    /// # Errors
    /// `body_timed_out` where it stalls for ten seconds, trickles, or takes too long in all, `body_too_large`.
    pub async fn next(&mut self) -> Result<Option<web::Bytes>> {
        let asked = Instant::now();
        let chunk = timeout(self.patience(), self.payload.next()).await;
        self.waited += asked.elapsed();
        let chunk = chunk.map_err(|_| Error::from(Code::BodyTimedOut))?;
        let Some(chunk) = chunk else { return Ok(None) };
        let chunk = chunk.map_err(|_| Error::from(Code::MalformedRequest))?;
        self.taken_bytes = self.taken_bytes.saturating_add(chunk.len());
        if self.taken_bytes > self.limit_bytes {
            return Err(Code::BodyTooLarge.into());
        }
        Ok(Some(chunk))
    }

    /// How long the next part is waited for. What we take to store a part is not the client's.
    fn patience(&self) -> Duration {
        let earned = u64::try_from(self.taken_bytes).unwrap_or(u64::MAX) / Self::BYTES_A_SECOND;
        let paced = (Self::GRACE + Duration::from_secs(earned)).saturating_sub(self.waited);
        paced.min(Self::DEADLINE.saturating_sub(self.began.elapsed())).min(BODY_DEADLINE)
    }

    /// Takes over a payload of at most `limit_bytes`; its place is given up with it.
    #[must_use]
    pub fn new(payload: Payload, limit_bytes: usize, place: Receiving) -> Self {
        Self { payload, began: Instant::now(), waited: Duration::ZERO, taken_bytes: 0, limit_bytes, _place: place }
    }
}
