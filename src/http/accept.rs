//! What a client can read.

use actix_web::http::header::{ACCEPT, HeaderMap};

use crate::error::{Code, Error, Result};

/// Tells whether an answer in JSON is one that the client reads: it says so, or says nothing.
#[must_use]
pub fn accepts_json(headers: &HeaderMap) -> bool {
    // Who deletes something reads no answer but the one about a fault, and may ask for no other.
    accepts(headers, "application/json") || accepts(headers, "application/problem+json")
}

/// The media type that the client names first among those that an answer can have; the first of them where it names none.
///
/// # Errors
/// `not_acceptable`, telling those that it can have.
pub fn accepted(headers: &HeaderMap, media_types: &[&'static str]) -> Result<&'static str> {
    let sent = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let named = |range: &str| media_types.iter().copied().find(|media_type| is_read(range, media_type));
    let found = if headers.contains_key(ACCEPT) {
        sent.flat_map(|value| value.split(',')).find_map(named)
    } else {
        media_types.first().copied()
    };
    found.ok_or_else(|| Error::from(Code::NotAcceptable).about(media_types.join(", ")))
}

/// Tells whether an answer of a media type is one that the client reads: it says so, or says nothing.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let mut sent = headers.get_all(ACCEPT).peekable();
    let reads = |range: &str| is_read(range, media_type);
    sent.peek().is_none() || sent.filter_map(|value| value.to_str().ok()).any(|value| value.split(',').any(reads))
}

fn is_read(range: &str, media_type: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|weight| weight.chars().all(is_of_zero));
    let is_group = kind.strip_suffix("/*").is_some_and(|group| media_type.split('/').next() == Some(group));
    (kind == "*/*" || is_group || kind == media_type) && !is_refused
}

/// A weight of nothing may be written with up to three digits.
fn is_of_zero(character: char) -> bool {
    matches!(character, '0' | '.')
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn accepts_our_answers(sent: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(sent));
        accepts_json(&headers)
    }

    #[test]
    fn a_file_is_of_the_type_that_is_named_first() {
        let types = ["application/json", "text/csv", "text/html"];
        assert_eq!(accepted(&HeaderMap::new(), &types).unwrap(), "application/json");
        for (sent, expected) in [
            ("text/csv", "text/csv"),
            ("text/*;q=0.5", "text/csv"),
            ("*/*", "application/json"),
            ("image/png, text/html, application/json", "text/html"),
            ("text/html;q=0, text/csv", "text/csv"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(sent));
            assert_eq!(accepted(&headers, &types).unwrap(), expected, "{sent}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("image/png, text/csv;q=0"));
        assert_eq!(accepted(&headers, &types).unwrap_err().code(), Some(Code::NotAcceptable));
    }

    #[test]
    fn json_is_among_what_is_read() {
        assert!(accepts_json(&HeaderMap::new()));
        for sent in [
            "*/*",
            "application/json",
            "text/html, Application/*;q=0.1",
            "application/json; charset=utf-8",
            "application/problem+json",
        ] {
            assert!(accepts_our_answers(sent), "{sent}");
        }
        for sent in ["text/html", "image/png, text/*", "application/json;q=0", "*/*; q=0.000", "json", ""] {
            assert!(!accepts_our_answers(sent), "{sent}");
        }
    }
}
