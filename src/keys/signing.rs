//! The Ed25519 key that signs access tokens.

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
}

impl SigningKey {
    pub(super) fn load_or_make(path: &Path) -> Result<Self> {
        let document = files::read_or_make(path, || {
            let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(Error::internal)?;
            Ok(made.as_ref().to_vec())
        })?;
        let pair =
            Ed25519KeyPair::from_pkcs8(&document).map_err(|_| Error::internal("signing.pk8 is no Ed25519 key"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        // RFC 8037, appendix A.3: members in this order, no spaces.
        let thumbprint = sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#).as_bytes());
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            encoding: EncodingKey::from_ed_der(&document),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            public,
        })
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
