//! The service's own keys: made at first start into the data folder, read by its owner only.
//!
//! `seal` keeps NIK, family card numbers and secrets of webhooks unreadable in the database, `signing` signs access tokens,
//! `cursors` signs list cursors. There may be several that seal: the newest does, all open. Losing the folder means losing every NIK and card number: back it up apart.

mod files;
mod signing;
mod vault;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::error::Result;

pub use signing::{SigningKey, TOKEN_LIFE_SECONDS, VerifyingKey};
pub use vault::{Place, SEAL_BYTES, Vault};

/// Within so much a running process notices a new sealing key.
pub const NOTICE: Duration = Duration::from_secs(5);

/// All keys of the service.
#[derive(Debug)]
pub struct Keys {
    /// Seals and digests NIK and family card numbers.
    pub vault: Vault,
    /// Signs access tokens.
    pub signing: SigningKey,
    /// Signed access tokens before that one; kept to verify for one token's life.
    pub retired: Vec<SigningKey>,
    /// Signs list cursors.
    pub cursors: hmac::Key,
}

impl Keys {
    /// Reads the keys from a folder, making those that are missing.
    ///
    /// # Errors
    /// Where the folder cannot be written, or a file in it is no key.
    pub fn load_or_make(folder: &Path) -> Result<Self> {
        files::make_folder(folder)?;
        let mut sealing = files::sealing_keys(folder)?;
        if sealing.is_empty() {
            sealing.push((1, files::secret(&folder.join("seal-1.key"))?));
        }
        Ok(Self {
            vault: Vault::new(folder.to_owned(), &sealing, &files::secret(&folder.join("digest.key"))?)?,
            signing: SigningKey::load_or_make(folder)?,
            retired: SigningKey::load_retired(folder)?,
            cursors: hmac::Key::new(hmac::HMAC_SHA256, &files::secret(&folder.join("cursors.key"))?),
        })
    }

    /// Makes a sealing key that takes over from the newest, and answers its number. Running processes notice it within
    /// [`NOTICE`].
    ///
    /// # Errors
    /// Where the folder cannot be written, or there are 31 already.
    pub fn add_sealing_key(folder: &Path) -> Result<u8> {
        files::add_sealing_key(folder)
    }

    /// Puts a sealing key away, as `retired-seal-1.key`; nothing may be sealed under it any more.
    ///
    /// # Errors
    /// Where it is the newest, where the newest is younger than `notice`, or the folder cannot be written.
    pub fn retire_sealing_key(folder: &Path, id: u8, notice: Duration) -> Result<()> {
        files::retire_sealing_key(folder, id, notice)
    }

    /// Notices new sealing keys for as long as the service runs.
    pub async fn watch(self: Arc<Self>) {
        loop {
            tokio::time::sleep(NOTICE).await;
            let before = self.vault.current_key();
            match self.vault.reload() {
                Ok(()) if self.vault.current_key() == before => {}
                Ok(()) => log::info!(key = self.vault.current_key(); "numbers are sealed under a new key"),
                Err(error) => log::error!("the sealing keys cannot be read anew: {error}"),
            }
        }
    }

    /// Retires the key that signs access tokens; the next start makes a new one and verifies with both for one
    /// token's life.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn rotate_signing(folder: &Path, now: DateTime<Utc>) -> Result<()> {
        SigningKey::retire(folder, now)
    }

    /// The public keys of a folder as JSON Web Keys, retired ones as well, without making any.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn public_keys(folder: &Path) -> Result<Vec<Value>> {
        signing::public_keys(folder)
    }

    /// The keys that verify access tokens, the one that signs first.
    pub fn verifying(&self, now: DateTime<Utc>) -> impl Iterator<Item = &SigningKey> {
        let retired = self.retired.iter().filter(move |key| key.verifies_at(now));
        std::iter::once(&self.signing).chain(retired)
    }
}

/// SHA-256 of bytes that come in parts.
#[derive(Clone)]
pub struct Hasher(digest::Context);

impl Hasher {
    /// Starts with no byte.
    #[must_use]
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Takes the next part.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all parts.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        let mut out = [0; 32];
        out.iter_mut().zip(self.0.finish().as_ref()).for_each(|(to, from)| *to = *from);
        out
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let digest = digest::digest(&digest::SHA256, bytes);
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    out
}
