//! Answers of writes: bytes that can be stored and given again.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::keys::sha256;

/// The entity tag of a version.
#[must_use]
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// The entity tag of a record without a version: it follows from all that the record says.
pub(super) fn content_tag(body: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(sha256(body)))
}

/// Status, headers and body of a write that was done.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// 200 with the resource as it is now.
    ///
    /// # Errors
    /// Where the body cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self> {
        Self::new(StatusCode::OK, body)
    }

    /// 201 with the address of what was created.
    ///
    /// # Errors
    /// Where the body cannot be written as JSON.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self> {
        Ok(Self { location: Some(location), ..Self::new(StatusCode::CREATED, body)? })
    }

    /// 202 with the address where progress is told.
    ///
    /// # Errors
    /// Where the body cannot be written as JSON.
    pub fn accepted(location: String, body: &impl Serialize) -> Result<Self> {
        Ok(Self { location: Some(location), ..Self::new(StatusCode::ACCEPTED, body)? })
    }

    /// Adds the entity tag of a version.
    #[must_use]
    pub fn with_version(self, version: i32) -> Self {
        Self { etag: Some(etag(version)), ..self }
    }

    /// Adds the entity tag of the content, as a read of the same record tells it.
    #[must_use]
    pub fn with_content_tag(self) -> Self {
        Self { etag: Some(content_tag(&self.body)), ..self }
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        Ok(Self { status, location: None, etag: None, body })
    }

    /// The answer as a response.
    #[must_use]
    pub fn respond(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/json");
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        if let Some(etag) = self.etag {
            response.insert_header((ETAG, etag));
        }
        response.body(self.body)
    }
}
