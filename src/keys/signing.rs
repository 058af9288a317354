//! The Ed25519 key that signs access tokens.

use std::fs;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
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
        // RFC 8037, appendix A.3: members in this order, no spaces.
        let thumbprint = sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#).as_bytes());
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
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

    /// The public key as a JSON Web Key.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": self.public })
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}
