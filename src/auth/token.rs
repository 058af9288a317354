//! Access tokens as RFC 9068 has them: `EdDSA`, fifteen minutes, checked without a look into the database.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clients::Client;
use super::permission::scopes_of;
use crate::domain::CompanyId;
use crate::error::{Code, Error, Result};
use crate::keys::{Keys, TOKEN_LIFE_SECONDS, sha256};

/// Seconds a token lives.
pub(super) const LIFE_SECONDS: i64 = TOKEN_LIFE_SECONDS;
/// Longest token that is looked at; ours are under 1,500 bytes.
const LENGTH_LIMIT_BYTES: usize = 8_192;
/// Tokens remembered as good; past that the memory starts again.
const REMEMBERED: usize = 10_000;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the public address of the service.
    pub iss: String,
    /// Audience: the same.
    pub aud: String,
    /// Subject: the client.
    pub sub: String,
    /// The client once more, as RFC 9068 asks.
    pub client_id: String,
    /// Seconds since 1970 when it was given out.
    pub iat: i64,
    /// Seconds since 1970 when it ends.
    pub exp: i64,
    /// Id of the token.
    pub jti: Uuid,
    /// Granted scopes, separated by spaces.
    pub scope: String,
    /// Role of the client.
    pub role: String,
    /// Sub-districts it may see.
    pub area_ids: Vec<i32>,
    /// Company it acts for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub company_id: Option<CompanyId>,
    /// Token version of the client when it was given out; a raised one refuses the token.
    pub token_version: i32,
}

/// Gives out and checks tokens.
#[derive(Debug)]
pub struct Tokens {
    keys: Arc<Keys>,
    issuer: String,
    validation: Validation,
    remembered: RwLock<HashMap<[u8; 32], Arc<Claims>>>,
}

impl Tokens {
    /// Tokens of the service at a public address.
    #[must_use]
    pub fn new(keys: Arc<Keys>, issuer: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.set_audience(&[issuer]);
        validation.set_issuer(&[issuer]);
        validation.validate_nbf = true;
        validation.leeway = 5;
        Self { keys, issuer: issuer.to_owned(), validation, remembered: RwLock::default() }
    }

    /// Gives out a token; `asked` narrows the scopes of the role. Returns the token and the granted scopes.
    ///
    /// # Errors
    /// `insufficient_scope` where a scope is asked for that the role does not have.
    pub fn give(&self, client: &Client, asked: Option<&str>, now: DateTime<Utc>) -> Result<(String, String)> {
        let scope = grant(&client.role, asked)?;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: client.id.clone(),
            client_id: client.id.clone(),
            iat: now.timestamp(),
            exp: now.timestamp() + LIFE_SECONDS,
            jti: Uuid::now_v7(),
            scope: scope.clone(),
            role: client.role.clone(),
            area_ids: client.area_ids.clone(),
            company_id: client.company_id,
            token_version: client.token_version,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.keys.signing.kid.clone());
        let token = encode(&header, &claims, &self.keys.signing.encoding).map_err(Error::internal)?;
        Ok((token, scope))
    }

    /// Checks a token; one that was good before is not verified again, only its end is looked at.
    ///
    /// # Errors
    /// `token_invalid`, whatever is wrong.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>> {
        if token.len() > LENGTH_LIMIT_BYTES {
            return Err(Code::TokenInvalid.into());
        }
        let digest = sha256(token.as_bytes());
        let known = self.remembered.read().ok().and_then(|remembered| remembered.get(&digest).cloned());
        if let Some(claims) = known {
            return if claims.exp + 5 > now.timestamp() { Ok(claims) } else { Err(Code::TokenInvalid.into()) };
        }
        let claims = Arc::new(self.verify(token, now)?);
        if let Ok(mut remembered) = self.remembered.write() {
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
            remembered.insert(digest, Arc::clone(&claims));
        }
        Ok(claims)
    }

    fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims> {
        let refused = || Error::from(Code::TokenInvalid);
        let header = decode_header(token).map_err(|_| refused())?;
        let is_access_token = header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt"));
        if !is_access_token {
            return Err(refused());
        }
        // The id picks one of our own keys and nothing else: it is never a path, an address or a query.
        let key = self.keys.verifying(now).find(|key| Some(&key.kid) == header.kid.as_ref()).ok_or_else(refused)?;
        let data = decode::<Claims>(token, &key.decoding, &self.validation);
        data.map(|data| data.claims).map_err(|_| refused())
    }
}

fn grant(role: &str, asked: Option<&str>) -> Result<String> {
    let all = scopes_of(role);
    let asked: Vec<&str> = asked.unwrap_or_default().split_ascii_whitespace().collect();
    if asked.is_empty() {
        return Ok(all.join(" "));
    }
    if asked.iter().any(|scope| !all.contains(scope)) {
        return Err(Code::InsufficientScope.into());
    }
    Ok(asked.join(" "))
}
