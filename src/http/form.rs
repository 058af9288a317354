//! Form bodies, as the token endpoint of OAuth takes them.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::body::{self, Unread, has_media_type};
use crate::error::{Code, Error, Result};

/// A form, parsed; a field that is sent twice is refused, never one of the two taken.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = has_media_type(request, &["application/x-www-form-urlencoded"]);
        let payload = Unread::take(request, payload);
        Box::pin(async move {
            if !is_form {
                return Err(Code::MediaTypeUnsupported.into());
            }
            let bytes = body::read(payload).await?;
            serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| Code::MalformedRequest.into())
        })
    }
}
