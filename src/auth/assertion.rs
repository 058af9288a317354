//! Signing in without a shared secret: `private_key_jwt` (RFC 7523, section 2.2).
//!
//! The client signs a short token of its own with its Ed25519 key; each counts once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;

use super::clients::Client;
use crate::db::Conn;
use crate::error::{Code, Result};
use crate::schema::{client_assertions, clients};

/// The only kind of assertion there is.
pub(super) const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest that an assertion may be good for.
const LIFE_SECONDS: i64 = 300;
/// Longest assertion that is looked at.
const LENGTH_LIMIT_BYTES: usize = 4_096;

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

/// The client that an assertion says it is from, before anything is verified.
pub(super) fn claimed_client(assertion: &str) -> Option<String> {
    if assertion.len() > LENGTH_LIMIT_BYTES {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Issuer>(&claims).ok().map(|claims| claims.iss)
}

/// Finds the client whose key signed the assertion, and takes note that the assertion was used.
///
/// # Errors
/// `token_invalid`, whatever is wrong.
pub(super) async fn sign_in(
    mut conn: &Conn,
    id: &str,
    assertion: &str,
    issuer: &str,
    now: DateTime<Utc>,
) -> Result<Client> {
    let found = Client::query().filter(clients::id.eq(id)).first(&mut conn).await.optional()?;
    let client = found.filter(|client| !client.is_disabled).ok_or(Code::TokenInvalid)?;
    let key = client.public_key.as_deref().ok_or(Code::TokenInvalid)?;
    let claims = verify(id, assertion, key, issuer, now).ok_or(Code::TokenInvalid)?;
    let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(Code::TokenInvalid)?;
    let noted = diesel::insert_into(client_assertions::table)
        .values((
            client_assertions::client_id.eq(id),
            client_assertions::jti.eq(&claims.jti),
            client_assertions::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    // No row: somebody used it before.
    if noted == 1 { Ok(client) } else { Err(Code::TokenInvalid.into()) }
}

fn verify(id: &str, assertion: &str, key: &[u8], issuer: &str, now: DateTime<Utc>) -> Option<Assertion> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    // RFC 7523 lets a client name the server or its token endpoint.
    validation.set_audience(&[issuer.to_owned(), format!("{issuer}/oauth2/token")]);
    validation.set_issuer(&[id]);
    validation.validate_nbf = true;
    validation.leeway = 5;
    let claims = decode::<Assertion>(assertion, &DecodingKey::from_ed_der(key), &validation).ok()?.claims;
    let is_its_own = claims.iss == id && claims.sub == id;
    let is_short = claims.exp <= now.timestamp() + LIFE_SECONDS;
    let is_named = (1..=128).contains(&claims.jti.len()) && claims.jti.bytes().all(|byte| byte.is_ascii_graphic());
    (is_its_own && is_short && is_named).then_some(claims)
}
