//! Seals personal numbers and secrets of webhooks: AES-256-GCM-SIV for keeping, HMAC-SHA-256 for looking up.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::domain::{BeneficiaryId, CardNumber, MemberId, Nik, WebhookId};
use crate::error::{Error, Result};

const NONCE_BYTES: usize = 12;

/// Where a sealed text stands; sealed text copied to another row or column does not open.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    column: u8,
    area_id: i32,
    row_id: Uuid,
}

impl Place {
    /// The NIK of a member.
    #[must_use]
    pub fn nik(area_id: i32, member_id: MemberId) -> Self {
        Self { column: b'n', area_id, row_id: member_id.0 }
    }

    /// The family card number of a beneficiary.
    #[must_use]
    pub fn card(area_id: i32, beneficiary_id: BeneficiaryId) -> Self {
        Self { column: b'c', area_id, row_id: beneficiary_id.0 }
    }

    /// The secret that signs what a webhook gets.
    #[must_use]
    pub fn webhook_secret(id: WebhookId) -> Self {
        Self { column: b's', area_id: 0, row_id: id.0 }
    }

    /// The private key that signs what a webhook gets.
    #[must_use]
    pub fn webhook_key(id: WebhookId) -> Self {
        Self { column: b'k', area_id: 0, row_id: id.0 }
    }

    /// The kept answer of a command, by the digest of its key.
    #[must_use]
    pub fn answer(digest: Uuid) -> Self {
        Self { column: b'a', area_id: 0, row_id: digest }
    }

    fn bound_to(self) -> [u8; 21] {
        let mut bytes = [self.column; 21];
        let parts = self.area_id.to_be_bytes().into_iter().chain(*self.row_id.as_bytes());
        bytes.iter_mut().skip(1).zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }
}

/// Holds the keys; everything here is microseconds of CPU and no I/O.
pub struct Vault {
    key_id: u8,
    seal: RandomizedNonceKey,
    digest: hmac::Key,
}

impl Vault {
    pub(super) fn new(key_id: u8, seal: &[u8; 32], digest: &[u8; 32]) -> Result<Self> {
        Ok(Self {
            key_id,
            seal: RandomizedNonceKey::new(&AES_256_GCM_SIV, seal).map_err(Error::internal)?,
            digest: hmac::Key::new(hmac::HMAC_SHA256, digest),
        })
    }

    /// Seals a text for its place: key id, nonce, then the sealed text and tag.
    ///
    /// # Errors
    /// Only where the random source fails.
    pub fn seal(&self, place: Place, text: &str) -> Result<Vec<u8>> {
        let mut sealed = text.as_bytes().to_vec();
        let bound_to = Aad::from(place.bound_to());
        let nonce = self.seal.seal_in_place_append_tag(bound_to, &mut sealed).map_err(Error::internal)?;
        let mut out = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        out.push(self.key_id);
        out.extend_from_slice(nonce.as_ref());
        out.append(&mut sealed);
        Ok(out)
    }

    /// Opens a NIK.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open_nik(&self, area_id: i32, id: MemberId, sealed: &[u8]) -> Result<Nik> {
        let digits = self.open(Place::nik(area_id, id), sealed)?;
        Nik::parse(&digits).ok_or_else(|| Error::internal("a sealed NIK does not open to a NIK"))
    }

    /// Opens a family card number.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open_card(&self, area_id: i32, id: BeneficiaryId, sealed: &[u8]) -> Result<CardNumber> {
        let digits = self.open(Place::card(area_id, id), sealed)?;
        CardNumber::parse(&digits).ok_or_else(|| Error::internal("a sealed card number does not open to one"))
    }

    /// Digest of a NIK, equal for equal NIKs: for unique claims and look-ups.
    #[must_use]
    pub fn nik_digest(&self, nik: &Nik) -> Vec<u8> {
        self.keyed_digest(b'n', nik.reveal())
    }

    /// Digest of a family card number, never equal to that of a NIK of the same digits.
    #[must_use]
    pub fn card_digest(&self, card: &CardNumber) -> Vec<u8> {
        self.keyed_digest(b'c', card.reveal())
    }

    fn keyed_digest(&self, column: u8, digits: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.digest);
        context.update(&[column]);
        context.update(digits.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// Opens a text.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<String> {
        let unreadable = || Error::internal("a sealed text cannot be opened");
        let (key_id, rest) = sealed.split_first().ok_or_else(unreadable)?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES).ok_or_else(unreadable)?;
        if *key_id != self.key_id {
            return Err(Error::internal("a text is sealed under a key that is not here"));
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
        let mut text = text.to_vec();
        let digits = self.seal.open_in_place(nonce, Aad::from(place.bound_to()), &mut text).map_err(Error::internal)?;
        String::from_utf8(digits.to_vec()).map_err(Error::internal)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault(key {})", self.key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_number_opens_in_its_place_only() {
        let vault = Vault::new(1, &[7; 32], &[8; 32]).unwrap();
        let (nik, id) = (Nik::parse("6402104101909001").unwrap(), MemberId::new());
        let sealed = vault.seal(Place::nik(1, id), nik.reveal()).unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"6402"));
        assert_eq!(vault.open_nik(1, id, &sealed).unwrap(), nik);
        assert!(vault.open_nik(2, id, &sealed).is_err());
        assert!(vault.open_nik(1, MemberId::new(), &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open_nik(1, id, &changed).is_err());
    }

    #[test]
    fn sealing_twice_differs_and_digests_agree() {
        let vault = Vault::new(1, &[7; 32], &[8; 32]).unwrap();
        let (nik, place) = (Nik::parse("6402104101909001").unwrap(), Place::nik(1, MemberId::new()));
        assert_ne!(vault.seal(place, nik.reveal()).unwrap(), vault.seal(place, nik.reveal()).unwrap());
        assert_eq!(vault.nik_digest(&nik), vault.nik_digest(&nik));
        let card = CardNumber::parse(nik.reveal()).unwrap();
        assert_ne!(vault.nik_digest(&nik), vault.card_digest(&card));
    }
}
