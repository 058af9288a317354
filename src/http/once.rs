//! Commands that take effect once, however often they are sent.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::body::{self, Unread, has_media_type};
use crate::db::{self, Conn, Db};
use crate::domain::Caller;
use crate::error::{Code, Error, Result};
use crate::keys::{Place, Vault, sha256};
use crate::schema::idempotency_keys as kept;

/// The `Idempotency-Key` of a command whose body is not read as JSON.
pub struct OnceKey {
    key: String,
    route: String,
    query: String,
}

impl FromRequest for OnceKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let route = format!("{} {}", request.method(), request.path());
        let query = request.query_string().to_owned();
        ready(key_of(request).map(|key| Self { key, route, query }))
    }
}

impl OnceKey {
    /// The command, once its body was read; another body under the same key is refused by its digest, as is the same body
    /// with another query: a file for another sub-district is another command.
    pub fn command<T>(self, command: T, body_digest: [u8; 32]) -> Once<T> {
        let asked = sha256(&[&body_digest, self.query.as_bytes()].concat());
        Once { command, key: self.key, route: self.route, body_digest: asked }
    }
}

/// A command with its `Idempotency-Key`.
pub struct Once<T> {
    command: T,
    key: String,
    route: String,
    body_digest: [u8; 32],
}

impl<T: DeserializeOwned + 'static> FromRequest for Once<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_media_type(request, &["application/json"]);
        let key = key_of(request);
        let route = format!("{} {}", request.method(), request.path());
        let payload = Unread::take(request, payload);
        Box::pin(async move {
            let key = key?;
            if !is_json {
                return Err(Code::MediaTypeUnsupported.into());
            }
            let bytes = body::read(payload).await?;
            Ok(Self { command: body::parse(&bytes)?, key, route, body_digest: sha256(&bytes) })
        })
    }
}

fn key_of(request: &HttpRequest) -> Result<String> {
    let sent = request.headers().get("Idempotency-Key").and_then(|value| value.to_str().ok());
    let is_plain = |key: &&str| {
        (8..=64).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    sent.filter(is_plain).map(ToOwned::to_owned).ok_or_else(|| Code::IdempotencyKeyMissing.into())
}

impl<T> Once<T> {
    /// The command, for rules that need no database.
    pub fn command(&self) -> &T {
        &self.command
    }

    /// Runs the command in one transaction with the record of its answer.
    ///
    /// A second request with the key gets the first answer and `Idempotency-Replayed: true`. A refusal has no
    /// effect, so it is not kept: the same key may try again.
    ///
    /// # Errors
    /// `request_in_progress` while the first one runs, `idempotency_key_reused` for another body, what `act` answers.
    pub async fn run(
        self,
        db: &Db,
        caller: &Caller,
        act: impl AsyncFn(&mut Conn, &T) -> Result<Answer>,
    ) -> Result<HttpResponse> {
        self.run_kept(db, caller, None, act).await
    }

    /// Runs a command whose answer tells a secret: the record of the answer is sealed.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_sealed(
        self,
        db: &Db,
        caller: &Caller,
        vault: &Vault,
        act: impl AsyncFn(&mut Conn, &T) -> Result<Answer>,
    ) -> Result<HttpResponse> {
        self.run_kept(db, caller, Some(vault), act).await
    }

    async fn run_kept(
        self,
        db: &Db,
        caller: &Caller,
        vault: Option<&Vault>,
        act: impl AsyncFn(&mut Conn, &T) -> Result<Answer>,
    ) -> Result<HttpResponse> {
        let (answer, is_replay) = db
            .transaction(&caller.scope, async |conn| {
                if let Some(kept) = self.earlier_answer(conn, caller, vault).await? {
                    return Ok((kept, true));
                }
                let answer = act(conn, &self.command).await?;
                self.keep(conn, caller, vault, &answer).await?;
                Ok((answer, false))
            })
            .await?;
        let mut response = answer.respond();
        if is_replay {
            let replayed = actix_web::http::header::HeaderName::from_static("idempotency-replayed");
            response.headers_mut().insert(replayed, actix_web::http::header::HeaderValue::from_static("true"));
        }
        Ok(response)
    }

    /// Takes the key for this transaction, then looks for an answer under it: in this order, so that two
    /// requests at once cannot both find none.
    async fn earlier_answer(&self, mut conn: &Conn, caller: &Caller, vault: Option<&Vault>) -> Result<Option<Answer>> {
        let lock = self.digest(caller);
        let lock = i64::from_be_bytes(lock.first_chunk().copied().unwrap_or_default());
        let is_mine = db::try_lock(conn, lock).await?;
        if !is_mine {
            return Err(Code::RequestInProgress.into());
        }
        let found = kept::table
            .find((&caller.client_id, &self.route, &self.key))
            .select((kept::body_digest, kept::status, kept::headers, kept::body))
            .first::<(Vec<u8>, i16, Value, Vec<u8>)>(&mut conn)
            .await
            .optional()?;
        let Some((body_digest, status, headers, body)) = found else { return Ok(None) };
        if body_digest != self.body_digest {
            return Err(Code::IdempotencyKeyReused.into());
        }
        let header = |name: &str| headers.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or_else(|| Error::internal("a kept answer has no status"))?;
        let body = match vault {
            Some(vault) => vault.open(self.place(caller), &body)?.into_bytes(),
            None => body,
        };
        Ok(Some(Answer { status, location: header("location"), etag: header("etag"), body }))
    }

    async fn keep(&self, mut conn: &Conn, caller: &Caller, vault: Option<&Vault>, answer: &Answer) -> Result<()> {
        let now = db::now();
        let body = match vault {
            Some(vault) => {
                let text = std::str::from_utf8(&answer.body).map_err(Error::internal)?;
                vault.seal(self.place(caller), text)?
            }
            None => answer.body.clone(),
        };
        let status = i16::try_from(answer.status.as_u16()).map_err(Error::internal)?;
        diesel::insert_into(kept::table)
            .values((
                kept::client_id.eq(&caller.client_id),
                kept::route.eq(&self.route),
                kept::key.eq(&self.key),
                kept::body_digest.eq(self.body_digest.as_slice()),
                kept::status.eq(status),
                kept::headers.eq(json!({ "location": answer.location, "etag": answer.etag })),
                kept::body.eq(body),
                kept::created_at.eq(now),
            ))
            .execute(&mut conn)
            .await?;
        Ok(())
    }

    /// Tells the key apart from those of other callers and routes.
    fn digest(&self, caller: &Caller) -> [u8; 32] {
        sha256(format!("{} {} {}", caller.client_id, self.route, self.key).as_bytes())
    }

    fn place(&self, caller: &Caller) -> Place {
        let digest = self.digest(caller);
        Place::answer(Uuid::from_bytes(digest.first_chunk().copied().unwrap_or_default()))
    }
}
