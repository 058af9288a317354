//! What a client can read.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Tells whether an answer in JSON is one that the client reads: it says so, or says nothing.
#[must_use]
pub fn accepts_json(headers: &HeaderMap) -> bool {
    let mut sent = headers.get_all(ACCEPT).peekable();
    sent.peek().is_none() || sent.filter_map(|value| value.to_str().ok()).any(|value| value.split(',').any(is_json))
}

fn is_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|weight| weight.chars().all(is_of_zero));
    // Who deletes something reads no answer but the one about a fault, and may ask for no other.
    let known = ["*/*", "application/*", "application/json", "application/problem+json"];
    known.contains(&kind.as_str()) && !is_refused
}

/// A weight of nothing may be written with up to three digits.
fn is_of_zero(character: char) -> bool {
    matches!(character, '0' | '.')
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn accepts(sent: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(sent));
        accepts_json(&headers)
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
            assert!(accepts(sent), "{sent}");
        }
        for sent in ["text/html", "image/png, text/*", "application/json;q=0", "*/*; q=0.000", "json", ""] {
            assert!(!accepts(sent), "{sent}");
        }
    }
}
