//! The Ed25519 key that signs access tokens.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde_json::{Value, json};

use super::{files, sha256};
use crate::error::{Error, Result};

/// A signing key, its public half and the id that tokens name it by.
pub struct SigningKey {
    /// Key id: the JWK thumbprint (RFC 7638).
    pub kid: String,
    /// Signs.
    pub encoding: EncodingKey,
    /// Verifies.
    pub decoding: DecodingKey,
    public: String,
    /// Seconds since 1970 when another took over.
    retired_at: Option<i64>,
}

/// Seconds an access token lives, and a key that signed some goes on verifying them.
pub const TOKEN_LIFE_SECONDS: i64 = 900;
/// The clocks of two processes may differ by so much.
const LEEWAY_SECONDS: i64 = 5;

impl SigningKey {
    /// Reads the key that signs, making it where there is none.
    pub(super) fn load_or_make(folder: &Path) -> Result<Self> {
        let document = files::read_or_make(&folder.join("signing.pk8"), || {
            let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(Error::internal)?;
            Ok(made.as_ref().to_vec())
        })?;
        Self::read(&document, None)
    }

    /// Reads the keys that signed before, from files that bear the second of their retirement.
    pub(super) fn load_retired(folder: &Path) -> Result<Vec<Self>> {
        let mut retired = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::internal)? {
            let path = entry.map_err(Error::internal)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let at = name.strip_prefix("signing-").and_then(|rest| rest.strip_suffix(".pk8")?.parse().ok());
            if let Some(at) = at {
                retired.push(Self::read(&fs::read(&path).map_err(Error::internal)?, Some(at))?);
            }
        }
        Ok(retired)
    }

    /// Puts the key that signs among the retired ones.
    pub(super) fn retire(folder: &Path, now: DateTime<Utc>) -> Result<()> {
        let retired = folder.join(format!("signing-{}.pk8", now.timestamp()));
        fs::rename(folder.join("signing.pk8"), retired).map_err(Error::internal)
    }

    fn read(document: &[u8], retired_at: Option<i64>) -> Result<Self> {
        let pair =
            Ed25519KeyPair::from_pkcs8(document).map_err(|_| Error::internal("a signing key is no Ed25519 key"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self {
            kid: thumbprint(&public),
            encoding: EncodingKey::from_ed_der(document),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            public,
            retired_at,
        })
    }

    /// True while tokens that the key signed can be alive.
    #[must_use]
    pub fn verifies_at(&self, now: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|at| now.timestamp() < at + TOKEN_LIFE_SECONDS + LEEWAY_SECONDS)
    }

    /// Signs a text that is no token; answers the signature in base64url.
    ///
    /// Tokens are signed with the same key: the text must be one that no token begins with, as one with a space is.
    /// [`SigningKey::sign_digest`] is the one exception, and says why.
    ///
    /// # Errors
    /// Where the key cannot be used.
    pub fn sign(&self, message: &[u8]) -> Result<String> {
        crypto::sign(message, &self.encoding, Algorithm::EdDSA).map_err(Error::internal)
    }

    /// Signs a SHA-256 digest; answers a detached JWS (RFC 7515, appendix F) whose payload is the digest's bytes.
    ///
    /// No access token can be made of it: it is of another `typ`, and 32 bytes of a digest hold no claims.
    ///
    /// # Errors
    /// Where the key cannot be used.
    pub fn sign_digest(&self, digest: &[u8; 32]) -> Result<String> {
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"digest+jws"}}"#, self.kid));
        let signature = self.sign(format!("{header}.{}", URL_SAFE_NO_PAD.encode(digest)).as_bytes())?;
        Ok(format!("{header}..{signature}"))
    }

    /// The public key as a JSON Web Key.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": self.public })
    }
}

/// The public half of a signing key.
pub struct VerifyingKey {
    /// Key id, made from the key itself: nobody can give a key the id of another.
    pub kid: String,
    decoding: DecodingKey,
}

impl VerifyingKey {
    /// Reads a JSON Web Key; nothing where it is none for Ed25519.
    #[must_use]
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        let public = jwk.get("x").and_then(Value::as_str).filter(|_| jwk.get("crv") == Some(&json!("Ed25519")))?;
        let decoding = DecodingKey::from_ed_components(public).ok()?;
        Some(Self { kid: thumbprint(public), decoding })
    }

    /// Reads the 32 bytes of an Ed25519 key in base64url; nothing where they are none.
    #[must_use]
    pub fn of(public: &str) -> Option<Self> {
        let is_whole = URL_SAFE_NO_PAD.decode(public).is_ok_and(|bytes| bytes.len() == 32);
        let decoding = is_whole.then(|| DecodingKey::from_ed_components(public).ok())??;
        Some(Self { kid: thumbprint(public), decoding })
    }

    /// True where the key signed the message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.decoding, Algorithm::EdDSA).unwrap_or_default()
    }
}

/// The public keys of a folder as JSON Web Keys, also those that have signed before; none where there is no folder.
pub(super) fn public_keys(folder: &Path) -> Result<Vec<Value>> {
    let mut keys = if folder.is_dir() { SigningKey::load_retired(folder)? } else { Vec::new() };
    match fs::read(folder.join("signing.pk8")) {
        Ok(document) => keys.push(SigningKey::read(&document, None)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::internal(error)),
    }
    Ok(keys.iter().map(SigningKey::jwk).collect())
}

/// JWK thumbprint (RFC 7638) of an Ed25519 key. RFC 8037, appendix A.3: members in this order, no spaces.
fn thumbprint(public: &str) -> String {
    let digest = sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#).as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}
