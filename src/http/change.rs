//! Changes of a record: a merge patch, or its removal, under the condition that nobody changed it meanwhile.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::body::{self, Unread, has_media_type};
use crate::error::{Code, Error, Result};

/// A merge patch (RFC 7396) and the version it was made for.
pub struct Change<T> {
    /// What to change.
    pub changes: T,
    /// Version that the record must still have, from `If-Match`.
    pub version: i32,
}

impl<T: DeserializeOwned + 'static> FromRequest for Change<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_patch = has_media_type(request, &["application/merge-patch+json"]);
        let version = version_of(request);
        let payload = Unread::take(request, payload);
        Box::pin(async move {
            if !is_patch {
                return Err(Code::MediaTypeUnsupported.into());
            }
            let version = version?;
            Ok(Self { changes: body::parse(&body::read(payload).await?)?, version })
        })
    }
}

/// The version that a record to remove must still have, from `If-Match`.
pub struct IfMatch(pub i32);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(version_of(request).map(Self))
    }
}

/// A tag that is not one of ours can match nothing, so it is stale rather than malformed.
fn version_of(request: &HttpRequest) -> Result<i32> {
    let sent = request.headers().get(IF_MATCH).ok_or(Code::VersionMissing)?;
    let tag = sent.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
    tag.and_then(|tag| tag.parse().ok()).ok_or_else(|| Code::VersionStale.into())
}
