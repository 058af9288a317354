//! Trace context (W3C): the trace a request belongs to, taken from `traceparent` and told back.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

const NAME: HeaderName = HeaderName::from_static("traceparent");

/// The trace of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    /// 32 hexadecimal digits.
    pub(super) id: String,
    flags: String,
}

impl Trace {
    /// The trace that the client named, or one that begins here; a malformed header begins a new one.
    pub(super) fn of(headers: &HeaderMap, request_id: Uuid) -> Self {
        let named = headers.get(&NAME).and_then(|value| value.to_str().ok()).and_then(parse);
        named.unwrap_or_else(|| Self { id: request_id.simple().to_string(), flags: "00".to_owned() })
    }

    /// The header of the answer: the trace, and the request as a part of it.
    pub(super) fn tell(&self, headers: &mut HeaderMap, request_id: Uuid) {
        let (_, span) = request_id.as_u64_pair();
        if let Ok(value) = HeaderValue::from_str(&format!("00-{}-{span:016x}-{}", self.id, self.flags)) {
            headers.insert(NAME, value);
        }
    }
}

/// Reads version 00, and of later ones the part that they share with it.
fn parse(text: &str) -> Option<Trace> {
    let mut parts = text.split('-');
    let (version, id) = (parts.next()?, parts.next()?);
    let (parent, flags) = (parts.next()?, parts.next()?);
    let is_whole = version != "00" || parts.next().is_none();
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
    let is_valid = is_whole
        && is_hex(version, 2)
        && version != "ff"
        && is_hex(id, 32)
        && is_set(id)
        && is_hex(parent, 16)
        && is_set(parent)
        && is_hex(flags, 2);
    is_valid.then(|| Trace { id: id.to_owned(), flags: flags.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_trace_is_taken_over() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let good = format!("00-{id}-00f067aa0ba902b7-01");
        assert_eq!(parse(&good).unwrap().id, id);
        assert!(parse(&format!("cc-{id}-00f067aa0ba902b7-01-more")).is_some(), "a later version");
        for bad in [
            String::new(),
            good.to_uppercase(),
            format!("{good}-more"),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".to_owned(),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{id}-00f067aa0ba902b7"),
        ] {
            assert_eq!(parse(&bad), None, "{bad}");
        }
    }
}
