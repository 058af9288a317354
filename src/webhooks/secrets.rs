//! Secrets of webhooks, and the signatures they make (Standard Webhooks 1.0).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::WebhookId;
use crate::error::{Error, Result};
use crate::keys::{Place, Vault};

/// What a receiver puts before a secret to tell its kind.
const SECRET_PREFIX: &str = "whsec_";
/// The same of a public key.
const PUBLIC_KEY_PREFIX: &str = "whpk_";

/// The secrets of a new webhook.
pub struct Secrets {
    /// Secret as its owner is told it, once.
    pub secret: String,
    /// The same as it is kept.
    pub secret_sealed: Vec<u8>,
    /// Private key as it is kept.
    pub private_key_sealed: Vec<u8>,
    /// Public key as its owner reads it.
    pub public_key: String,
}

impl Secrets {
    /// Makes the secrets of a webhook.
    ///
    /// # Errors
    /// Only where the random source fails.
    pub fn new(vault: &Vault, id: WebhookId) -> Result<Self> {
        let (secret, secret_sealed) = new_secret(vault, id)?;
        let seed = random()?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Error::internal)?;
        Ok(Self {
            secret,
            secret_sealed,
            private_key_sealed: vault.seal(Place::webhook_key(id), &STANDARD.encode(seed))?,
            public_key: format!("{PUBLIC_KEY_PREFIX}{}", STANDARD.encode(pair.public_key())),
        })
    }
}

/// A new secret of a webhook, as its owner is told it and as it is kept.
///
/// # Errors
/// Only where the random source fails.
pub(super) fn new_secret(vault: &Vault, id: WebhookId) -> Result<(String, Vec<u8>)> {
    let secret = format!("{SECRET_PREFIX}{}", STANDARD.encode(random()?));
    let sealed = vault.seal(Place::webhook_secret(id), &secret)?;
    Ok((secret, sealed))
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// Signs what one webhook gets.
pub(super) struct Signer {
    secrets: Vec<hmac::Key>,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// Opens the secrets, the newest first, and the private key.
    ///
    /// # Errors
    /// Where they do not open.
    pub(super) fn open<'a>(
        vault: &Vault,
        id: WebhookId,
        secrets_sealed: impl Iterator<Item = &'a [u8]>,
        private_key_sealed: &[u8],
    ) -> Result<Self> {
        let mut secrets = Vec::new();
        for sealed in secrets_sealed {
            secrets.push(hmac_key(&vault.open(Place::webhook_secret(id), sealed)?)?);
        }
        let seed = STANDARD.decode(vault.open(Place::webhook_key(id), private_key_sealed)?).map_err(Error::internal)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Error::internal)?;
        Ok(Self { secrets, pair })
    }

    /// The value of `webhook-signature`: one signature a secret, then that of the key.
    pub(super) fn sign(&self, message_id: &str, seconds: i64, body: &[u8]) -> String {
        let mut signed = format!("{message_id}.{seconds}.").into_bytes();
        signed.extend_from_slice(body);
        let by_secret =
            self.secrets.iter().map(|secret| format!("v1,{}", STANDARD.encode(hmac::sign(secret, &signed))));
        let by_key = format!("v1a,{}", STANDARD.encode(self.pair.sign(&signed)));
        by_secret.chain([by_key]).collect::<Vec<_>>().join(" ")
    }
}

fn hmac_key(secret: &str) -> Result<hmac::Key> {
    let encoded = secret.strip_prefix(SECRET_PREFIX).ok_or_else(|| Error::internal("a secret has no prefix"))?;
    let bytes = STANDARD.decode(encoded).map_err(Error::internal)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: test vectors of the libraries of Standard Webhooks (MIT), keys published for tests.
    #[test]
    fn known_messages_get_known_signatures() {
        let seed = "6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
        let seed = STANDARD.decode(seed).unwrap();
        let by = |secret: &str| Signer {
            secrets: vec![hmac_key(secret).unwrap()],
            pair: Ed25519KeyPair::from_seed_unchecked(&seed[..32]).unwrap(),
        };
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = by(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed.split(' ').next(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        let body = br#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#;
        let signed = by(secret).sign("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1_674_087_231, body);
        assert_eq!(
            signed,
            "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ= \
             v1a,LvaM/XV2eiveYbh3nDJB9CFU6SgUQsSFO7Nz5u3M+PUesso2vWw2zj6zoee2ijOae0RluTX9xaoEs9uSSJ/uDg=="
        );
    }
}
