//! Answers that need not be sent again.

use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use super::answer::{content_tag, etag};
use crate::error::{Error, Result};

/// Answers one record with its `ETag`, or 304 where the client has that version.
pub fn not_modified(request: &HttpRequest, version: i32, record: &impl Serialize) -> HttpResponse {
    let tag = etag(version);
    if is_known(request, &tag) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    HttpResponse::Ok().insert_header((ETAG, tag)).json(record)
}

/// Does the same for a record without a version: its `ETag` follows from all that it says.
///
/// # Errors
/// Where the record cannot be written as JSON.
pub fn not_modified_content(request: &HttpRequest, record: &impl Serialize) -> Result<HttpResponse> {
    let body = serde_json::to_vec(record).map_err(Error::internal)?;
    unless_known(request, &content_tag(&body), |mut answer| Ok(answer.content_type("application/json").body(body)))
}

/// Does the same for what has a tag of its own and is not written where the client has it.
///
/// # Errors
/// Those of the writing.
pub fn unless_known(
    request: &HttpRequest,
    tag: &str,
    write: impl FnOnce(HttpResponseBuilder) -> Result<HttpResponse>,
) -> Result<HttpResponse> {
    if is_known(request, tag) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((ETAG, tag));
    write(answer)
}

fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').map(str::trim).any(|known| known.trim_start_matches("W/") == tag || known == "*")
}
